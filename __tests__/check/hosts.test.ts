import { describe, expect, test } from '@jest/globals';
import { withoutEffects } from '../../src/check/effects.ts';
import { type Finding, inOrder, isGo } from '../../src/check/finding.ts';
import {
  driftFindings,
  objectFindings,
  unfitFindings,
  unitFindings,
  unitsOf,
  unknownFinding,
  unreachableFindings,
} from '../../src/check/hosts.ts';
import type { Host } from '../../src/cluster/cluster.ts';
import { Problem } from '../../src/errors.ts';
import type { Change } from '../../src/host/engine.ts';
import { parseUnits } from '../../src/host/snapshot.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';

const cluster = seedCluster();
const node = hostOf(cluster, 'node-1');
const ids = (findings: readonly Finding[]) => findings.map(({ id, severity }) => `${severity} ${id}`);

/** What systemctl shows of the node's units; each state is `LOAD ACTIVE SUB`. */
function shown(states: Readonly<Record<string, string>> = {}) {
  const blocks = unitsOf(node).map((name) => {
    const [load, active, sub] = (states[name] ?? 'loaded active running').split(' ');
    return `Id=${name}\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\n`;
  });
  return parseUnits(blocks.join('\n').split('\n'));
}

test('hosts that are not reached are findings of their own, and one finding if it is all of them', () => {
  const problem = new Problem('cannot reach it', { code: 'HOST_UNREACHABLE' });
  const refused = (hosts: readonly Host[]) =>
    unreachableFindings(cluster, new Map(hosts.map((host) => [host, problem])));
  expect(ids(refused([]))).toEqual([]);
  expect(ids(refused([node]))).toEqual(['critical host-unreachable/node-1']);
  const all = refused(cluster.hosts);
  expect(ids(all)).toEqual(['critical hosts-unreachable/seed']);
  const unknown = unknownFinding('etcd', 'seed', new Error('none answers'), 'critical');
  expect(withoutEffects([...all, unknown])).toEqual(all);
  expect(withoutEffects([...refused([node]), unknown])).toHaveLength(2);
});

describe('units', () => {
  test('that run, or that the pod network does without, are no finding', () => {
    expect(unitFindings(node, shown({ 'flanneld.service': 'not-found inactive dead' }), ['node'])).toEqual([]);
  });

  test.each([
    ['loaded inactive dead', 'kubelet.service does not run: inactive (dead)'],
    ['loaded failed failed', 'kubelet.service does not run: failed'],
    ['loaded activating auto-restart', 'kubelet.service does not run: activating (auto-restart)'],
  ])('that do not run are critical: %s', (state, message) => {
    const findings = unitFindings(node, shown({ 'kubelet.service': state }), ['node']);
    expect(ids(findings)).toEqual(['critical unit-stopped/node-1/kubelet.service']);
    expect(findings[0]?.message).toBe(message);
  });

  test('that systemd does not show are unknown, and not taken for running', () => {
    expect(ids(unitFindings(node, new Map(), ['node']))).toEqual(['critical unknown/node-1/units']);
  });

  test('of a role that was never applied are one finding', () => {
    const nothing = Object.fromEntries(unitsOf(node).map((name) => [name, 'not-found inactive dead']));
    expect(ids(unitFindings(node, shown(nothing), []))).toEqual(['critical not-deployed/node-1']);
    expect(ids(unitFindings(node, new Map(), []))).toEqual(['critical not-deployed/node-1']);
  });
});

const file: Change = { kind: 'file', subject: '/etc/hosts', reason: 'content differs' };
const start: Change = { kind: 'start', subject: 'kubelet.service', reason: 'inactive' };

describe('differences', () => {
  test('are counted, and the first ones named', () => {
    const [finding] = driftFindings(node, [file, file, file, file, file], []);
    expect(finding?.message).toBe(
      `a deployment would make 5 changes: ${Array(3).fill('file /etc/hosts (content differs)').join(', ')}, 2 more`,
    );
    expect(ids(finding ? [finding] : [])).toEqual(['warning drift/node-1']);
    expect(ids(objectFindings(cluster, ['Deployment coredns']))).toEqual(['warning objects/seed']);
    expect(objectFindings(cluster, [])).toEqual([]);
  });

  test('leave out the start of a unit that is a finding already, and no other', () => {
    const stopped = unitFindings(node, shown({ 'kubelet.service': 'loaded inactive dead' }), ['node']);
    expect(driftFindings(node, [start], stopped)).toEqual([]);
    expect(ids(driftFindings(node, [start], []))).toEqual(['warning drift/node-1']);
    expect(driftFindings(node, [start, file], stopped)[0]?.message).toMatch(/^a deployment would make 1 change: file/);
  });
});

test('findings are in the order of their severity, each id once, and only critical ones say no', () => {
  const problem = (message: string) => new Problem(message, { code: 'HOST_PORT_TAKEN', host: 'node-1' });
  const taken = unfitFindings(node, [problem('port 1 is taken'), problem('port 2 is taken')]);
  const stopped = unitFindings(node, shown({ 'kubelet.service': 'loaded inactive dead' }), ['node']);
  const all = inOrder([...taken, ...stopped]);
  expect(ids(all)).toEqual(['critical unit-stopped/node-1/kubelet.service', 'warning unfit/node-1/HOST_PORT_TAKEN']);
  expect(all[1]?.message).toBe('port 1 is taken; port 2 is taken');
  expect([isGo(all), isGo(taken), isGo([])]).toEqual([false, true, true]);
});
