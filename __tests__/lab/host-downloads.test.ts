import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Fault } from '../../lab/mirror/faults.ts';
import { type Download, type HostState, hostState } from '../../src/host/index.ts';
import { apply, bareHosts, differences, driver, h1, h2, lab, onHost, onSession } from './host-lab.ts';

beforeAll(bareHosts, 300_000);
afterAll(async () => {
  await lab.down();
}, 60_000);

const faultFile = join(lab.stateDir, 'mirror-faults.json');
const faults = (list: readonly Fault[]) => writeFileSync(faultFile, JSON.stringify(list));
afterEach(() => rmSync(faultFile, { force: true }));

const url = (path: string) => `${lab.mirrorUrl}/${path}`;
const scheduler = url('dl.k8s.io/v1.37.2/bin/linux/amd64/kube-scheduler');
const cni = url('github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz');
const plain = (address: string, place: string): Download => ({
  url: address,
  sumUrl: `${address}.sha256`,
  mode: '755',
  place,
});
const stateOf = (...downloads: readonly Download[]): HostState => hostState({ downloads });
/** The mirror's requests since its log had `from` characters. */
const accessLog = () => readFileSync(join(lab.stateDir, 'mirror-access.log'), 'utf8');

test('of an archive only the wanted members are put in place, and it is unpacked once', async () => {
  const members = { './bridge': '/opt/cni/bin/bridge', loopback: '/opt/cni/bin/loopback' };
  const state = stateOf({ url: cni, sumUrl: `${cni}.sha256`, mode: '755', place: members });
  await apply(h1, 'cni', state);
  expect(await onHost('h1', 'ls /opt/cni/bin; ls /var/lib/k8s-ha-action')).toBe(
    ['bridge', 'loopback', 'found', 'reads', 'scopes', 'started', 'sums'].join('\n'),
  );
  expect(await differences(h1, 'cni', state)).toEqual([]);
  await onHost('h1', 'echo x >> /opt/cni/bin/bridge');
  expect((await apply(h1, 'cni', state)).changes).toMatchObject([{ kind: 'download', subject: '/opt/cni/bin/bridge' }]);
}, 60_000);

test('an archive without a wanted member is a problem that names the member', async () => {
  const state = stateOf({ url: cni, sumUrl: `${cni}.sha256`, mode: '755', place: { './none': '/opt/cni/bin/none' } });
  const { problem } = await onSession(h1, [['apply', 'none', state]]);
  expect(problem).toMatchObject({ code: 'ARCHIVE_MEMBER_MISSING', host: 'h1' });
  expect(problem?.message).toContain('none');
  // The next run removes its files.
  await apply(h1, 'none', hostState({}));
}, 60_000);

test('a download with a wrong checksum is not put in place, the old file stays, and both checksums are reported', async () => {
  await onHost('h1', 'echo old > /usr/local/bin/kube-scheduler');
  // The path of the checksum file contains this one too, but the file is shorter.
  faults([{ path: '/kube-scheduler', kind: 'corrupt', at: 5000 }]);
  const state = stateOf(plain(scheduler, '/usr/local/bin/kube-scheduler'));
  const { problem } = await onSession(h1, [['apply', 'app', state]]);
  expect(problem).toMatchObject({ code: 'DOWNLOAD_SUM_MISMATCH', host: 'h1', file: scheduler });
  expect(problem?.message).toMatch(/sha256 [0-9a-f]{64}, expected [0-9a-f]{64}/);
  expect(await onHost('h1', 'cat /usr/local/bin/kube-scheduler; ls /var/lib/k8s-ha-action/downloads')).toBe('old');
  rmSync(faultFile);
  await apply(h1, 'app', state);
  expect(await differences(h1, 'app', state)).toEqual([]);
}, 120_000);

test('a mirror with other bytes than the lock’s is refused on every host, although its checksum file matches them', async () => {
  const [sha256 = ''] = (await onHost('h1', 'sha256sum /usr/local/bin/kube-scheduler')).split(' ');
  // As if the mirror served this program, and its checksum, in place of the one that was reviewed.
  const other = url('dl.k8s.io/v1.37.2/bin/linux/amd64/kube-controller-manager');
  const state = stateOf({ ...plain(other, '/usr/local/bin/swapped'), sha256 });
  const before = accessLog().length;
  for (const host of [h1, h2]) {
    const { problem } = await onSession(host, [['apply', 'swapped', state]]);
    expect(problem).toMatchObject({ code: 'DOWNLOAD_SUM_MISMATCH', file: other, host: host.name });
    expect(problem?.message).toContain(`expected ${sha256}`);
    expect(await onHost(host.name, 'ls -A /usr/local/bin /var/lib/k8s-ha-action/downloads')).not.toMatch(
      /swapped|[0-9a-f]{64}/,
    );
    await apply(host, 'swapped', hostState({}));
  }
  expect(accessLog().slice(before)).not.toContain('.sha256');
}, 120_000);

test('an interrupted download continues where it stopped', async () => {
  // The first of the two faults is used up by the checksum file, which is shorter.
  faults([{ path: '/kube-scheduler', kind: 'break-off', after: 20_000_000, times: 2 }]);
  const before = accessLog().length;
  const state = stateOf(plain(scheduler, '/usr/local/bin/kube-scheduler'));
  await apply(h2, 'app', state);
  expect(await differences(h2, 'app', state)).toEqual([]);
  expect(accessLog().slice(before)).toMatch(/ 206 /);
}, 120_000);

test('a download that never completes is a problem, and the next run resumes it', async () => {
  await onHost('h2', 'rm /usr/local/bin/kube-scheduler');
  faults([{ path: '/kube-scheduler', kind: 'break-off', after: 20_000_000 }]);
  const state = stateOf(plain(scheduler, '/usr/local/bin/kube-scheduler'));
  const { problem } = await onSession(h2, [['apply', 'app', state]]);
  expect(problem).toMatchObject({ code: 'DOWNLOAD_FAILED', file: scheduler });
  rmSync(faultFile);
  const before = accessLog().length;
  await apply(h2, 'app', state);
  expect(accessLog().slice(before)).toMatch(/ 206 /);
  expect(await onHost('h2', 'ls /var/lib/k8s-ha-action')).not.toContain('downloads');
}, 120_000);

test('a run that is killed while it downloads leaves no download running, and the next one resumes', async () => {
  await onHost('h1', 'rm /usr/local/bin/kube-scheduler');
  faults([{ path: '/kube-scheduler', kind: 'break-off', after: 20_000_000 }]);
  const state = stateOf(plain(scheduler, '/usr/local/bin/kube-scheduler'));
  const { child } = driver(h1, [['apply', 'app', state]]);
  await onHost(
    'h1',
    'for i in $(seq 100); do [ -n "$(find /var/lib/k8s-ha-action/downloads -type f -size +100k 2>/dev/null)" ] && exit; sleep 0.1; done; exit 1',
  );
  child.kill('SIGKILL');
  await onHost('h1', 'for i in $(seq 100); do pgrep -x curl >/dev/null || exit 0; sleep 0.1; done; exit 1');
  rmSync(faultFile);
  const before = accessLog().length;
  await apply(h1, 'app', state);
  expect(accessLog().slice(before)).toMatch(/kube-scheduler\S* .*\b206\b/);
  expect(await differences(h1, 'app', state)).toEqual([]);
}, 120_000);

test('a checksum that the mirror lacks, and a mirror that does not answer, are distinguished', async () => {
  const noSum = stateOf({ ...plain(scheduler, '/usr/local/bin/x'), sumUrl: `${cni}.sha256` });
  expect((await onSession(h1, [['apply', 'x', noSum]])).problem).toMatchObject({ code: 'SUM_MISSING', host: 'h1' });
  const gone = stateOf({ ...plain(scheduler, '/usr/local/bin/x'), sumUrl: url('nothing.sha256') });
  const missing = (await onSession(h1, [['apply', 'x', gone]])).problem;
  expect(missing).toMatchObject({ code: 'MIRROR_UNREACHABLE' });
  expect(missing?.message).toContain('404');
  const down = stateOf({ ...plain(scheduler, '/usr/local/bin/x'), sumUrl: 'http://192.168.1.1:8099/x.sha256' });
  expect((await onSession(h1, [['apply', 'x', down]])).problem?.message).toContain('ECONNREFUSED');
  expect(existsSync(faultFile)).toBe(false);
}, 60_000);

test('another URL for the same file is recorded, not downloaded', async () => {
  const moved = stateOf(plain(`${scheduler}?mirror=2`, '/usr/local/bin/kube-scheduler'));
  const download = moved.downloads[0];
  if (!download) throw new Error('no download');
  const state = stateOf({ ...download, sumUrl: `${scheduler}.sha256` });
  const before = accessLog().length;
  await apply(h1, 'app', state);
  expect(accessLog().slice(before)).not.toContain('mirror=2');
  expect(await differences(h1, 'app', state)).toEqual([]);
}, 60_000);

test('a full disk is a problem that names the file, and the old file stays', async () => {
  await onHost(
    'h1',
    'mkdir -p /srv/small && mount -t tmpfs -o size=64k,mode=755 tmpfs /srv/small && echo old > /srv/small/conf',
  );
  const big = { path: '/srv/small/conf', content: 'x'.repeat(100_000), mode: '600', owner: 'root:root', secret: false };
  const { problem } = await onSession(h1, [['apply', 'small', hostState({ files: [big] })]]);
  expect(problem).toMatchObject({ code: 'DISK_FULL', file: '/srv/small/conf' });
  expect(await onHost('h1', 'cat /srv/small/conf')).toBe('old');
  await onHost(
    'h1',
    'mkdir -p /srv/bin && mount -t tmpfs -o size=4m,mode=755 tmpfs /srv/bin && echo old > /srv/bin/kube-scheduler',
  );
  const binary = stateOf(plain(scheduler, '/srv/bin/kube-scheduler'));
  expect((await onSession(h1, [['apply', 'bin', binary]])).problem).toMatchObject({
    code: 'DISK_FULL',
    file: '/srv/bin/kube-scheduler',
  });
  expect(await onHost('h1', 'cat /srv/bin/kube-scheduler')).toBe('old');
  // With free space, the next run converges and leaves no temporary file.
  await apply(h1, 'small', hostState({ files: [{ ...big, content: 'new\n' }] }));
  expect(await onHost('h1', 'cat /srv/small/conf; ls -A /srv/small')).toBe('new\nconf');
}, 120_000);

test('a full disk of the downloads is reported', async () => {
  await onHost(
    'h2',
    'rm -f /usr/local/bin/kube-scheduler; mkdir -p /var/lib/k8s-ha-action/downloads && mount -t tmpfs -o size=4m tmpfs /var/lib/k8s-ha-action/downloads',
  );
  const state = stateOf(plain(scheduler, '/usr/local/bin/kube-scheduler'));
  const { problem } = await onSession(h2, [['apply', 'app', state]]);
  expect(problem?.code).toBe('DISK_FULL');
  await onHost('h2', 'umount /var/lib/k8s-ha-action/downloads');
  await apply(h2, 'app', state);
}, 120_000);
