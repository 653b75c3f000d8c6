import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { MemberStep } from '../../src/plan/member-plan.ts';
import { clusterOf, hasQuorum, isHealthy, member, planFor, type Simulated, voteOf } from './support.ts';

/** How a host of a cluster of five may be found. */
const conditions = ['runs', 'stopped', 'empty', 'silent', 'foreign'] as const;
type Condition = (typeof conditions)[number];

export interface Start {
  /** How many members the cluster has: e1, e2 …; 0: it was never begun. */
  readonly size: number;
  readonly found: readonly Condition[];
  /** A learner that a killed run left: none, not started, or running. */
  readonly leftover: 'none' | 'registered' | 'running';
  readonly wanted: number;
  readonly forget: boolean;
}

/** Any state that a cluster may be found in. */
export const starts: fc.Arbitrary<Start> = fc.record({
  size: fc.constantFrom(0, 1, 2, 3, 4, 5),
  found: fc.array(fc.constantFrom<Condition>(...conditions, 'runs', 'runs', 'runs'), { minLength: 6, maxLength: 6 }),
  leftover: fc.constantFrom('none', 'none', 'registered', 'running'),
  wanted: fc.constantFrom(1, 3, 5),
  forget: fc.boolean(),
});

function simulated(file: Cluster, { size, found, leftover }: Start): Simulated {
  const sim: Simulated = { cluster: size > 0 ? 'c' : undefined, members: [], hosts: new Map(), next: 1 };
  for (let index = 0; index < 6; index += 1) {
    const [name, id] = [`e${index + 1}`, `a${index + 1}`];
    const isMember = index < size;
    const isLeftover = index === size && leftover !== 'none' && size > 0;
    const condition = isMember ? (found[index] ?? 'runs') : isLeftover && leftover === 'running' ? 'runs' : 'empty';
    if (isMember) sim.members.push(member(file, name, id));
    if (isLeftover) {
      const unstarted = leftover === 'registered' ? { name: '', clientUrls: [] } : {};
      sim.members.push(member(file, name, id, { learner: true, ...unstarted }));
    }
    const data = { cluster: condition === 'foreign' ? 'other' : 'c', member: id };
    sim.hosts.set(name, {
      data: condition === 'empty' ? undefined : data,
      runs: condition === 'runs' || condition === 'silent',
      unreachable: condition === 'silent',
    });
  }
  return sim;
}

/** What etcd does with a step; it refuses what would break the quorum, as strict-reconfig-check does. */
function carryOut(file: Cluster, sim: Simulated, step: MemberStep): void {
  const found = sim.members.find(({ id }) => 'id' in step && id === step.id);
  if (step.do === 'wait') throw new Error('nothing else makes progress');
  if (step.do === 'add') {
    expect(sim.members.filter(({ learner }) => learner)).toEqual([]);
    sim.members.push(member(file, step.host, `b${sim.next}`, { name: '', clientUrls: [], learner: true }));
    sim.next += 1;
  } else if (step.do === 'start') {
    const index = sim.members.findIndex(({ host }) => host === step.host);
    const registered = sim.members[index];
    // etcd compares the URLs in the member’s file with those of the cluster.
    expect(step.members.map(({ peerUrl }) => peerUrl).sort()).toEqual(
      sim.members.flatMap(({ peerUrls }) => peerUrls).sort(),
    );
    if (!registered) throw new Error('it is not registered');
    sim.members[index] = member(file, step.host, registered.id, { learner: registered.learner });
    sim.hosts.set(step.host, { data: { cluster: 'c', member: registered.id }, runs: true, unreachable: false });
  } else if (step.do === 'resume') {
    const host = sim.hosts.get(step.host);
    if (host) host.runs = true;
  } else if (!found) throw new Error(`no member for ${step.do}`);
  else if (step.do === 'promote') {
    const host = sim.hosts.get(found.host);
    // Carrying it out starts what is stopped.
    if (host) host.runs = true;
    sim.members = sim.members.map((each) => (each === found ? { ...each, learner: false } : each));
  } else sim.members = sim.members.filter((each) => each !== found);
}

/** Plans and carries out until there is nothing to do, or a refusal. */
export function converge(start: Start): void {
  const file = clusterOf(start.wanted);
  const wide = clusterOf(5);
  const sim = simulated(wide, start);
  const forget = new Set(start.forget ? ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'] : []);
  const had = hasQuorum(sim);
  for (let rounds = 0; rounds < 60; rounds += 1) {
    const { refusals, steps, beginnings } = planFor(file, sim, { forget });
    if (refusals.length > 0) {
      expect(steps).toEqual([]);
      return;
    }
    const [step] = steps;
    // Each host is accounted for: one that is left out would lose its file.
    const named = new Set([...beginnings.keys(), ...steps.map(({ host }) => host)].filter(Boolean));
    expect(named.size).toBe(start.wanted);
    if (!step) {
      reached(
        file,
        sim,
        [...beginnings.values()].map(({ as }) => as),
        start.size,
      );
      return;
    }
    expect(had).toBe(true);
    carryOut(wide, sim, step);
    // The healthy members are a quorum after each step.
    expect(voteOf(sim)).toMatchObject({ healthy: expect.any(Number) });
    expect(hasQuorum(sim)).toBe(true);
  }
  throw new Error('no end');
}

function reached(file: Cluster, sim: Simulated, as: readonly string[], size: number): void {
  const wanted = file.hosts.filter(({ roles }) => roles.includes('etcd')).map(({ name }) => name);
  // A new cluster only where there never was one.
  if (as.includes('new')) {
    expect([...sim.hosts].filter(([name, { data }]) => wanted.includes(name) && data)).toEqual([]);
    return;
  }
  if (size === 0 || !hasQuorum(sim)) return;
  const listed = sim.members.map(({ host }) => host).sort();
  const answers = wanted.some((name) => sim.members.some((each) => each.host === name && isHealthy(sim, each)));
  // Members that no host of the file can speak for are unknown, and stay.
  if (answers && wanted.every((name) => !sim.hosts.get(name)?.unreachable)) expect(listed).toEqual(wanted.toSorted());
}
