import { contains, isIPv6, parseAddress, parseSubnet } from '../addresses.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import { nodeNameOf } from '../resolve.ts';
import type { ClusterFile } from '../schema.ts';

type HostEntry = ClusterFile['hosts'][number];

/** Ranges of addresses that other hosts cannot reach. */
const unreachable = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map((text) => parseSubnet(text));
/** The maximum length of a label's value, such as that of kubernetes.io/hostname. */
const longestNodeName = 63;

/** Hosts that are the same host, that are not reachable, or that have the same name. */
export function hostFindings(file: ClusterFile): readonly Finding[] {
  const { hosts } = file;
  return [
    ...hosts.flatMap((host, index) => [...addressFindings(host, index), ...nodeNameFindings(host, index)]),
    ...duplicates(hosts, 'name', ({ name }) => name),
    ...duplicates(hosts, 'hostname', ({ hostname }) => hostname),
    ...nodeNameClashes(hosts),
    ...duplicates(hosts, 'address', ({ address }) => address),
    ...sshClashes(file),
    ...jumpHostFindings(file),
  ];
}

function addressFindings({ address }: HostEntry, index: number): readonly Finding[] {
  const path = ['hosts', index, 'address'];
  if (isIPv6(address)) {
    const message = `The address ${quote(address)} is of IPv6, which is not built yet.`;
    return [{ code: 'CLUSTER_IPV6', path, message, hint: 'Write the host’s IPv4 address.' }];
  }
  const number = parseAddress(address);
  if (number === undefined) {
    const hint = 'Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.';
    return [{ code: 'CLUSTER_ADDRESS', path, message: `The address ${quote(address)} is not an IPv4 address.`, hint }];
  }
  if (!unreachable.some((subnet) => subnet && contains(subnet, number))) return [];
  const message = `The address ${quote(address)} can’t be reached from other hosts.`;
  return [
    { code: 'CLUSTER_ADDRESS', path, message, hint: 'Write the address of the host in the network of the cluster.' },
  ];
}

function nodeNameFindings(host: HostEntry, index: number): readonly Finding[] {
  const name = nodeNameOf(host);
  if (name.length <= longestNodeName) return [];
  const key = host.hostname === undefined ? 'name' : 'hostname';
  const message = `The name ${quote(name)} has ${name.length} characters; a node’s may have up to ${longestNodeName}.`;
  return [{ code: 'CLUSTER_NAME', path: ['hosts', index, key], message, hint: 'Write a shorter name.' }];
}

/** One problem at each later host; it names the first host with the value. */
function duplicates(
  hosts: readonly HostEntry[],
  key: string,
  keyOf: (host: HostEntry) => string | undefined,
): readonly Finding[] {
  const first = new Map<string, HostEntry>();
  return hosts.flatMap((host, index) => {
    const value = keyOf(host);
    if (value === undefined) return [];
    const other = first.get(value);
    if (other === undefined) {
      first.set(value, host);
      return [];
    }
    const owner = key === 'name' ? 'an earlier host' : other.name;
    const message = `The ${key} ${quote(value)} is that of ${owner} too.`;
    return [
      {
        code: 'CLUSTER_DUPLICATE',
        path: ['hosts', index, key],
        message,
        hint: wayOut(key, [host, other]),
      },
    ];
  });
}

/** A host that leaves still has what its line says, until it has left. */
function wayOut(key: string, hosts: readonly HostEntry[]): string {
  const leaving = hosts.find(({ state }) => state === 'removed');
  if (leaving === undefined) return `Give each host ${an(key)} of its own.`;
  return `Let ${leaving.name} leave first. Then delete its line, and add the other host in a later change.`;
}

/** A hostname that is the name of another host: both would be the same Node. */
function nodeNameClashes(hosts: readonly HostEntry[]): readonly Finding[] {
  return hosts.flatMap(({ hostname, name }, index) => {
    const other = hosts.find((host) => host.hostname === undefined && host.name === hostname && host.name !== name);
    if (other === undefined) return [];
    const message = `The hostname ${quote(hostname)} is the name of another host, and both would be one node.`;
    return [
      {
        code: 'CLUSTER_DUPLICATE',
        path: ['hosts', index, 'hostname'],
        message,
        hint: 'Write another hostname, or rename the other host.',
      },
    ];
  });
}

/** If SSH addresses differ from `address`, two of them may lead to one machine. */
function sshClashes({ hosts, ssh }: ClusterFile): readonly Finding[] {
  const first = new Map<string, string>();
  return hosts.flatMap((host, index) => {
    const jump = host.ssh.jumpHost ?? ssh.jumpHost;
    // The same address behind different jump hosts can be two machines.
    const way = `${host.ssh.address ?? host.address}:${host.ssh.port ?? ssh.port} ${jump ? `${jump.address}:${jump.port}` : ''}`;
    const other = first.get(way);
    if (other === undefined) first.set(way, host.name);
    if (other === undefined || host.ssh.address === undefined) return [];
    const message = `The SSH address ${quote(host.ssh.address)} leads to the same machine as that of ${other}.`;
    const hint = 'Give each host an ssh.address or an ssh.port of its own.';
    return [{ code: 'CLUSTER_DUPLICATE', path: ['hosts', index, 'ssh', 'address'], message, hint }];
  });
}

/** A jump host that is the host itself, or a host that a failover check takes down. */
function jumpHostFindings({ hosts, ssh }: ClusterFile): readonly Finding[] {
  const findings = hosts.map(({ ssh: own }, index) =>
    jumpHostFinding(own.jumpHost, ['hosts', index, 'ssh', 'jumpHost', 'address'], hosts),
  );
  return [jumpHostFinding(ssh.jumpHost, ['ssh', 'jumpHost', 'address'], hosts), ...findings].filter(
    (finding) => finding !== undefined,
  );
}

function jumpHostFinding(
  jump: ClusterFile['ssh']['jumpHost'],
  path: Path,
  hosts: readonly HostEntry[],
): Finding | undefined {
  const through = hosts.find(
    (host) => jump !== undefined && [host.address, host.ssh.address, host.hostname].includes(jump.address),
  );
  if (jump === undefined || through === undefined) return undefined;
  const message = `The jump host ${quote(jump.address)} is ${through.name}, a host of the cluster: while it is down or restarts, others can’t be reached.`;
  return {
    code: 'CLUSTER_JUMP_HOST',
    path,
    message,
    hint: 'Use a machine outside of the cluster, or a runner in its network.',
  };
}

function an(noun: string): string {
  return noun === 'address' ? 'an address' : `a ${noun}`;
}
