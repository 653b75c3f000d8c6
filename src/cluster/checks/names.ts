import ipaddr from 'ipaddr.js';
import type { ProblemCode } from '../../error-codes.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

type HostEntry = ClusterFile['hosts'][number];

/**
 * Names that already belong to something other than the host. A host's certificates contain its names, so a host with the name of the API server, of a
 * Service or of every host itself could impersonate it; and /etc/hosts would resolve that name to this host.
 */
export function nameFindings(file: ClusterFile): readonly Finding[] {
  const { hosts, api, network } = file;
  return [
    ...hosts.flatMap((host, index) => hostFindings(host, ['hosts', index], network.dnsDomain)),
    ...hosts.flatMap((host, index) => otherHostFindings(host, index, hosts)),
    ...api.certSANs.flatMap((name, index) => sanFindings(name, ['api', 'certSANs', index], hosts)),
  ];
}

function hostFindings({ name, hostname }: HostEntry, path: Path, domain: string): readonly Finding[] {
  const named = [
    ['name', name],
    ['hostname', hostname],
  ] as const;
  return named.flatMap(([key, value]) => {
    if (value === undefined) return [];
    const found = (code: ProblemCode, message: string): Finding => ({
      code,
      path: [...path, key],
      message,
      hint: 'Write another name, such as node-1.',
    });
    if (isAddressLike(value)) return [found('CLUSTER_NAME', `The ${key} ${quote(value)} can be read as an address.`)];
    const taken = takenBy(value, domain);
    return taken === undefined ? [] : [found('CLUSTER_RESERVED_NAME', `The ${key} ${quote(value)} ${taken}.`)];
  });
}

/** The other meaning of a name, as the end of a sentence. */
function takenBy(name: string, domain: string): string | undefined {
  if (/^(ip6-)?(localhost|loopback)/.test(name) || name.endsWith('.localhost')) return 'means each host itself';
  // Also kubernetes.default.svc and the like, which are in the API server's certificate.
  if (name === 'kubernetes' || name.startsWith('kubernetes.')) return 'is a name of the API server';
  if (name === domain || name.endsWith(`.${domain}`))
    return `is in network.dnsDomain ${quote(domain)}, the Services’ own domain`;
  return name === 'svc' || name.endsWith('.svc') ? 'has the form of a Service’s name' : undefined;
}

/** Any text that a resolver or a library takes for an IPv4 address, such as `10`, `10.1`, `0x7f.1` and `010.0.0.1`. */
function isAddressLike(name: string): boolean {
  return ipaddr.isValid(name) || name.split('.').every((part) => /^(\d+|0x[0-9a-f]*)$/.test(part));
}

/** A hostname that is the name of a host with another hostname: it would be in the certificates of both. */
function otherHostFindings(
  { name, hostname }: HostEntry,
  index: number,
  hosts: readonly HostEntry[],
): readonly Finding[] {
  if (hostname === undefined || hostname === name) return [];
  const other = hosts.find((host) => host.name === hostname && host.hostname !== undefined);
  if (other === undefined) return [];
  const message = `The hostname ${quote(hostname)} is the name of another host, whose certificates carry it too.`;
  const hint = 'Write another hostname, or rename the other host.';
  return [{ code: 'CLUSTER_DUPLICATE', path: ['hosts', index, 'hostname'], message, hint }];
}

/** A name of the API server that leads to a host that is not a master: with its kubelet's certificate, that host could impersonate the API server. */
function sanFindings(san: string, path: Path, hosts: readonly HostEntry[]): readonly Finding[] {
  const others = hosts.filter(({ roles }) => !roles.includes('master'));
  for (const host of others) {
    const names = [host.name, host.hostname, host.address];
    if (!names.some((name) => name !== undefined && covers(san, name))) continue;
    const message = `The name ${quote(san)} leads to ${host.name}, which is no master and has a certificate of its own for it: it could pass for the API server.`;
    const hint = 'Write a name or an address that leads to masters, or to a load balancer outside of the cluster.';
    return [{ code: 'CLUSTER_SAN', path, message, hint }];
  }
  return [];
}

/** Whether a certificate’s name covers another one; a wildcard matches one label. Source: RFC 6125, section 6.4.3 */
function covers(san: string, name: string): boolean {
  const [one, other] = [san.toLowerCase(), name.toLowerCase()];
  if (one === other || (ipaddr.isValid(one) && ipaddr.isValid(other) && spelt(one) === spelt(other))) return true;
  return one.startsWith('*.') && other.includes('.') && !ipaddr.isValid(other) && other.replace(/^[^.]+/, '*') === one;
}

function spelt(address: string): string {
  return ipaddr.process(address).toNormalizedString();
}
