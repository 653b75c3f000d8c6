import { describe, expect, test } from '@jest/globals';
import type { Cluster, Host } from '../../src/cluster/cluster.ts';
import { bootstrapText } from '../../src/plan/etcd-bootstrap.ts';
import { startsCluster } from '../../src/plan/etcd-members.ts';
import { clusterOf, member, observe, planFor, type Simulated, type SimulatedHost, urlOf } from './support.ts';

const file = clusterOf(3);
const empty: SimulatedHost = { data: undefined, runs: false, unreachable: false };
const running = (id: string): SimulatedHost => ({ data: { cluster: 'c', member: id }, runs: true, unreachable: false });

/** A cluster of e1 to e3 whose members have the ids a1 to a3, with changes. */
function trio(change: (sim: Simulated) => void = () => undefined): Simulated {
  const names = ['e1', 'e2', 'e3'];
  const sim: Simulated = {
    cluster: 'c',
    members: names.map((name, index) => member(file, name, `a${index + 1}`)),
    hosts: new Map(names.map((name, index) => [name, running(`a${index + 1}`)])),
    next: 1,
  };
  change(sim);
  return sim;
}
const codesOf = (sim: Simulated, parts = {}) =>
  planFor(file, sim, parts).refusals.map(({ code, host }) => [code, host]);

test('hosts without data, and no sign of a cluster, begin a new one together', () => {
  const bare = {
    ...trio(),
    cluster: undefined,
    members: [],
    hosts: new Map(['e1', 'e2', 'e3'].map((name) => [name, empty])),
  };
  const { refusals, steps, beginnings } = planFor(file, bare);
  const members = ['e1', 'e2', 'e3'].map((name) => ({ name, peerUrl: urlOf(file, name) }));
  expect({ refusals, steps }).toEqual({ refusals: [], steps: [] });
  expect([...beginnings]).toEqual(['e1', 'e2', 'e3'].map((name) => [name, { as: 'new', members }]));
  expect(
    startsCluster(file, {
      own: new Set(['e1', 'e2', 'e3']),
      observed: observe(file, bare),
      hadApiServer: false,
      neverBootstrapped: false,
      forget: new Set(),
    }),
  ).toBe(true);
  expect(codesOf(bare, { hadApiServer: true })).toEqual([['ETCD_DATA_LOST', undefined]]);
  bare.hosts.set('e3', { ...empty, unreachable: true });
  expect(codesOf(bare)).toEqual(['e3', 'e1', 'e2'].map((host) => ['ETCD_MEMBERS_UNKNOWN', host]));
  // The job that observed all hosts knows more.
  expect(planFor(file, bare, { neverBootstrapped: true }).beginnings.get('e1')).toMatchObject({ as: 'new' });
});

test('a first start that was cut off continues, with the same members only', () => {
  const cut = trio((sim) => {
    sim.cluster = undefined;
    sim.hosts.set('e2', empty).set('e3', empty);
  });
  expect(planFor(file, cut)).toMatchObject({ refusals: [], steps: [] });
  expect(planFor(file, cut).beginnings.get('e1')).toEqual({ as: 'member' });
  const five = clusterOf(5);
  const said = observe(file, cut).get('e1');
  if (!said) throw new Error('not observed');
  const other = { ...said, bootstrap: bootstrapText(file, 'new', []) };
  expect(planFor(five, { ...cut, hosts: new Map([...cut.hosts, ['e4', empty], ['e5', empty]]) }).refusals).toEqual([]);
  expect(other.bootstrap).not.toBe(said.bootstrap);
});

test('members that have data and do not answer keep it, and a host without data is refused', () => {
  const silent = trio((sim) => {
    for (const host of sim.hosts.values()) host.runs = false;
  });
  expect(planFor(file, silent)).toMatchObject({ refusals: [], steps: [] });
  silent.hosts.set('e3', empty);
  const [refusal] = planFor(file, silent).refusals;
  expect(refusal).toMatchObject({ code: 'ETCD_MEMBERS_UNKNOWN', host: 'e3' });
  expect(refusal?.message).toContain('e1 has data, and no quorum; e2 has data');
});

test('a host that is no member joins as a learner, one at a time', () => {
  const one = trio((sim) => {
    sim.members.splice(1);
    sim.hosts.set('e2', empty).set('e3', empty);
  });
  const add = (host: string) => ({
    do: 'add',
    host,
    peerUrl: urlOf(file, host),
    why: 'it is in the file and no member',
  });
  expect(planFor(file, one).steps).toEqual([add('e2'), add('e3')]);
  one.members.push(member(file, 'e2', 'b', { name: '', clientUrls: [], learner: true }));
  expect(planFor(file, one).steps.map((step) => [step.do, step.host])).toEqual([
    ['start', 'e2'],
    ['wait', 'e3'],
  ]);
  const [start] = planFor(file, one).steps;
  expect(start).toMatchObject({
    members: ['e1', 'e2'].map((name) => ({ name, peerUrl: urlOf(file, name) })),
  });
  one.hosts.set('e2', running('b'));
  expect(planFor(file, one).steps.map((step) => [step.do, step.host])).toEqual([
    ['promote', 'e2'],
    ['wait', 'e3'],
  ]);
});

test('a host that comes back empty is removed by its id first, if the others are a quorum', () => {
  const lost = trio((sim) => sim.hosts.set('e2', empty));
  expect(planFor(file, lost).steps).toEqual([
    { do: 'remove', host: 'e2', id: 'a2', name: 'e2', why: 'the host came back without data' },
  ]);
  // e3 is up, but it was not asked: with e1 alone the others are no quorum for sure.
  lost.hosts.set('e3', { ...running('a3'), unreachable: true });
  expect(codesOf(lost)).toEqual([
    ['ETCD_QUORUM', 'e2'],
    ['ETCD_MEMBERS_UNKNOWN', 'e3'],
  ]);
});

test('a member that never started needs no removal', () => {
  const waiting = trio((sim) => {
    sim.hosts.set('e3', empty);
    sim.members[2] = member(file, 'e3', 'a3', { clientUrls: [] });
  });
  expect(planFor(file, waiting).steps.map((step) => [step.do, step.host])).toEqual([['start', 'e3']]);
});

test('a member without a host is refused by name, unless it is to be forgotten or never ran', () => {
  const stray = trio((sim) => {
    sim.members.push(member(file, 'gone', 'd1'));
    sim.hosts.set('gone', running('d1'));
  });
  const [refusal] = planFor(file, stray).refusals;
  expect(refusal).toMatchObject({ code: 'ETCD_MEMBER_STRAY' });
  expect(refusal?.message).toContain('gone (d1)');
  expect(planFor(file, stray, { forget: new Set(['gone']) }).steps).toEqual([
    { do: 'remove', id: 'd1', name: 'gone', why: 'its host leaves' },
  ]);
  stray.members[3] = member(file, 'gone', 'd1', { name: '', clientUrls: [], learner: true });
  expect(planFor(file, stray).steps).toMatchObject([{ do: 'remove', id: 'd1' }]);
});

test('the disk of another life is refused with what it is', () => {
  const foreign = (data: SimulatedHost['data']) =>
    planFor(
      file,
      trio((sim) => sim.hosts.set('e2', { data, runs: false, unreachable: false })),
    ).refusals;
  expect(foreign({ cluster: 'other', member: 'x' })).toMatchObject([
    {
      code: 'ETCD_DATA_FOREIGN',
      host: 'e2',
      message: expect.stringContaining('another cluster (other; this one is c)'),
    },
  ]);
  expect(foreign({ cluster: 'c', member: 'x' })).toMatchObject([
    { code: 'ETCD_DATA_FOREIGN', message: expect.stringContaining('a member (x) that was removed') },
  ]);
  expect(foreign({ cluster: 'c', member: 'a3' })).toMatchObject([
    { code: 'ETCD_DATA_FOREIGN', message: expect.stringContaining('another address') },
  ]);
});

test('a job of one host has a step, a beginning or a refusal of its own, in spite of what the other hosts have', () => {
  const own = (host: string) => ({ own: new Set([host]) });
  const sim = trio((each) => each.hosts.set('e2', { ...empty, unreachable: true }).set('e3', empty));
  sim.members.push(member(file, 'e2', 'a2'));
  expect(codesOf(sim, own('e3'))).toEqual([['ETCD_MEMBERS_UNKNOWN', 'e3']]);
  expect([...planFor(file, sim, own('e1')).beginnings.keys()]).toEqual(['e1']);
  const foreign = trio((each) =>
    each.hosts.set('e2', { data: { cluster: 'other', member: 'x' }, runs: false, unreachable: false }),
  );
  expect(planFor(file, foreign, own('e1'))).toMatchObject({ refusals: [], steps: [] });
  expect([...planFor(file, foreign, own('e1')).beginnings.keys()]).toEqual(['e1']);
});

test('a refusal leaves no step', () => {
  const both = trio((sim) => {
    sim.hosts.set('e2', empty);
    sim.members.push(member(file, 'gone', 'd1'));
    sim.hosts.set('gone', running('d1'));
  });
  expect(planFor(file, both).steps).toEqual([]);
});

test('a stopped member is started before another one is added: etcd adds none while one does not answer', () => {
  const steps = (sim: Simulated) => planFor(file, sim).steps;
  const four = trio((sim) => sim.hosts.set('e2', { ...running('a2'), runs: false }));
  expect(steps(four)).toEqual([]);
  four.members.push(member(clusterOf(5), 'e4', 'a4'));
  four.hosts.set('e4', running('a4')).set('e5', empty);
  expect(planFor(clusterOf(5), four).steps.map((step) => [step.do, step.host])).toEqual([
    ['resume', 'e2'],
    ['add', 'e5'],
  ]);
});

describe('A host that leaves', () => {
  /** Five hosts, of which those named leave. */
  const leaving = (...names: readonly string[]): Cluster => {
    const five = clusterOf(5);
    const isGone = ({ name }: Host) => names.includes(name);
    return { ...five, hosts: five.hosts.filter((host) => !isGone(host)), removed: five.hosts.filter(isGone) };
  };
  const planOf = (cluster: Cluster, sim: Simulated) => planFor(cluster, sim);
  const sizes = (sim: Simulated, ...names: readonly string[]) => planOf(leaving(...names), sim);

  test('is asked for its member: three members become one', () => {
    const { refusals, steps } = sizes(trio(), 'e2', 'e3', 'e4', 'e5');
    expect(refusals).toEqual([]);
    expect(steps).toMatchObject([
      { do: 'remove', id: 'a2', isHealthy: true },
      { do: 'remove', id: 'a3', isHealthy: true },
    ]);
    const silent = trio((sim) => sim.hosts.set('e3', { ...running('a3'), unreachable: true }));
    // One that does not answer leaves first: with it, the others are a quorum for sure.
    expect(sizes(silent, 'e2', 'e3', 'e4', 'e5')).toMatchObject({
      refusals: [],
      steps: [{ id: 'a3' }, { id: 'a2', isHealthy: true }],
    });
    silent.hosts.set('e2', { ...running('a2'), unreachable: true });
    expect(sizes(silent, 'e2', 'e3', 'e4', 'e5').refusals).toMatchObject([
      { code: 'ETCD_QUORUM' },
      { code: 'ETCD_QUORUM' },
    ]);
  });

  test('leaves after the others have joined, and before them if it is dead', () => {
    const sim = trio((each) => each.hosts.set('e4', empty).set('e5', empty));
    const order = () => sizes(sim, 'e2', 'e3').steps.map((step) => [step.do, 'name' in step ? step.name : step.host]);
    expect(order()).toEqual([
      ['add', 'e4'],
      ['add', 'e5'],
      ['remove', 'e2'],
      ['remove', 'e3'],
    ]);
    sim.hosts.set('e3', { ...running('a3'), runs: false });
    expect(order()[0]).toEqual(['remove', 'e3']);
  });

  test('takes its member with it, by whichever name it is in the file', () => {
    const cluster = leaving('e2', 'e4', 'e5');
    const renamed = { ...cluster, removed: cluster.removed.map((host) => ({ ...host, name: `${host.name}-old` })) };
    expect(planOf(renamed, trio())).toMatchObject({ refusals: [], steps: [{ do: 'remove', id: 'a2' }] });
  });

  test('does not take the only data of the cluster with it', () => {
    const sim = trio((each) => each.hosts.set('e4', empty).set('e5', empty));
    const all = sizes(sim, 'e1', 'e2', 'e3');
    expect(all.refusals).toMatchObject([
      { code: 'ETCD_QUORUM', message: expect.stringContaining('e1 has data; e2 has data; e3 has data') },
    ]);
    sim.hosts.set('e1', { ...running('a1'), unreachable: true });
    sim.hosts.set('e2', empty).set('e3', empty);
    expect(sizes(sim, 'e1', 'e2', 'e3').refusals).toMatchObject([
      { code: 'ETCD_QUORUM', message: expect.stringContaining('e1 was not asked') },
    ]);
  });

  test('serves beside hosts with the data of another life', () => {
    const foreign = { data: { cluster: 'other', member: 'x' }, runs: false, unreachable: false };
    const sim = trio((each) => each.hosts.set('e4', foreign).set('e5', foreign));
    expect(sizes(sim, 'e1', 'e2', 'e3').refusals).toMatchObject([{ code: 'ETCD_QUORUM' }]);
  });
});

test('a host that loses the role etcd is refused with a way out that the inputs allow', () => {
  const cluster = { ...file, hosts: file.hosts.map((host) => (host.name === 'e3' ? { ...host, roles: [] } : host)) };
  const [refusal] = planFor(cluster, trio()).refusals;
  expect(refusal).toMatchObject({
    code: 'ETCD_MEMBER_STRAY',
    message: expect.stringMatching(/, and e3, which is at that address, does not have the role etcd$/),
    hint: expect.stringMatching(/^Give the host its role etcd back\. /),
  });
  // The input forget takes no name that the file has.
  const moved = file.hosts.map((host) => (host.name === 'e3' ? { ...host, address: '192.168.1.99' } : host));
  const lost = trio((sim) => sim.hosts.set('e3', empty));
  const stray = planFor({ ...file, hosts: moved }, lost).refusals.find(({ code }) => code === 'ETCD_MEMBER_STRAY');
  expect(stray?.hint).toMatch(/^Write a line with that address and state: removed, .*\.$/);
  expect(stray?.hint).not.toContain('forget');
});
