import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { askThroughBalancer } from '../balancer-client.ts';
import { runInNetworkOf } from '../networks.ts';
import { note, seconds } from '../note.ts';
import { powerOn } from '../power.ts';
import { figuresOf } from '../requests.ts';
import { localApi, masters, members, node, seedHosts } from '../seed-hosts.ts';
import { act, lab, logOf, standingCluster, succeeded } from '../seed-lab.ts';
import { unitStarts } from '../unit-starts.ts';

let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await standingCluster();
}, 5_400_000);

afterAll(async () => {
  await powerOn(...seedHosts.map(({ name }) => name));
}, 240_000);

/** Reads and writes as a client on the node does; one that hangs for longer than a minute has failed. */
async function readAndWrite(name: string): Promise<void> {
  const through = [kubectl.binary, `--kubeconfig=${kubectl.kubeconfig}`, `--server=${localApi}`];
  const begin = performance.now();
  const written = await runInNetworkOf(node.name, [...through, 'create', 'configmap', name], { timeout: 60_000 });
  expect(written).toMatchObject({ status: 0, stdout: `configmap/${name} created\n` });
  const read = await runInNetworkOf(node.name, [...through, 'get', 'configmap', name], { timeout: 60_000 });
  expect(read).toMatchObject({ status: 0 });
  note(`a write and a read after ${name}: ${seconds(performance.now() - begin)}`);
  expect((await kubectl.run(['delete', 'configmap', name])).status).toBe(0);
}

/** That the check says no, says why, and does not so much as call the power command. */
async function expectRefusal(reason: RegExp): Promise<void> {
  const left = seedHosts.filter(({ name }) => name !== 'etcd-3' && name !== 'master-3');
  const mark = join(lab.stateDir, 'power-command-ran');
  const before = await unitStarts(left);
  const refused = await act('verify-failover', { fault: 'poweroff', 'power-command': `touch ${mark}` });
  expect(refused.status).toBe(1);
  expect(logOf(refused)).toContain('FAILOVER_REFUSED');
  expect(logOf(refused)).toMatch(reason);
  expect(existsSync(mark)).toBe(false);
  expect(await unitStarts(left)).toEqual(before);
}

describe('with an etcd host without power', () => {
  beforeAll(async () => {
    const stop = await askThroughBalancer();
    await lab.powerOff('etcd-3', { hard: true });
    await readAndWrite('loss-of-etcd-3');
    note(`new connections through the node’s balancer since then: ${figuresOf(await stop())}`);
  }, 200_000);

  test('the cluster answers and takes writes', async () => {
    await readAndWrite('without-etcd-3');
  }, 130_000);

  test('verify-failover refuses to take a master away, says why and does nothing', async () => {
    await expectRefusal(/etcd-3: its etcd member is not healthy/);
  }, 120_000);
});

describe('with a master without power as well', () => {
  beforeAll(async () => {
    await lab.powerOff('master-3', { hard: true });
  }, 60_000);

  test('the cluster still answers and takes writes', async () => {
    await readAndWrite('without-master-3');
    await readAndWrite('still-without-both');
  }, 250_000);

  test('verify-failover refuses to take another master away', async () => {
    await expectRefusal(/master-3 does not serve/);
  }, 120_000);
});

describe('when both have their power back', () => {
  test('they rejoin by themselves, and a run finds nothing to change', async () => {
    await powerOn('etcd-3', 'master-3');
    kubectl = await openKubectl(lab);
    const nothing = succeeded(await act('deploy'));
    expect(nothing.outputs).toMatchObject({ changed: '0', 'changed-hosts': '[]', restarted: '[]' });
    for (const start of Object.values(await unitStarts([...masters, ...members])))
      expect(start).toMatch(/^active as [1-9]/);
  }, 300_000);
});
