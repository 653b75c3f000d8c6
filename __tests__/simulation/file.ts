import { hostFindings } from '../../src/cluster/checks/hosts.ts';
import { roleFindings } from '../../src/cluster/checks/roles.ts';
import type { Cluster, Host } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import type { ClusterFile, Role } from '../../src/cluster/schema.ts';
import { minorOf } from '../../src/cluster/version-order.ts';
import type { ProblemCode } from '../../src/error-codes.ts';

/** A line of cluster.yaml. */
export interface Line {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  readonly removed: boolean;
}

/** What the user writes. */
export interface File {
  readonly kubernetes: string;
  readonly etcd: string;
  /** Whether the versions are in the file. */
  readonly pinned: boolean;
  readonly lines: readonly Line[];
}

const text = `name: simulated
addons: { coredns: false, metricsServer: false }
hosts: [{ name: one, address: 192.168.1.1, roles: [etcd, master, node] }]
`;
const base = parseCluster(text, 'cluster.yaml');
const [model] = base.hosts;

/** The cluster of a file, without the time that parsing takes. */
export function clusterOf({ kubernetes, etcd, pinned, lines }: File): Cluster {
  const of = (removed: boolean) => lines.filter((line) => line.removed === removed).map(hostOf);
  return {
    ...{ ...base, hosts: of(false), removed: of(true), kubernetesVersion: kubernetes, minor: minorOf(kubernetes) },
    versions: { ...base.versions, etcd },
    pinned: new Set(pinned ? ['kubernetes', 'etcd'] : []),
  };
}

function hostOf({ name, address, roles }: Line): Host {
  if (!model) throw new Error('no host');
  return { ...model, name, nodeName: name, address, roles, ssh: { ...model.ssh, address } };
}

/** Why a file is refused before any host is asked. */
export function fileCodes({ lines }: File): readonly ProblemCode[] {
  const ssh = { user: 'root', port: 22 };
  const hosts = lines.map(({ removed, ...line }) => ({ ...line, state: removed ? 'removed' : 'present', ssh: {} }));
  const file = { ...base, ssh, hosts } as unknown as ClusterFile;
  return [...roleFindings(file), ...hostFindings(file)].map(({ code }) => code);
}
