import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

type HostEntry = ClusterFile['hosts'][number];

const namePattern = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)$/;
const prefixPattern = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Kubernetes’ own labels that a kubelet may set itself; NodeRestriction refuses all others under kubernetes.io and k8s.io. */
const allowed = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
]);
/** Labels that each kubelet sets from its own observations; another value would be reverted or would mislead the scheduler. */
const owned = new Set(['kubernetes.io/hostname', 'kubernetes.io/os', 'kubernetes.io/arch']);

/** Labels and taints that a kubelet or the API server would refuse. */
export function labelFindings({ hosts }: ClusterFile): readonly Finding[] {
  return hosts.flatMap((host, index) => [
    ...Object.entries(host.labels).flatMap(([key, value]) => labelFinding(key, value, ['hosts', index, 'labels', key])),
    ...host.taints.flatMap((taint, at) => taintFindings(taint, ['hosts', index, 'taints', at])),
    ...repeatedTaints(host, index),
    ...withoutNode(host, index),
  ]);
}

function labelFinding(key: string, value: string, path: Path): readonly Finding[] {
  const found = (atKey: boolean, message: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_LABEL', path, atKey, message, hint },
  ];
  if (!isKey(key)) return found(true, `The label’s key ${quote(key)} is not valid.`, keyHint);
  if (!isValue(value)) return found(false, `The value ${quote(value)} of the label ${key} is not valid.`, valueHint);
  if (owned.has(key)) return found(true, `The label ${quote(key)} is set by the kubelet itself.`, 'Remove it.');
  if (isForbidden(key)) {
    const hint =
      'Use a prefix of your own, or one below node.kubernetes.io; others are set with kubectl once the node is Ready.';
    return found(true, `The label ${quote(key)} is one that a kubelet may not give itself.`, hint);
  }
  return [];
}

function taintFindings({ key, value }: HostEntry['taints'][number], path: Path): readonly Finding[] {
  const found = (part: string, message: string, hint: string): Finding => ({
    code: 'CLUSTER_TAINT',
    path: [...path, part],
    message,
    hint,
  });
  return [
    ...(isKey(key) ? [] : [found('key', `The taint’s key ${quote(key)} is not valid.`, keyHint)]),
    ...(isValue(value ?? '')
      ? []
      : [found('value', `The value ${quote(value)} of the taint ${key} is not valid.`, valueHint)]),
  ];
}

function repeatedTaints({ taints }: HostEntry, host: number): readonly Finding[] {
  return taints.flatMap(({ key, effect }, index) => {
    if (taints.findIndex((other) => other.key === key && other.effect === effect) === index) return [];
    const message = `The taint ${quote(key)} with the effect ${effect} is listed twice.`;
    return [
      { code: 'CLUSTER_DUPLICATE', path: ['hosts', host, 'taints', index], message, hint: 'Keep one of the two.' },
    ];
  });
}

function withoutNode({ roles, labels, taints }: HostEntry, index: number): readonly Finding[] {
  if (roles.includes('node')) return [];
  const keys = [...(Object.keys(labels).length > 0 ? ['labels'] : []), ...(taints.length > 0 ? ['taints'] : [])];
  return keys.map((key) => ({
    code: 'CLUSTER_NOT_A_NODE',
    path: ['hosts', index, key],
    atKey: true,
    message: `The host has ${key}, but not the role node, so that nothing can carry them.`,
    hint: `Add node to its roles, or remove its ${key}.`,
  }));
}

const keyHint =
  'Write up to 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends; before it may stand a DNS name and “/”.';
const valueHint = 'Write up to 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends, or "".';

function isKey(key: string): boolean {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 1 ? [undefined, key] : parts;
  return parts.length <= 2 && namePattern.test(name ?? '') && (prefix === undefined || prefixPattern.test(prefix));
}

function isValue(value: string): boolean {
  return value === '' || namePattern.test(value);
}

function isForbidden(key: string): boolean {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  const below = (domain: string) => prefix === domain || prefix.endsWith(`.${domain}`);
  if (!below('kubernetes.io') && !below('k8s.io')) return false;
  return !allowed.has(key) && !below('kubelet.kubernetes.io') && !below('node.kubernetes.io');
}
