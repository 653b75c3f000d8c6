import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCluster } from '../../src/cluster/load.ts';
import type { ObservedNode } from '../../src/observe/observed.ts';
import { planLines } from '../../src/plan/lines.ts';
import { fateOf, nodeSteps, otherMachine } from '../../src/plan/nodes.ts';
import { removalObjection, removalSteps } from '../../src/plan/removal.ts';
import { stepInWords } from '../../src/plan/step.ts';
import { freeSubnet } from '../../src/plan/subnet.ts';

const cluster = parseCluster(
  `name: tiny
hosts:
  - { name: one, address: 192.168.1.11, roles: [etcd, master, node] }
  - { name: two, address: 192.168.1.12, roles: [node], hostname: zwei }
  - { name: three, address: 192.168.1.13, roles: [master, node], state: removed }
`,
  'cluster.yaml',
);

const node = (name: string, parts: Partial<ObservedNode> = {}): ObservedNode => ({
  ...{ name, uid: `uid-${name}`, ready: true, machineId: `id-${name}`, addresses: [], kubeletVersion: 'v1.37.2' },
  ...{ cordoned: false, runtimeVersion: 'containerd://2.3.4', ...parts },
});

const machineIds = new Map([
  ['one', 'id-one'],
  ['two', 'id-zwei'],
]);

const plan = (nodes: readonly ObservedNode[], forget: readonly string[] = [], apiServers: readonly string[] = []) => {
  const { forgotten, steps, refusals } = planLines(cluster, { nodes, apiServers, machineIds }, new Set(forget));
  return {
    forgotten: forgotten.map(({ name }) => name),
    steps: steps.map(({ host }) => host),
    refusals: refusals.map(({ code, message }) => `${code} ${message}`),
  };
};

describe('Members of the cluster that cluster.yaml does not have', () => {
  test('are none where all nodes have a line, also one that says removed', () => {
    const nodes = [node('one'), node('zwei'), node('three')];
    const servers = ['192.168.1.11', '192.168.1.13'];
    expect(plan(nodes, [], servers)).toEqual({ forgotten: [], steps: [], refusals: [] });
  });

  test('are refused by name, until the user lets them go', () => {
    expect(plan([node('old', { ready: false })]).refusals).toEqual([
      'NODE_NOT_LISTED the cluster has the node old (not Ready), but no host in cluster.yaml has that name',
    ]);
    expect(plan([node('old')], ['old'])).toEqual({ forgotten: ['old'], steps: ['old'], refusals: [] });
    expect(plan([node('old'), node('older')], ['old']).refusals).toHaveLength(1);
  });

  test('are API servers at other addresses, too', () => {
    expect(plan([], [], ['192.168.1.11', '192.168.1.12']).refusals).toEqual([
      'MASTER_NOT_LISTED an API server of this cluster serves at 192.168.1.12, but no master in cluster.yaml has that address',
    ]);
    expect(plan([], ['192.168.1.12'], ['192.168.1.12']).refusals).toEqual([]);
  });

  test('are a renamed host, which can’t be let go', () => {
    const renamed = node('two', { machineId: 'id-zwei' });
    const refusals = ['NODE_RENAMED the host is the cluster’s node two, and cluster.yaml now names it zwei'];
    expect(plan([renamed])).toEqual({ forgotten: [], steps: [], refusals });
    expect(plan([renamed], ['two']).refusals).toEqual(refusals);
  });

  test('are a host that has exchanged its name with another one, or whose old line leaves', () => {
    const swapped = plan([node('one', { machineId: 'id-zwei' }), node('zwei', { machineId: 'id-one' })]);
    expect(swapped.refusals).toEqual([
      'NODE_RENAMED the host is the cluster’s node one, and cluster.yaml now names it zwei',
      'NODE_RENAMED the host is the cluster’s node zwei, and cluster.yaml now names it one',
    ]);
    expect(plan([node('three', { machineId: 'id-one' })]).refusals).toEqual([
      'NODE_RENAMED the host is the cluster’s node three, and cluster.yaml now names it one',
    ]);
  });

  test('are a host without the role node', () => {
    const hosts = cluster.hosts.map((host) => (host.name === 'one' ? { ...host, roles: ['master' as const] } : host));
    const found = { nodes: [node('one')], apiServers: [], machineIds };
    const [refusal] = planLines({ ...cluster, hosts }, found, new Set()).refusals;
    expect(refusal?.message).toBe('the cluster has the node one (Ready), but its host does not have the role node');
    expect(refusal?.fields).toMatchObject({ code: 'NODE_NOT_LISTED', host: 'one' });
  });

  test('are no renamed host when another machine has its address', () => {
    const other = node('two', { machineId: 'another', addresses: ['192.168.1.12'] });
    expect(plan([other]).refusals).toEqual([expect.stringMatching(/^NODE_NOT_LISTED/)]);
  });
});

describe('A host and its node', () => {
  const host = { host: 'one', nodeName: 'one', address: '192.168.1.11', machineId: 'id-one', joined: true };

  test.each([
    ['keep', host, node('one')],
    ['keep', { ...host, machineId: 'moved' }, node('one')],
    ['register', host, undefined],
    ['join', { ...host, joined: false }, undefined],
    ['join', { ...host, joined: false }, node('one')],
    ['join', { ...host, joined: false }, node('one', { machineId: '' })],
    ['replace', { ...host, joined: false, machineId: 'new' }, node('one', { ready: false })],
  ])('%s', (fate, found, seen) => {
    expect(fateOf(found, seen)).toBe(fate);
  });

  const other = node('one', { machineId: 'id-old', addresses: ['192.168.1.99', 'fd00::99'] });
  test('are two machines when another one with another address reports as its node', () => {
    expect(otherMachine(host, other)).toMatchObject({
      code: 'NODE_TWO_MACHINES',
      message:
        'the machine at 192.168.1.99, fd00::99 (id-old) reports as the node one, which is the host at 192.168.1.11 (id-one)',
      fields: { host: 'one', hint: expect.stringContaining('192.168.1.99') },
    });
  });
  test.each([
    ['the node is its own', host, node('one', { addresses: ['192.168.1.11'] })],
    ['its machine id was renewed', host, node('one', { machineId: 'id-old', addresses: ['192.168.1.11'] })],
    ['it got another address', { ...host, address: '192.168.1.12' }, node('one', { addresses: ['192.168.1.11'] })],
    ['the node has not reported yet', host, node('one', { machineId: '' })],
    ['the node has no address yet', host, node('one', { machineId: 'id-old' })],
    ['its machine id is unknown', { ...host, machineId: '' }, other],
    ['it has not joined, so that it replaces the other', { ...host, joined: false }, other],
    ['there is no node', host, undefined],
  ])('are one machine when %s', (_, found, seen) => {
    expect(otherMachine(found, seen)).toBeUndefined();
  });

  test('the plan says what is done and why', () => {
    const words = (...args: Parameters<typeof nodeSteps>) => nodeSteps(...args).map((step) => stepInWords(step, true));
    expect(words(host, node('one'))).toEqual([]);
    expect(words(host, node('one', { cordoned: true }))).toEqual([]);
    expect(words(host, node('one', { cordoned: true, cordonedBy: 'run 7' }))).toEqual([
      'one: would uncordon: an earlier run (run 7) has cordoned it and did not finish',
    ]);
    expect(words(host, undefined)).toEqual([
      'one: would register one again: restart its kubelet: its kubelet has a valid certificate, but the cluster has no such node; interrupts no running pod, if the node was deleted less than 40 s ago',
    ]);
    expect(words({ ...host, joined: false, machineId: 'new' }, node('one'))[0]).toMatch(
      /^one: would replace the node one: /,
    );
  });
});

describe('A host that leaves', () => {
  const steps = (...args: Parameters<typeof removalSteps>) => removalSteps(...args).map((each) => each.do);

  test('is drained, deleted and wiped', () => {
    expect(steps({ host: 'three', node: node('three'), placed: ['node'] })).toEqual([
      'cordon and drain',
      'delete the node three from the cluster',
      'remove from the host what was placed there',
    ]);
  });

  test('is deleted without a drain and not wiped when it is dead', () => {
    const dead = node('three', { ready: false, reason: 'NodeStatusUnknown' });
    expect(steps({ host: 'three', node: dead, placed: undefined })).toEqual([
      'skip the drain',
      'delete the node three from the cluster',
      'leave the host as it is: it is NOT wiped',
    ]);
  });

  test('stays while no other node can take its pods', () => {
    const found = { host: 'three', nodeName: 'three', machineId: 'id-three', node: node('three') };
    const objection = (...others: readonly ObservedNode[]) =>
      removalObjection(found, [found.node, ...others], new Set(['three', 'four']))?.code;
    expect(objection(node('one'))).toBeUndefined();
    expect(objection()).toBe('REMOVAL_REFUSED');
    expect(objection(node('four'), node('one', { ready: false }), node('two', { cordoned: true }))).toBe(
      'REMOVAL_REFUSED',
    );
    expect(removalObjection({ ...found, node: node('three', { ready: false }) }, [], new Set())).toBeUndefined();
  });

  test('stays when it is a node under another name', () => {
    const found = { host: 'three', nodeName: 'three', machineId: 'id-one', node: undefined };
    expect(removalObjection(found, [node('one'), node('two')], new Set(['three']))).toMatchObject({
      code: 'REMOVAL_REFUSED',
      message: 'the host is the cluster’s node one, and its line names it three',
    });
  });

  test('needs nothing more when it is gone', () => {
    expect(steps({ host: 'three', node: undefined, placed: [] })).toEqual([]);
  });
});

describe('The subnet of a deleted node', () => {
  test.each([
    ['10.244.3.1/24', [], '10.244.3.0/24'],
    ['10.244.3.1/24', ['10.244.3.0/24'], undefined],
    ['10.245.3.1/24', [], undefined],
    ['10.244.0.1/16', [], undefined],
    ['10.244.3.1', [], undefined],
    ['$(reboot)', [], undefined],
    [undefined, [], undefined],
  ])('%s beside %j is %s', (seen, taken, subnet) => {
    expect(
      freeSubnet(
        cluster,
        seen,
        taken.map((podSubnet) => ({ podSubnet })),
      ),
    ).toBe(subnet);
  });

  test('is never one that another node has, and always one of the cluster', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.tuple(part, part, part, fc.integer({ min: 0, max: 32 })),
        fc.array(part),
        ([a, b, c, length], taken) => {
          const nodes = taken.map((each) => ({ podSubnet: `10.244.${each}.0/24` }));
          const subnet = freeSubnet(cluster, `10.${a}.${b}.${c}/${length}`, nodes);
          if (subnet === undefined) return;
          expect(subnet).toMatch(/^10\.244\.\d+\.0\/24$/);
          expect(nodes).not.toContainEqual({ podSubnet: subnet });
        },
      ),
      { numRuns: 300 },
    );
  });
});
