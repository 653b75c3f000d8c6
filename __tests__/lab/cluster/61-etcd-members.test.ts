import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { changedCluster } from '../cluster-file.ts';
import { etcdLeader } from '../etcd-users.ts';
import { etcdctl, votersBy } from '../etcdctl.ts';
import { note, seconds } from '../note.ts';
import { refusal } from '../refusals.ts';
import { act, bareHosts, lab, onHost, succeeded } from '../seed-lab.ts';
import { newIdentity } from '../trio.ts';
import { outcomeOf, rebuild } from '../workflow-runs.ts';

// etcd's members change while a client writes: one host with a control plane, and four that have etcd alone.
const names = ['one', 'two', 'three', 'four', 'five'];
const hosts = names.map((name, index) => ({
  name,
  address: `192.168.1.23${index + 1}`,
  roles: name === 'one' ? ['etcd', 'master'] : ['etcd'],
}));
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-etcd-members-'));

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  const addons = { coredns: false, metricsServer: false };
  writeFileSync(file, stringify({ name: 'quint', kubernetesVersion: '1.37.2', addons, hosts }));
  await bareHosts(file);
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The cluster's file with these hosts alone. */
const fileOf = (members: readonly string[]): string =>
  changedCluster(lab, members.join('-'), (cluster) => {
    cluster.hosts = cluster.hosts.filter(({ name }) => members.includes(name));
  });

async function deploy(...members: readonly string[]) {
  const began = performance.now();
  const result = succeeded(await act('deploy', { cluster: fileOf(members) }));
  const phases = result.lines.flatMap(({ text }) => /^(\w[\w ]+): (\d{2,}|[2-9])\.\d s$/.exec(text)?.[0] ?? []);
  note(`deployed ${members.join(', ')}: ${seconds(performance.now() - began)} (${phases.join(', ')})`);
  return result;
}

/** Writes one key after the other until it is stopped, and keeps which were acknowledged, and when. */
const writer = [
  'i=0; while :; do i=$((i + 1))',
  `${etcdctl} --command-timeout=3s put /written/$i x >/dev/null 2>&1 && echo "$i $(date +%s%3N)" >>/root/acknowledged`,
  'sleep 0.02; done',
].join('; ');

let toldUntil = 0;

/** Notes the longest time between two acknowledged writes since the last note. */
async function tellGap(occasion: string): Promise<void> {
  const times = (await onHost('one', 'cut -d " " -f 2 /root/acknowledged')).trim().split('\n').map(Number);
  const gaps = times.flatMap((time, index) => (time > toldUntil ? [time - (times[index - 1] ?? time)] : []));
  toldUntil = times.at(-1) ?? 0;
  note(`${occasion}: ${gaps.length} acknowledged writes, longest gap ${seconds(Math.max(...gaps))}`);
}

const started = (unit: string) => `systemctl show -p ActiveEnterTimestampMonotonic ${unit}`;

test('one member becomes three by one job and five by jobs at once, while a client writes, and no other member restarts', async () => {
  await deploy('one');
  await onHost('one', `systemd-run --quiet --unit=writer sh -c '${writer.replaceAll('$', '$$')}'`);
  const before = await onHost('one', started('etcd'));
  await deploy('one', 'two', 'three');
  expect(Object.keys(await votersBy('one')).sort()).toEqual(['one', 'three', 'two']);
  await tellGap('from one to three');
  const two = await onHost('two', started('etcd'));
  const folder = join(place, 'grow');
  const files = { 'cluster.yaml': readFileSync(fileOf(names), 'utf8') };
  const grown = await rebuild(await newIdentity(), { folder, runId: 'grow', files });
  expect(outcomeOf(grown)).toMatchObject([{ 'etcd four': 'success', 'etcd five': 'success' }, true]);
  await tellGap('from three to five');
  const voters = await votersBy('five');
  expect(Object.keys(voters).sort()).toEqual([...names].sort());
  expect(Object.values(voters)).not.toContain('learner');
  expect(await onHost('one', started('etcd'))).toBe(before);
  expect(await onHost('two', started('etcd'))).toBe(two);
  expect((await deploy(...names)).outputs).toMatchObject({ changed: '0' });
}, 600_000);

test('a host that comes back empty is replaced, also the one that led', async () => {
  const old = await votersBy('one');
  await lab.reimage('four');
  const planned = succeeded(await act('plan', { cluster: fileOf(names) }));
  expect(planned.lines.map(({ text }) => text).join('\n')).toMatch(
    /four: would remove the member [0-9a-f]+ from etcd \(four\): the host came back without data/,
  );
  await deploy(...names);
  // The one with the API server stays.
  if ((await etcdLeader(lab, hosts)) === 'one') await onHost('one', `${etcdctl} move-leader ${old.two}`);
  const leader = await etcdLeader(lab, hosts.slice(1));
  await lab.reimage(leader);
  await deploy(...names);
  await tellGap('two hosts replaced');
  const voters = await votersBy('one');
  expect(Object.keys(voters).sort()).toEqual([...names].sort());
  expect(voters.four).not.toBe(old.four);
  expect(voters[leader]).not.toBe(old[leader]);
  expect((await deploy(...names)).outputs).toMatchObject({ changed: '0' });
}, 600_000);

test('members without a host are refused by name and nothing is changed; removed hosts leave, also the leader', async () => {
  const three = names.slice(0, 3);
  const gone = names.slice(3);
  const { codes, log } = refusal(await act('deploy', { cluster: fileOf(three) }));
  expect(codes).toEqual(['ETCD_MEMBER_STRAY', 'ETCD_MEMBER_STRAY']);
  expect(log).toMatch(/the member four \([0-9a-f]+\) at https:\/\/192\.168\.1\.234:2380/);
  const voters = await votersBy('one');
  expect(Object.keys(voters)).toHaveLength(5);
  const leader = await etcdLeader(lab, hosts);
  if (!gone.includes(leader)) await onHost(leader, `${etcdctl} move-leader ${voters.five}`);
  const leaving = changedCluster(lab, 'leaving', (cluster) => {
    for (const host of cluster.hosts) if (gone.includes(host.name)) Object.assign(host, { state: 'removed' });
  });
  const files = { 'cluster.yaml': readFileSync(leaving, 'utf8') };
  const left = await rebuild(await newIdentity(), { folder: join(place, 'leave'), runId: 'leave', files });
  expect(outcomeOf(left)).toMatchObject([{ 'etcd one': 'success', addons: 'success' }, true]);
  for (const host of gone)
    expect(await onHost(host, 'ls -d /var/lib/etcd/member /etc/etcd /usr/local/bin/etcd 2>/dev/null || :')).toBe('');
  await tellGap('from five to three');
  expect(Object.keys(await votersBy('one')).sort()).toEqual([...three].sort());
  expect((await deploy(...three)).outputs).toMatchObject({ changed: '0' });
}, 300_000);

test('every acknowledged write is there', async () => {
  await onHost('one', 'systemctl stop writer');
  const lines = (await onHost('one', 'cat /root/acknowledged')).trim().split('\n');
  const written = new Set((await onHost('two', `${etcdctl} get --prefix --keys-only /written/`)).trim().split(/\s+/));
  expect(lines.filter((line) => !written.has(`/written/${line.split(' ')[0]}`))).toEqual([]);
}, 60_000);
