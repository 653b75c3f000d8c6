import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { auditLogDirectory } from '../components/apiserver-flags.ts';
import { Problem } from '../errors.ts';
import type { Facts, Inspection } from '../host/engine.ts';
import { stateDirectory } from '../host/expand.ts';
import { places } from '../layout/paths.ts';

/** Required memory in MiB for the role's processes. */
export const memoryNeeded: Readonly<Record<Role, number>> = { etcd: 900, master: 1_700, node: 900 };

/** Free MiB that a role needs below a path: for its first deployment, and once it is installed, for a change. */
export interface Need {
  readonly path: string;
  readonly first: number;
  /** A nearly full disk must not block changes of the cluster, so this is only for new binaries in addition to the old ones. */
  readonly change: number;
}

/** Binaries with their archives: measured for Kubernetes 1.37, etcd 3.7 and containerd 2.4, with room for larger ones. */
export function spaceNeeds(cluster: Cluster, role: Role): readonly Need[] {
  const { binDir, etcd } = cluster;
  const binaries: Readonly<Record<Role, number>> = { etcd: 200, master: 500, node: 600 };
  const placed = [binDir, stateDirectory].map((path) => ({ path, first: binaries[role], change: 250 }));
  switch (role) {
    case 'etcd':
      return [...placed, { path: etcd.dataDir, first: 1_600, change: 0 }];
    case 'master':
      // As many audit logs as are kept: ten of 100 MB.
      return [...placed, { path: auditLogDirectory(cluster), first: 1_000, change: 0 }];
    case 'node':
      return [
        ...placed,
        { path: places.cniPlugins, first: 100, change: 0 },
        { path: places.containerdRoot, first: 2_400, change: 0 },
        { path: places.kubeletRoot, first: 300, change: 0 },
      ];
  }
}

/** The paths whose free space {@link roomProblems} compares. */
export function roomPaths(cluster: Cluster, host: Host): readonly string[] {
  return [...new Set(host.roles.flatMap((role) => spaceNeeds(cluster, role).map(({ path }) => path)))];
}

/** Too little memory, and each file system with less space than what goes there needs in all. Pure. */
export function roomProblems(cluster: Cluster, host: Host, { facts, scopes }: Inspection): readonly Problem[] {
  const memory = host.roles.reduce((sum, role) => sum + memoryNeeded[role], 0);
  const needs = host.roles.flatMap((role) =>
    spaceNeeds(cluster, role).map(({ path, first, change }) => ({
      path,
      size: scopes.includes(role) ? change : first,
    })),
  );
  const known = needs.filter(({ path, size }) => size > 0 && facts.freeMiB[path] !== undefined);
  const disks = [...Map.groupBy(known, ({ path }) => facts.fileSystems[path] ?? path).values()];
  const roles = host.roles.join(', ');
  const short = (code: 'HOST_MEMORY' | 'HOST_DISK', message: string, hint: string) =>
    new Problem(message, { code, host: host.name, hint });
  return [
    ...(facts.memoryMiB < memory
      ? [
          short(
            'HOST_MEMORY',
            `${facts.memoryMiB} MiB of memory, ${memory} are needed for ${roles}`,
            'Add memory, or remove roles.',
          ),
        ]
      : []),
    ...disks.flatMap((parts) => {
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const free = freeFor(facts, parts);
      if (free >= size) return [];
      const where = [...new Set(parts.map(({ path }) => path))].join(', ');
      const message = `${free} MiB are free in ${where}, ${size} are needed there for ${roles}`;
      return [short('HOST_DISK', message, `Free some space in ${where}.`)];
    }),
  ];
}

function freeFor({ freeMiB }: Facts, parts: readonly { readonly path: string }[]): number {
  return Math.min(...parts.map(({ path }) => freeMiB[path] ?? 0));
}
