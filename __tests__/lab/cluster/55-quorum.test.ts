import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { paths } from '../../../src/pki/index.ts';
import { ageCertificates, authoritiesOfCluster } from '../aged-certificates.ts';
import { askThroughBalancer } from '../balancer-client.ts';
import { markedPowerCommand, powerCommandRan, provePowerCommand } from '../marked-power.ts';
import { runInNetworkOf } from '../networks.ts';
import { note, seconds } from '../note.ts';
import { powerOn } from '../power.ts';
import { refusal } from '../refusals.ts';
import { figuresOf, isGood } from '../requests.ts';
import { localApi, masters, members, node, seedHosts } from '../seed-hosts.ts';
import { act, lab, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { unitEvents } from '../starts.ts';
import { unitStarts } from '../unit-starts.ts';

const day = 24 * 3600 * 1000;
/** One host of each role. */
const aged = ['etcd-1', 'master-2', 'node-1'];
let kubectl: Kubectl;

/** Of a certificate in a file of each of them, and of the one that etcd presents, rounded. */
async function daysLeft(): Promise<readonly number[]> {
  const files = [paths.etcd.peer.crt, paths.apiserver.crt, paths.kubeletServing.crt];
  const pems = await Promise.all(aged.map((host, index) => onHost(host, `cat ${files[index]}`)));
  const served = await onHost('etcd-1', 'openssl s_client -connect 127.0.0.1:2379 </dev/null 2>/dev/null || :');
  const [pem = ''] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(served) ?? [];
  return [...pems, pem].map((each) => Math.round((Date.parse(new X509Certificate(each).validTo) - Date.now()) / day));
}

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

  test('certificates of the others are renewed, what may not restart is left running, and the run names each', async () => {
    await ageCertificates(await authoritiesOfCluster(), aged, new Date(Date.now() - 300 * day));
    expect(await daysLeft()).toEqual([65, 65, 65, 65]);
    const stop = await askThroughBalancer();
    const since = Date.now();
    const run = refusal(await act('rotate', { what: 'certificates' }));
    const clients = await stop();
    note(`renewed without etcd-3 in ${seconds(run.milliseconds)}; new connections: ${figuresOf(clients)}`);
    // Without etcd-3, etcd needs both other members.
    expect(run.codes).toEqual(['HOST_UNREACHABLE', 'RESTART_REFUSED']);
    expect(run.errors.join('\n')).toMatch(/^etcd-3: .*^etcd-1 etcd.service: .*no answer from etcd-3/ms);
    expect(await daysLeft()).toEqual([365, 365, 365, 365]);
    expect(JSON.parse(run.outputs.restarted ?? '')).toEqual(
      expect.arrayContaining(['master-2/kube-apiserver.service']),
    );
    const stopped = (await unitEvents([...aged, 'etcd-2'], since)).filter(({ what }) => what === 'stopping');
    expect(stopped.filter(({ unit }) => unit === 'etcd.service')).toEqual([]);
    expect(clients.filter((sample) => !isGood(sample))).toEqual([]);
  }, 300_000);
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
    // The restart that was not safe without etcd-3.
    const rest = succeeded(await act('rotate', { what: 'certificates' }));
    expect(JSON.parse(rest.outputs.restarted ?? '')).toEqual(['etcd-1/etcd.service']);
    const nothing = succeeded(await act('deploy'));
    expect(nothing.outputs).toMatchObject({ changed: '0', 'changed-hosts': '[]', restarted: '[]' });
    for (const start of Object.values(await unitStarts([...masters, ...members])))
      expect(start).toMatch(/^active as [1-9]/);
  }, 300_000);
});
