import { describe, expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import type { HostState, Unit } from '../../src/host/state.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { seedWith, state } from './support.ts';

const clusters = {
  seed: seedCluster(),
  small: smallCluster(),
  'another network and DNS': seedWith('network: { plugin: none }', 'addons: { coredns: false }'),
};

const states = Object.entries(clusters).flatMap(([of, cluster]) =>
  (['etcd', 'master', 'node'] as const).flatMap((role) =>
    hostsWith(cluster, role).map(({ name }) => ({ of, name, role, given: state(cluster, name, role) })),
  ),
);

/** Files that a unit's text or configuration names, and that its process does not read when it starts. */
const exceptions: readonly (readonly [unit: string, path: string, why: string])[] = [
  ['containerd.service', '/usr/local/bin/runc', 'is started for each container'],
  ['etcd.service', '/etc/etcd/bootstrap.env', 'counts only while the data directory is empty'],
  ['kubelet.service', '/etc/kubernetes/bootstrap-kubelet.conf', 'is there for one join only'],
  ['kube-controller-manager.service', '/etc/kubernetes/release-lease', 'runs when the unit has stopped'],
  ['kube-controller-manager.service', '/usr/local/bin/kubectl', 'runs when the unit has stopped'],
  ['kube-scheduler.service', '/etc/kubernetes/release-lease', 'runs when the unit has stopped'],
  ['kube-scheduler.service', '/usr/local/bin/kubectl', 'runs when the unit has stopped'],
];

/** All paths that are placed on the host; only files have a known content. */
function placedBy({ files, downloads }: HostState): ReadonlyMap<string, string> {
  const places = downloads.flatMap(({ place }) => (typeof place === 'string' ? [place] : Object.values(place)));
  return new Map([
    ...places.map((path) => [path, ''] as const),
    ...files.map(({ path, content }) => [path, content] as const),
  ]);
}

/** Placed paths in a text, each as a whole. */
function namedIn(text: string, placed: ReadonlyMap<string, string>): readonly string[] {
  const words = new Set(text.match(/\/[\w@.+/-]+/g) ?? []);
  return [...placed.keys()].filter((path) => words.has(path));
}

/** The paths in the unit's command, and those that these files name in turn. */
function startedWith(unit: Unit, placed: ReadonlyMap<string, string>): readonly string[] {
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const path of namedIn(text, placed)) {
      if (found.has(path)) continue;
      found.add(path);
      look(placed.get(path) ?? '');
    }
  };
  look(unit.content);
  return [...found];
}

describe.each(states)('$of, $name as $role', ({ given }) => {
  test('restarts each unit if a file changes that it was started with', () => {
    const placed = placedBy(given);
    const missed = given.units.flatMap((unit) =>
      startedWith(unit, placed)
        .filter((path) => !unit.reads.includes(path))
        .filter((path) => !exceptions.some(([name, place]) => unit.name === name && path === place))
        .map((path) => `${unit.name} does not read ${path}`),
    );
    expect(missed).toEqual([]);
  });
});

test('removing a path from a unit’s reads makes the test above fail', () => {
  for (const { given } of states) {
    const placed = placedBy(given);
    for (const unit of given.units) {
      const found = startedWith(unit, placed);
      // A program of a distribution's package is placed by no state.
      const others = unit.reads.filter((path) => !found.includes(path) && path !== '/usr/sbin/haproxy');
      expect([unit.name, others]).toEqual([unit.name, []]);
    }
  }
});

test('every unit is started with a placed file, and each exception is needed', () => {
  const all = states.flatMap(({ given }) =>
    given.units.map((unit) => [unit.name, startedWith(unit, placedBy(given))] as const),
  );
  for (const [name, files] of all) expect([name, files.length > 0]).toEqual([name, true]);
  const named = (unit: string, path: string) => all.some(([name, files]) => name === unit && files.includes(path));
  for (const [unit, path] of exceptions) expect([unit, path, named(unit, path)]).toEqual([unit, path, true]);
});
