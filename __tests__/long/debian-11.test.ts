import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { openLab } from '../../lab/lab.ts';
import { powerCommandOf } from '../../lab/power-command.ts';
import { prepareCache } from '../../lab/prepare.ts';
import { runAction } from '../../lab/runner/run-action.ts';
import { hostListing, notGivenBack } from '../lab/host-listing.ts';
import { labId } from '../lab/lab-id.ts';
import { allReadySince } from '../lab/ready-since.ts';
import { remainsOn } from '../lab/remains.ts';
import { logOf, succeeded } from '../lab/results.ts';

// Not green yet as a whole: in its only run, on 28 November 2026, the bundles were exchanged by hand after the first deployment. That one and
// the reset passed.
// The life of a cluster on Debian 11: systemd 247, haproxy 2.2, iptables 1.8.7, bash 5.1, dash and coreutils of 2020.
const lab = openLab({ id: labId('debian') });
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-debian-'));
const names = ['one', 'two', 'three'];
const cluster = {
  name: 'debian',
  hosts: names.map((name, index) => ({
    name,
    address: `192.168.1.${71 + index}`,
    roles: ['etcd', 'master', 'node'],
    ...(name === 'three' && { ssh: { user: 'ops' } }),
  })),
};
let kubectl: Kubectl;
let before: readonly string[];

async function onHost(host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}

async function expectNoChange(): Promise<void> {
  const { outputs } = succeeded(await runAction(lab, 'deploy'));
  expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
  expect((await Promise.all(names.map((host) => remainsOn(lab, host)))).flat()).toEqual([]);
}

beforeAll(async () => {
  await prepareCache((line) => console.log(line));
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, stringify(cluster));
  await lab.down();
  await lab.up({ cluster: file, release: 'bullseye' });
  before = await hostListing(lab, 'two');
}, 900_000);

afterAll(async () => {
  await lab.down();
  rmSync(folder, { recursive: true });
}, 60_000);

test('a cluster is deployed, and a second run changes nothing', async () => {
  expect(await onHost('one', '. /etc/os-release; echo "$VERSION_ID"; systemctl --version | head -n 1')).toMatch(
    /^11\nsystemd 247 /,
  );
  succeeded(await runAction(lab, 'deploy'));
  kubectl = await openKubectl(lab);
  await expectNoChange();
  await allReadySince(kubectl, { nodes: 3, pods: 3 }, 0);
}, 400_000);

test('haproxy 2.2 finds the members of etcd and the API servers healthy', async () => {
  expect(await onHost('one', 'haproxy -v')).toContain('version 2.2.');
  const states = (socket: string) =>
    `perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new("${socket}"); print $s "show stat\n"; print <$s>'`;
  for (const [socket, backend] of [
    ['/run/kube-etcd-haproxy.sock', 'members'],
    ['/run/kube-haproxy.sock', 'masters'],
  ] as const) {
    const servers = (await onHost('one', states(socket))).split('\n').map((line) => line.split(','));
    const checked = servers.filter(([of, name = '']) => of === backend && names.includes(name));
    expect(checked.map((fields) => fields[17])).toEqual(['UP', 'UP', 'UP']);
  }
  expect(await onHost('one', 'stat -c "%a %U" /etc/kubernetes/etcd-haproxy.pem')).toBe('600 root');
});

test('the loss of the leading master’s power costs what it does on Debian 12', async () => {
  const inputs = { fault: 'poweroff', 'power-command': powerCommandOf(lab) };
  const result = succeeded(await runAction(lab, 'verify-failover', { inputs }));
  expect(logOf(result)).toMatch(/passed: 0 of \d+ new connections failed/);
}, 400_000);

test('after a power cut of all at once, everything is as the run made it', async () => {
  await Promise.all(names.map((host) => lab.powerOff(host, { hard: true })));
  const off = Date.now();
  await Promise.all(names.map((host) => lab.powerOn(host)));
  await allReadySince(kubectl, { nodes: 3, pods: 3 }, off);
  await expectNoChange();
}, 300_000);

test('a reset gives the hosts back', async () => {
  succeeded(await runAction(lab, 'reset', { inputs: { confirm: cluster.name } }));
  expect(await notGivenBack(lab, 'two', before)).toEqual([]);
}, 180_000);
