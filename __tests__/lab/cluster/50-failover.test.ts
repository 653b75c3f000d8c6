import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../../lab/command.ts';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { failedTurns, repeat, type Turn, turnsInWords } from '../../../lab/repeat.ts';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { clientCommand, startWorkload, workloadUrl } from '../../../lab/workload.ts';
import { askThroughBalancer } from '../balancer-client.ts';
import { type Held, leaseNames, readLeases } from '../leases.ts';
import { inContainer, runInNetworkOf } from '../networks.ts';
import { note, seconds } from '../note.ts';
import { powerCommand } from '../power.ts';
import { figuresOf, isGood, type Sample } from '../requests.ts';
import { localApi, node, seedHosts } from '../seed-hosts.ts';
import { act, lab, logOf, standingCluster, succeeded } from '../seed-lab.ts';
import { restartedBetween, type UnitStarts, unitStarts } from '../unit-starts.ts';

let kubectl: Kubectl;
let before: Readonly<Record<string, Held>>;
let after: Readonly<Record<string, Held>>;
let starts: UnitStarts;
let result: ActionResult;
let clients: readonly Sample[];
let powerlessAt = Number.NaN;
let kubectls: readonly Turn[];
let pods: readonly Turn[];

const figure = (name: string): number => Number(result.outputs[name] || Number.NaN);

describe('the power of the leading master is lost', () => {
  beforeAll(async () => {
    kubectl = await standingCluster();
    await startWorkload(kubectl);
    [before, starts] = [await readLeases(kubectl), await unitStarts()];
    const get = [kubectl.binary, `--kubeconfig=${kubectl.kubeconfig}`, `--server=${localApi}`, 'get', 'pods'];
    const stopKubectl = repeat(() => runInNetworkOf(node.name, get, { timeout: 20_000 }), 500);
    const askService = inContainer(node.name, clientCommand, ['/web', 'get', workloadUrl]);
    const stopPods = repeat(() => run(askService, { timeout: 10_000 }), 250);
    const stopClients = await askThroughBalancer();
    const onLine = ({ text }: { readonly text: string }) => {
      if (text.includes('poweroff of master-1 is done')) powerlessAt = Date.now();
    };
    result = await act('verify-failover', { fault: 'poweroff', 'power-command': powerCommand }, { onLine });
    [clients, kubectls, pods] = await Promise.all([stopClients(), stopKubectl(), stopPods()]);
    note(logOf(result));
    note(`new connections through the node’s balancer, by a client of the test’s own: ${figuresOf(clients)}`);
    note(`kubectl through it: ${turnsInWords(kubectls)}; the Service asked from a pod: ${turnsInWords(pods)}`);
    kubectl = await openKubectl(lab);
    after = await readLeases(kubectl);
  }, 600_000);

  test('passes verify-failover', () => {
    succeeded(result);
    expect(result.outputs.target).toBe('master-1');
    expect(figure('requests')).toBeGreaterThan(100);
    // One request in flight at the power loss may fail, which verify-failover reports and does not count.
    const reported =
      /passed: 0 of \d+ new connections failed \(limit 0\)(?:, besides (\d+) that may have been accepted by master-1)?$/m;
    const inside = reported.exec(logOf(result));
    expect(inside).not.toBeNull();
    expect(figure('failed-requests')).toBe(Number(inside?.[1] ?? 0));
    expect(figure('failed-requests')).toBeLessThanOrEqual(1);
    expect(result.summary).toContain('master-1');
  });

  test('moves both leases to another master within 25 s, once each', () => {
    for (const name of leaseNames) {
      expect(figure(`${name.replace('kube-', '')}-transfer-ms`)).toBeLessThanOrEqual(25_000);
      expect(result.outputs[`${name.replace('kube-', '')}-old-leader`]).toBe('master-1');
      expect(result.outputs[`${name.replace('kube-', '')}-new-leader`]).toBe(after[name]?.by);
      expect(after[name]?.by).toMatch(/^master-[23]$/);
      // One more if master-1 did not lead before and had to become the leader first.
      const given = before[name]?.by === 'master-1' ? 0 : 1;
      expect((after[name]?.transitions ?? 0) - (before[name]?.transitions ?? 0)).toBe(1 + given);
    }
  });

  test('fails none of the later connections of a client on the node', () => {
    const since = clients.filter(({ at }) => at > powerlessAt);
    expect(since.length).toBeGreaterThan(100);
    expect(since.filter((sample) => !isGood(sample))).toEqual([]);
    expect(Math.max(...since.map(({ ms }) => ms))).toBeLessThan(5000);
  });

  test('fails at most the request that master-1 was answering at the power loss', () => {
    const lost = clients.filter((sample) => sample.at <= powerlessAt && !isGood(sample));
    expect(lost.length).toBeLessThanOrEqual(1);
    for (const { at, ms } of lost) {
      expect(at + ms).toBeGreaterThan(powerlessAt - 500);
      expect(ms).toBeLessThan(2500);
    }
  });

  test('does not stop kubectl through 127.0.0.1:5002, or traffic between pods', () => {
    expect(kubectls.length).toBeGreaterThan(5);
    expect(failedTurns(kubectls)).toEqual([]);
    expect(pods.length).toBeGreaterThan(20);
    expect(failedTurns(pods)).toEqual([]);
  });

  test('ends when master-1 has power again: everything there starts by itself', async () => {
    expect(figure('rejoin-ms')).toBeLessThan(120_000);
    const changed = restartedBetween(starts, await unitStarts());
    const own = Object.keys(starts).filter((unit) => unit.startsWith('master-1/'));
    // Candidates on the other masters were stopped for a moment if master-1 did not lead before.
    const asked = leaseNames
      .filter((name) => before[name]?.by !== 'master-1')
      .flatMap((name) => [`master-2/${name}`, `master-3/${name}`]);
    const others = changed.filter((unit) => !own.includes(unit) && !asked.includes(unit));
    expect(changed).toEqual(expect.arrayContaining(own));
    expect(others).toEqual([]);
    const nothing = succeeded(await act('deploy'));
    expect(nothing.outputs).toMatchObject({ changed: '0', restarted: '[]' });
    note(`the cluster was whole again ${seconds(figure('rejoin-ms'))} after the power came back`);
    expect((await lab.status()).hosts.map(({ power }) => power)).toEqual(seedHosts.map(() => 'on'));
  }, 60_000);
});
