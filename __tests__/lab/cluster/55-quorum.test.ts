import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { markedPowerCommand, powerCommandRan, provePowerCommand } from '../marked-power.ts';
import { runInNetworkOf } from '../networks.ts';
import { note, seconds } from '../note.ts';
import { powerOn } from '../power.ts';
import { refusal } from '../refusals.ts';
import { localApi, masters, members, node, seedHosts } from '../seed-hosts.ts';
import { act, lab, standingCluster, succeeded } from '../seed-lab.ts';
import { unitEvents } from '../starts.ts';
import { unitStarts } from '../unit-starts.ts';

let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await standingCluster();
}, 600_000);

afterAll(async () => {
  await powerOn(...seedHosts.map(({ name }) => name));
}, 240_000);

/**
 * Writes like a client on the node, with retries, and reads the value again. A write that was in flight to the lost
 * member may fail (56-etcd-loss); this requires that it succeeds soon after.
 */
async function writeAndRead(occasion: string): Promise<void> {
  const through = [kubectl.binary, `--kubeconfig=${kubectl.kubeconfig}`, `--server=${localApi}`];
  const ask = (...args: string[]) => runInNetworkOf(node.name, [...through, ...args], { timeout: 30_000 });
  const begin = performance.now();
  const refusals: string[] = [];
  for (;;) {
    const name = `written-${refusals.length}-${Math.round(begin)}`;
    const written = await ask('create', 'configmap', name);
    if (written.status === 0) {
      expect((await ask('get', 'configmap', name, '-o', 'name')).stdout).toBe(`configmap/${name}\n`);
      break;
    }
    refusals.push(written.stderr.trim());
    expect({ refusals, late: performance.now() - begin > 20_000 }).toMatchObject({ late: false });
  }
  note(`a write and a read ${occasion}: ${seconds(performance.now() - begin)}, ${refusals.length} attempts failed`);
  for (const refusal of refusals) note(`  ${refusal}`);
}

/** Expects that the check refuses with its reason, and does not even call the power command. */
async function expectRefusal(reason: RegExp): Promise<void> {
  const left = seedHosts.filter(({ name }) => name !== 'etcd-3' && name !== 'master-3').map(({ name }) => name);
  await provePowerCommand();
  const since = Date.now();
  const { codes, log } = refusal(
    await act('verify-failover', { fault: 'poweroff', 'power-command': markedPowerCommand }),
  );
  expect(codes).toEqual(['FAILOVER_REFUSED']);
  expect(log).toContain('refused to take master-1 down: ');
  expect(log).toMatch(reason);
  expect(powerCommandRan()).toBe(false);
  // No process was stopped. A leader that could not renew, because its API server hung on the lost member, ends by itself.
  expect((await unitEvents(left, since)).filter(({ what }) => what === 'stopping')).toEqual([]);
}

describe('with an etcd host without power', () => {
  beforeAll(async () => {
    await lab.powerOff('etcd-3', { hard: true });
  }, 200_000);

  test('the cluster serves reads and writes', async () => {
    await writeAndRead('without etcd-3');
  }, 130_000);

  test('verify-failover refuses to take a master down, with its reason, and does nothing', async () => {
    await expectRefusal(/etcd-3: its etcd member is not healthy/);
  }, 120_000);
});

describe('with a master without power as well', () => {
  beforeAll(async () => {
    await lab.powerOff('master-3', { hard: true });
  }, 60_000);

  test('the cluster still serves reads and writes', async () => {
    await writeAndRead('without etcd-3 and master-3');
    await writeAndRead('still without both');
  }, 250_000);

  test('verify-failover refuses to take another master down', async () => {
    await expectRefusal(/master-3 does not serve/);
  }, 120_000);
});

describe('when both have power again', () => {
  test('they rejoin by themselves, and a run finds nothing to change', async () => {
    await powerOn('etcd-3', 'master-3');
    kubectl = await openKubectl(lab);
    const nothing = succeeded(await act('deploy'));
    expect(nothing.outputs).toMatchObject({ changed: '0', 'changed-hosts': '[]', restarted: '[]' });
    for (const start of Object.values(await unitStarts([...masters, ...members])))
      expect(start).toMatch(/^active as [1-9]/);
  }, 300_000);
});
