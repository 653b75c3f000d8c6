import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { type Killed, killAt, type Moment } from '../killed-run.ts';
import { readLeases } from '../leases.ts';
import { note } from '../note.ts';
import { powerCommand } from '../power.ts';
import { masters } from '../seed-hosts.ts';
import { act, clusterText, lab, logOf, standingCluster, succeeded } from '../seed-lab.ts';
import { smallDisk } from '../small-disk.ts';
import { untilWhole } from '../whole.ts';

const healSeconds = 12;
const cluster = join(lab.stateDir, 'fast.yaml');
let kubectl: Kubectl;

// The leases move within seconds, so that the moments follow each other quickly.
beforeAll(async () => {
  await standingCluster();
  writeFileSync(cluster, `${clusterText()}election: fast\n`);
  succeeded(await act('deploy', { cluster }));
  kubectl = await openKubectl(lab);
}, 600_000);

afterAll(() => rmSync(cluster, { force: true }));

const leader = async (): Promise<string> => (await readLeases(kubectl))['kube-controller-manager'].by;

/** A dead check's claim on the cluster runs out after half a minute, for which the next moment doesn't wait. */
async function endClaim(): Promise<void> {
  const given = `'{"spec": {"holderIdentity": ""}}'`;
  const line = `kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=3s patch lease -n kube-system k8s-ha-action-failover --type=merge -p ${given}`;
  for (const { name } of masters) {
    const patched = await lab.exec(name, ['sh', '-c', line]).catch(() => undefined);
    if (patched?.status === 0 || patched?.stderr.includes('NotFound')) return;
  }
  throw new Error('no master takes the claim back');
}

async function killed(moment: Moment, inputs: Readonly<Record<string, string>>): Promise<Killed> {
  await endClaim();
  const heal = { 'heal-after-seconds': String(healSeconds) };
  const run = await killAt(moment, 'verify-failover', { cluster, ...heal, ...inputs });
  if (!run.killed) throw new Error(`the check was over before its moment:\n${logOf(run)}`);
  return run;
}

const armed = (host: string) => async () =>
  (await lab.exec(host, ['systemctl', '--quiet', 'is-active', 'k8s-ha-action-heal.timer'])).status === 0;

const moments = (fault: string, host: string): Readonly<Record<string, Moment>> => ({
  'before it is armed': { seen: 'the API is asked through', after: 500 },
  'while it begins': { seen: 'the API is asked through', when: armed(host) },
  'after it': { seen: `${fault} of ${host} is done`, after: 300 },
  'while it is undone': { seen: `${host} is being restored`, after: 50 },
  'while the host comes back': { seen: `${host} is restored` },
});
const names = Object.keys(moments('', ''));

describe.each(['stop-services', 'kill', 'freeze', 'cut-network'])('a check with %s that dies', (fault) => {
  test.each(names)(
    '%s leaves a cluster that heals without anyone',
    async (name) => {
      const target = await leader();
      await killed(moments(fault, target)[name] as Moment, { fault, target });
      note(`${fault}, killed ${name}: whole after ${(await untilWhole(healSeconds + 40)).toFixed(1)} s`);
    },
    180_000,
  );
});

describe('a check with disk-full that dies', () => {
  // The disk has to stay full until its member notices.
  const longer = 30;
  let disk: AsyncDisposable;
  beforeAll(async () => {
    disk = await smallDisk('etcd-3');
  }, 60_000);
  afterAll(async () => {
    await disk?.[Symbol.asyncDispose]();
    await untilWhole(30);
  }, 90_000);

  test.each(names)(
    '%s leaves a cluster that heals without anyone',
    async (name) => {
      const inputs = { fault: 'disk-full', target: 'etcd-3', 'heal-after-seconds': String(longer) };
      await killed(moments('disk-full', 'etcd-3')[name] as Moment, inputs);
      note(`disk-full, killed ${name}: whole after ${(await untilWhole(longer + 40)).toFixed(1)} s`);
    },
    180_000,
  );
});

test('a check that dies while others step aside for its target leaves them out for as long as a fault', async () => {
  const led = await leader();
  const target = masters.find(({ name }) => name !== led)?.name ?? '';
  const stopped = async () =>
    (await lab.exec(led, ['systemctl', '--quiet', 'is-active', 'kube-controller-manager'])).status !== 0;
  await killed({ seen: 'is made to lead first', when: stopped }, { fault: 'kill', target });
  note(`killed while ${target} was made to lead: whole after ${(await untilWhole(healSeconds + 40)).toFixed(1)} s`);
}, 180_000);

describe('a check with poweroff that dies', () => {
  // Tells when a command begins; what it does outlives the check.
  const marks = (action: string) => join(lab.stateDir, `power-${action}-began`);
  const script = join(lab.stateDir, 'power.sh');
  const inputs = { fault: 'poweroff', 'power-command': `sh ${script} {action} {host}` };
  const began = (action: string) => async () => existsSync(marks(action));
  const isOn = async (host: string) => (await lab.status()).hosts.find(({ name }) => name === host)?.power === 'on';

  beforeAll(() => {
    const command = powerCommand.replace('{action}', '$1').replace('{host}', '$2');
    writeFileSync(script, `touch ${lab.stateDir}/power-$1-began\n${command}\n`);
  });
  afterAll(() => rmSync(script, { force: true }));

  const kill = async (moment: Moment, target: string): Promise<Killed> => {
    for (const action of ['off', 'on']) rmSync(marks(action), { force: true });
    return await killed(moment, { ...inputs, target });
  };

  const at = (host: string): Readonly<Record<string, Moment>> => ({
    ...moments('poweroff', host),
    'while it begins': { seen: 'the API is asked through', when: began('off') },
    'while it is undone': { seen: `${host} is being restored`, when: began('on') },
  });

  test.each(names)(
    '%s leaves its host to the post step of its job',
    async (name) => {
      const target = await leader();
      const { state } = await kill(at(target)[name] as Moment, target);
      const post = succeeded(await act('verify-failover', { cluster, ...inputs, target }, { state }));
      expect(await isOn(target)).toBe(true);
      note(
        `poweroff, killed ${name}: whole ${(await untilWhole(60)).toFixed(1)} s after the post step, which took ${(post.milliseconds / 1000).toFixed(1)} s`,
      );
    },
    240_000,
  );

  test('and whose runner dies with it leaves its host off, which other faults are told, and the next poweroff mends', async () => {
    const target = await leader();
    await kill(at(target)['after it'] as Moment, target);
    expect(await isOn(target)).toBe(false);
    const soon = await act('verify-failover', { cluster, ...inputs, target: 'leader' });
    expect(logOf(soon)).toContain('another failover check runs in this cluster');
    await endClaim();
    const refused = await act('verify-failover', { cluster, fault: 'freeze' });
    expect(refused.status).toBe(1);
    expect(logOf(refused)).toContain(`${target} was switched off by a check that did not live to switch it on: `);
    expect(await isOn(target)).toBe(false);
    const next = succeeded(await act('verify-failover', { cluster, ...inputs, target: 'leader' }));
    expect(logOf(next)).toContain(`${target} is back, and the cluster is whole`);
    await untilWhole(60);
  }, 300_000);
});
