// One fault is one finding: what another finding explains is left out. Pure.
import { components } from '../layout/components.ts';
import type { Finding } from './finding.ts';
import { stoppedId } from './hosts.ts';

/** Findings that a unit which does not run explains, by their kind. */
const causes: Readonly<Record<string, string>> = {
  'api-server-not-ready': components.apiServer.unit,
  'etcd-member': components.etcd.unit,
  'node-not-ready': components.kubelet.unit,
};

/** The findings without those whose cause is a finding itself, on the same host. */
export function withoutEffects(findings: readonly Finding[]): readonly Finding[] {
  const ids = new Set(findings.map(({ id }) => id));
  return findings.filter((finding) => !causesOf(finding).some((id) => ids.has(id)));
}

/** The ids of findings of which each would explain this one. */
function causesOf({ id, subject }: Finding): readonly string[] {
  const [kind = '', , what = ''] = id.split('/', 3);
  if (kind === 'unknown') return causesOfUnknown(subject, what);
  if (id === `unfit/${subject}/HOST_DISK`) return [`disk-full/${subject}`];
  const unit = causes[kind];
  return unit === undefined ? [] : [stoppedId(subject, unit)];
}

/** Where no host is reached, nothing can be asked; and a server that does not answer presents no certificate. */
function causesOfUnknown(subject: string, what: string): readonly string[] {
  const [server] = [
    ['kube-apiserver', 'api-server-not-ready'],
    ['etcd', 'etcd-member'],
    ['kubelet', 'node-not-ready'],
  ].flatMap(([name, kind]) => (what.startsWith(`the-certificate-of-${name}-`) ? [`${kind}/${subject}`] : []));
  return [`hosts-unreachable/${subject}`, ...(server === undefined ? [] : [server])];
}
