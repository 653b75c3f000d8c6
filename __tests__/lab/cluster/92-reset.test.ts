import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { openKubectl } from '../../../lab/kubectl.ts';
import { openLab } from '../../../lab/lab.ts';
import { runAction } from '../../../lab/runner/run-action.ts';
import { type ClusterText, changedCluster } from '../cluster-file.ts';
import { hostListing, notGivenBack } from '../host-listing.ts';
import { labId } from '../lab-id.ts';
import { refused } from '../refusals.ts';
import { authoritiesOn, stateOf } from '../remains.ts';
import { logOf, succeeded } from '../results.ts';

// A cluster of a host with all roles and a node that gets another name, reached with sudo; and a host that is never part of it.
const lab = openLab({ id: labId('reset') });
const hosts = ['one', 'two'] as const;
const cluster = {
  name: 'reset',
  kubernetesVersion: '1.37.2',
  addons: { metricsServer: false },
  hosts: [
    { name: 'one', address: '192.168.1.31', roles: ['etcd', 'master', 'node'] },
    { name: 'two', address: '192.168.1.32', roles: ['node'], hostname: 'worker-two', ssh: { user: 'ops' } },
    { name: 'spare', address: '192.168.1.33', roles: ['node'] },
  ],
};
/** What the hosts have of their own in places that the cluster takes. */
const own = `mkdir -p /root/.kube /etc/containerd /var/lib/cni
echo mine >/root/.kube/config; chmod 640 /root/.kube/config
echo 'version = 2' >/etc/containerd/config.toml
echo kept >/var/lib/cni/mine
mkdir /var/lib/cni/disk; mount -t tmpfs none /var/lib/cni/disk; echo kept >/var/lib/cni/disk/file
echo 0 >/proc/sys/net/ipv4/ip_forward`;

let file: string;
let before: Readonly<Record<string, readonly string[]>>;
let authorities: Readonly<Record<string, string>>;

async function onHost(host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}

async function deploy(): Promise<void> {
  succeeded(await runAction(lab, 'deploy', { inputs: { cluster: file } }));
}

async function reset(inputs: Readonly<Record<string, string>> = {}) {
  return await runAction(lab, 'reset', { inputs: { cluster: file, confirm: 'reset', ...inputs } });
}

async function resetRefused(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await refused(lab, { cluster: file, confirm: 'reset', ...inputs }, 'reset')).codes;
}

const variant = (name: string, change: (text: ClusterText) => void) => changedCluster(lab, name, change);

beforeAll(async () => {
  const bare = join(mkdtempSync(join(tmpdir(), 'k8s-ha-reset-')), 'cluster.yaml');
  writeFileSync(bare, stringify(cluster));
  await lab.down();
  await lab.up({ cluster: bare });
  file = variant('two-hosts', (text) => {
    text.hosts = text.hosts.filter(({ name }) => name !== 'spare');
  });
  await onHost('one', own);
  const listed = hosts.map(async (host) => [host, await hostListing(lab, host)] as const);
  before = Object.fromEntries(await Promise.all(listed));
  await deploy();
  const kubectl = await openKubectl(lab);
  await kubectl.must(['create', 'configmap', 'of-the-old-cluster']);
  // A pod that starts later would change its host.
  await kubectl.must(['rollout', 'status', 'deployment/coredns', '--namespace=kube-system', '--timeout=120s']);
  authorities = await authoritiesOn(lab, 'one');
}, 600_000);

afterAll(async () => {
  await lab.down();
}, 120_000);

test('what is not confirmed, not ours, or needed by the rest is refused, and nothing is changed', async () => {
  const was = await Promise.all(hosts.map((host) => stateOf(lab, host)));
  const logins = () => onHost('one', `journalctl -u ssh --no-pager -o cat | grep -c Accepted`);
  const loggedIn = await logins();
  for (const confirm of ['', 'Reset', 'other'])
    expect([confirm, await resetRefused({ confirm })]).toEqual([confirm, ['RESET_UNCONFIRMED']]);
  expect(await resetRefused({ confirm: 'other', hosts: 'two' })).toEqual(['RESET_UNCONFIRMED']);
  expect(await resetRefused({ hosts: 'three' })).toEqual(['INPUT_INVALID']);
  expect(await logins()).toBe(loggedIn);
  expect(await resetRefused({ hosts: 'one' })).toEqual(['RESET_LAST', 'RESET_LAST']);
  const renamed = variant('renamed', (text) => {
    text.name = 'another';
  });
  const foreign = await refused(lab, { cluster: renamed, confirm: 'another' }, 'reset');
  expect(new Set(foreign.codes)).toEqual(new Set(['RESET_OTHER_CLUSTER', 'RESET_NOT_OURS']));
  expect(foreign.errors.join('\n')).toContain('belongs to the cluster reset, not to another');
  const wider = variant('wider', () => {});
  const never = await refused(lab, { cluster: wider, confirm: 'reset' }, 'reset');
  expect(never.codes).toEqual(['RESET_NOT_OURS']);
  expect(never.errors[0]).toContain('spare');
  expect(await Promise.all(hosts.map((host) => stateOf(lab, host)))).toEqual(was);
}, 120_000);

test('a dry run lists by host what would go, and changes nothing', async () => {
  const was = await Promise.all(hosts.map((host) => stateOf(lab, host)));
  const planned = succeeded(await reset({ 'dry-run': 'true' }));
  const log = logOf(planned);
  for (const line of [
    'one: would stop etcd.service (active)',
    'one: would remove /var/lib/etcd/member (data)',
    'one: would remove cni0 (interface)',
    'one: would restore /root/.kube/config (as it was found)',
    'two: would restore hostname (worker-two → two)',
    'two: would remove flannel.1 (interface)',
  ])
    expect(log).toContain(line);
  expect(log.lastIndexOf('one: would')).toBeLessThan(log.indexOf('two: would'));
  expect(await Promise.all(hosts.map((host) => stateOf(lab, host)))).toEqual(was);
}, 60_000);

/** Runs a reset and kills its process at a line of its log. */
async function killedAt(seen: string): Promise<void> {
  let child: ChildProcess | undefined;
  await runAction(lab, 'reset', {
    inputs: { cluster: file, confirm: 'reset' },
    onStart: (started) => {
      child = started;
    },
    onLine: ({ text }) => {
      if (text.startsWith(seen)) child?.kill('SIGKILL');
    },
  });
  expect([seen, child?.signalCode]).toEqual([seen, 'SIGKILL']);
}

test('it is killed twice, then a host is without power: the other is done, and the next run does the rest', async () => {
  await killedAt('one: stopped etcd.service');
  await lab.powerOff('two', { hard: true });
  await killedAt('one: removed /usr/local/bin/etcd ');
  const half = await refused(lab, { cluster: file, confirm: 'reset' }, 'reset');
  expect(half.codes).toEqual(['HOST_UNREACHABLE']);
  expect(half.errors[0]).toContain('two');
  expect(await notGivenBack(lab, 'one', before.one ?? [])).toEqual([]);
  expect(await onHost('one', 'cat /var/lib/cni/disk/file')).toBe('kept');
  // Some of its units are left, and wait for what is gone.
  await lab.powerOn('two', { settled: false });
  succeeded(await reset());
  await onHost('two', 'timeout 60 systemctl is-system-running --wait || true');
  for (const host of hosts) expect([host, await notGivenBack(lab, host, before[host] ?? [])]).toEqual([host, []]);
  expect(succeeded(await reset({ hosts: 'one two' })).outputs).toMatchObject({ changed: '0' });
}, 240_000);

test('deployed again it is a new cluster, with nothing of the old one', async () => {
  await deploy();
  const now = await authoritiesOn(lab, 'one');
  expect(Object.keys(now)).toEqual(Object.keys(authorities));
  for (const [place, sum] of Object.entries(now)) expect([place, sum]).not.toEqual([place, authorities[place]]);
  const kubectl = await openKubectl(lab);
  expect((await kubectl.must(['get', 'configmaps', '-o', 'name'])).trim()).toBe('configmap/kube-root-ca.crt');
  expect((await kubectl.must(['get', 'nodes', '--no-headers'])).match(/ Ready /g)).toHaveLength(2);
  const part = succeeded(await reset({ hosts: 'two' }));
  expect(logOf(part)).toContain('The cluster keeps the Nodes');
  expect(await notGivenBack(lab, 'two', before.two ?? [])).toEqual([]);
  expect(await kubectl.must(['get', '--raw', '/readyz'])).toBe('ok');
}, 300_000);
