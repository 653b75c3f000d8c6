import type { File, Line } from './file.ts';
import { answers, isHealthy, isReady, kubeletOf, runs, serverOf, type World } from './world.ts';

const sorted = (items: Iterable<string>) => [...items].toSorted().join(' ');

/** What the file asks for and the world does not have. An API server that the user lets go, or whose host does not answer, is not stopped. */
export function missing(world: World, file: File, letGo: ReadonlySet<string>): readonly string[] {
  const { kubernetes, etcd, pinned, lines } = file;
  const present = lines.filter(({ removed }) => !removed);
  const having = (role: Line['roles'][number]) => present.filter(({ roles }) => roles.includes(role));
  const addresses = (items: readonly { readonly address: string }[]) => sorted(items.map(({ address }) => address));
  const differs = (what: string, is: string, should: string) => (is === should ? [] : [`${what} ${is}, not ${should}`]);
  const leftAlone = new Set(lines.filter(({ removed }) => removed).map(({ address }) => address));
  const stays = (address: string) =>
    letGo.has(address) || (leftAlone.has(address) && !answers(world.machines.get(address)));
  const servers = [...world.machines.keys()].filter((address) => serverOf(world, address) && !stays(address));
  const versions = (program: 'etcd' | 'kube-apiserver' | 'kubelet', role: Line['roles'][number], wanted: string) =>
    having(role).flatMap(({ name, address }) => {
      const version = runs(world.machines.get(address), program);
      return version !== undefined && (!pinned || version === wanted) ? [] : [`${program} ${version} on ${name}`];
    });
  return [
    ...differs('members', addresses(world.members), addresses(having('etcd'))),
    ...world.members
      .filter((each) => each.learner || !isHealthy(world, each))
      .map(({ address }) => `a healthy voter at ${address}`),
    ...differs('API servers', sorted(servers), addresses(having('master'))),
    ...differs('nodes', sorted(world.nodes.keys()), sorted(having('node').map(({ name }) => name))),
    ...having('node').flatMap(({ name, address }) => {
      const node = world.nodes.get(name);
      if (!isReady(world, name) || kubeletOf(world, name) !== world.machines.get(address))
        return [`node ${name} Ready`];
      return node?.cordonedBy === undefined ? [] : [`node ${name} uncordoned`];
    }),
    ...versions('etcd', 'etcd', etcd),
    ...versions('kube-apiserver', 'master', kubernetes),
    ...versions('kubelet', 'node', kubernetes),
    ...lines
      .filter(({ removed, address }) => removed && (world.machines.get(address)?.scopes.size ?? 0) > 0)
      .filter(({ address }) => world.machines.get(address)?.alive && world.machines.get(address)?.reachable)
      .map(({ name }) => `${name} wiped`),
  ];
}

/** The names that the input `forget` may have: those that the file does not have. */
export function forgettable(world: World, { lines }: File): readonly string[] {
  const kept = new Set(lines.flatMap(({ name, address }) => [name, address]));
  const names = [...world.nodes.keys(), ...world.members.map(({ name }) => name), ...world.machines.keys()];
  return names.filter((name) => name !== '' && !kept.has(name));
}

/**
 * A machine that the file does not have any more still runs as a node that another machine has become since: the Node was deleted before, so
 * that nothing showed the first one, and the API takes both for the same.
 */
export function hasTwin({ machines }: World, { lines }: File): boolean {
  const listed = new Set(lines.map(({ address }) => address));
  const strays = [...machines].filter(([address, machine]) => !listed.has(address) && runs(machine, 'kubelet'));
  return strays.some(([, { joinedAs }]) =>
    lines.some(({ address, name }) => name === joinedAs && machines.get(address)?.joinedAs === name),
  );
}
