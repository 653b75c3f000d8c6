import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openKubectl } from '../../../lab/kubectl.ts';
import { killAt, type Moment } from '../killed-run.ts';
import { authoritiesOn, etcdLocks, remainsOn } from '../remains.ts';
import * as seed from '../seed-hosts.ts';
import { act, bareHosts, clusterText, lab, logOf, onHost, succeeded } from '../seed-lab.ts';
import { absences, overlaps, startsOf, unitEvents } from '../starts.ts';

// The first deployment is that of a file with two flags more, so that the change afterwards leads to the lab's own file.
const hosts = seed.seedHosts.map(({ name }) => name);
const masters = seed.masters.map(({ name }) => name);
const members = seed.members.map(({ name }) => name);
let first: string;

beforeAll(async () => {
  await bareHosts();
  first = join(lab.stateDir, 'first.yaml');
  const args = (name: string, value: string) => `  extraArgs:\n    - { name: ${name}, value: "${value}" }\n`;
  writeFileSync(
    first,
    `${clusterText()}apiServer:\n${args('audit-log-maxage', '7')}etcd:\n${args('max-request-bytes', '1600000')}`,
  );
}, 300_000);

const unitRuns = (host: string, unit: string) => async () =>
  (await lab.exec(host, ['systemctl', 'is-active', '--quiet', unit])).status === 0;

describe('a first deployment that is killed again and again', () => {
  const moments: readonly Moment[] = [
    { seen: 'Connect to the hosts', after: 150 },
    { seen: 'Prepare certificates', after: 400 },
    { seen: 'etcd-3: issued', after: 40 },
    // Its masters still install packages, and the next run finds no new cluster.
    { seen: 'Fetch binaries', when: unitRuns('etcd-1', 'etcd.service') },
    { seen: 'Fetch binaries', after: 600 },
    { seen: 'Apply etcd', after: 350 },
    { seen: 'Wait for etcd' },
    { seen: 'Apply masters', after: 800 },
    { seen: 'Wait for the API servers' },
    { seen: 'Apply nodes', after: 300 },
    { seen: 'Apply nodes', when: unitRuns('node-1', 'kubelet.service') },
    { seen: 'Apply add-ons', after: 50 },
  ];
  /** After each kill: host → path of a CA → its hash. */
  const seen: Readonly<Record<string, Readonly<Record<string, string>>>>[] = [];

  const look = async () => {
    const pairs = await Promise.all(hosts.map(async (host) => [host, await authoritiesOn(lab, host)] as const));
    seen.push(Object.fromEntries(pairs));
  };

  test.each(moments)(
    'is killed after “$seen”',
    async (moment) => {
      const { killed, lines } = await killAt(moment, 'deploy', { cluster: first });
      await look();
      if (!killed) throw new Error(`the run was over before its moment:\n${logOf({ lines })}`);
    },
    240_000,
  );

  test('converges by one more run', async () => {
    succeeded(await act('deploy', { cluster: first }));
    await look();
    const kubectl = await openKubectl(lab);
    expect(await kubectl.must(['get', 'nodes', '--no-headers'])).toMatch(/^192-168-1-156\.node\s+Ready /);
  }, 240_000);

  test('never changes a CA that a host other than a master has', () => {
    const authority = (host: string, at: (typeof seen)[number]) => {
      const { '/etc/etcd/pki/ca.crt': member, '/etc/kubernetes/pki/ca.crt': node } = at[host] ?? {};
      return { member, node };
    };
    const final = seen.at(-1) ?? {};
    const used = seen.findIndex((at) =>
      [...members, 'node-1'].some((host) => Object.values(authority(host, at)).some(Boolean)),
    );
    expect(used).toBeGreaterThan(0);
    expect(Object.keys(final['master-1'] ?? {})).toHaveLength(5);
    for (const at of seen.slice(used)) for (const master of masters) expect(at[master]).toEqual(final['master-1']);
    for (const at of seen.slice(used)) {
      for (const host of members)
        expect([undefined, final['master-1']?.['/etc/kubernetes/pki/etcd/ca.crt']]).toContain(
          authority(host, at).member,
        );
      expect([undefined, final['master-1']?.['/etc/kubernetes/pki/ca.crt']]).toContain(authority('node-1', at).node);
    }
  });

  test('starts each unit once, but the kubelet with each token, since that of a dead run is not valid, and with its certificate', async () => {
    const starts = startsOf(await unitEvents(hosts));
    const { 'node-1/kubelet.service': kubelet, ...others } = starts;
    expect(Object.keys(others)).toHaveLength(3 + 12 + 4);
    expect(others).toEqual(Object.fromEntries(Object.keys(others).map((unit) => [unit, 1])));
    expect([1, 2, 3]).toContain(kubelet);
  });

  test('misses nothing and leaves nothing', async () => {
    const { outputs } = succeeded(await act('deploy', { cluster: first }));
    expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
    expect((await Promise.all(hosts.map((host) => remainsOn(lab, host)))).flat()).toEqual([]);
    expect(await etcdLocks(lab, 'etcd-1')).toBe('');
  }, 60_000);
});

describe('a change that is killed again and again', () => {
  const restarting = (unit: string, atLast: string): Moment => ({ seen: `restarting ${unit} under the lock`, atLast });
  const moments: readonly Moment[] = [
    { seen: 'Connect to the hosts', after: 100 },
    { seen: 'Gather facts', after: 50 },
    { seen: 'Prepare certificates' },
    { seen: 'Fetch binaries' },
    { seen: 'etcd.service must restart' },
    restarting('etcd.service', 'Apply masters'),
    restarting('etcd.service', 'Apply masters'),
    { seen: 'Apply masters', after: 60 },
    { seen: 'kube-apiserver.service must restart' },
    { ...restarting('kube-apiserver.service', 'Wait for the API servers'), after: 1500 },
  ];
  let since = 0;

  test.each(moments)(
    'is killed after “$seen”',
    async (moment) => {
      since ||= Date.now();
      const { killed, lines } = await killAt(moment, 'deploy');
      if (!killed) throw new Error(`the run was over before its moment:\n${logOf({ lines })}`);
    },
    180_000,
  );

  test('converges by one more run: every process has the new flags', async () => {
    succeeded(await act('deploy'));
    const flagsOf = (host: string, unit: string) =>
      onHost(host, `tr '\\0' '\\n' < /proc/$(systemctl show -P MainPID ${unit})/cmdline`);
    for (const host of masters) expect(await flagsOf(host, 'kube-apiserver')).toContain('--audit-log-maxage=30\n');
    for (const host of members) expect(await flagsOf(host, 'etcd')).not.toContain('max-request-bytes');
  }, 180_000);

  test('restarts each API server and each etcd member exactly once, nothing else, and never two at a time', async () => {
    const events = await unitEvents(hosts, since);
    const expected = [
      ...masters.map((host) => [`${host}/kube-apiserver.service`, 1] as const),
      ...members.map((host) => [`${host}/etcd.service`, 1] as const),
    ];
    expect(startsOf(events)).toEqual(Object.fromEntries(expected));
    expect(absences(events, 'kube-apiserver.service')).toHaveLength(3);
    expect([...overlaps(events, 'kube-apiserver.service'), ...overlaps(events, 'etcd.service')]).toEqual([]);
  });

  test('misses nothing and leaves nothing', async () => {
    const { outputs } = succeeded(await act('deploy'));
    expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
    expect((await Promise.all(hosts.map((host) => remainsOn(lab, host)))).flat()).toEqual([]);
    expect(await etcdLocks(lab, 'etcd-1')).toBe('');
    rmSync(first, { force: true });
  }, 60_000);
});
