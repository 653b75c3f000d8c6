import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changed, etcd, expectRolled, expectTurns, names, type Sealed, sealedCluster, watched } from '../careful.ts';
import { etcdLeader } from '../etcd-users.ts';
import { note } from '../note.ts';
import { powerOn } from '../power.ts';
import { type Refusal, refused } from '../refusals.ts';
import { members } from '../seed-hosts.ts';
import { act, lab, logOf, onHost } from '../seed-lab.ts';

// The cases of 58-careful-restarts that end in a refusal with its reason.

let sealed: Sealed;

beforeAll(async () => {
  sealed = await sealedCluster();
}, 600_000);

afterAll(() => sealed?.[Symbol.dispose]());

/** Expects that the etcd jobs of these hosts are refused with a code, or with one of several, that no member was stopped, and that no client noticed. */
async function expectRefused(what: string, hosts: string, code: string, ...others: string[]): Promise<Refusal> {
  const seen = await watched(what, () => refused(lab, sealed.roleJob(hosts, changed()), 'etcd'));
  expect(seen.result.codes).toContain(code);
  expect(seen.result.codes.filter((each) => each !== code && !others.includes(each))).toEqual([]);
  expect(seen.events.filter(({ what: did, unit }) => did === 'stopping' && unit === etcd)).toEqual([]);
  expectTurns(seen);
  return seen.result;
}

describe('with one member that does not answer', () => {
  afterAll(() => powerOn('etcd-3'), 60_000);

  test('that is frozen, the others are not restarted, and it is named', async () => {
    const pid = (await onHost('etcd-3', 'systemctl show -P MainPID etcd')).trim();
    await onHost('etcd-3', `kill -STOP ${pid}`);
    try {
      const { errors } = await expectRefused('one frozen', 'etcd-1,etcd-2', 'RESTART_REFUSED');
      for (const error of errors) expect(error).toContain('no answer from etcd-3');
    } finally {
      await onHost('etcd-3', `kill -CONT ${pid}`);
    }
  }, 200_000);

  test('that is without power, the others are not restarted, and it is named', async () => {
    await lab.powerOff('etcd-3', { hard: true });
    const { errors } = await expectRefused('one dead', 'etcd-1,etcd-2', 'RESTART_REFUSED');
    for (const error of errors) expect(error).toContain('no answer from etcd-3');
  }, 200_000);
});

test('a host with a wrong clock is refused before anything restarts', async () => {
  await onHost(
    'etcd-2',
    `mv /bin/date /bin/date.real; printf '#!/bin/sh\\nexec /bin/date.real -d "+1 hour" "$@"\\n' >/bin/date; chmod 755 /bin/date`,
  );
  try {
    await expectRefused('wrong clock', names.join(','), 'HOST_CLOCK');
  } finally {
    await onHost('etcd-2', 'mv /bin/date.real /bin/date');
  }
}, 200_000);

/** The longest time in seconds that the member's disk took for one write of its log since its start: a bucket of its histogram. */
async function slowestFsync(host: string): Promise<number> {
  const metrics = await onHost(
    host,
    'curl -s http://127.0.0.1:2381/metrics | grep ^etcd_disk_wal_fsync_duration_seconds',
  );
  const total = /_count (\d+)/.exec(metrics)?.[1];
  return Number(new RegExp(`le="([\\d.]+)"\\} ${total}$`, 'm').exec(metrics)?.[1] ?? Number.POSITIVE_INFINITY);
}

test('with a disk that takes 2 s for a write, no member is restarted, and its host is named', async () => {
  const leader = await etcdLeader(lab, members);
  const slow = names.find((name) => name !== leader) ?? '';
  const refusal = await (async () => {
    await using _ = await lab.slowWrites(slow, 'etcd', 2000);
    // If a host gets no answer in time, it is unknown whether others depend on it.
    return await expectRefused('slow disk', names.join(','), 'RESTART_REFUSED', 'RESTART_UNKNOWN');
  })();
  expect(refusal.errors.join('\n')).toMatch(new RegExp(`(a write takes more than 1 s on|no answer from) ${slow}\\b`));
  const slowest = await slowestFsync(slow);
  note(`  the slowest write of ${slow}'s log took up to ${slowest} s`);
  expect(slowest).toBeGreaterThan(2);
  expect(refusal.milliseconds).toBeLessThan(120_000);
}, 400_000);

test('with a full disk for our own files on one host, members restart in turn, or it is named', async () => {
  const place = '/var/lib/k8s-ha-action';
  await onHost(
    'etcd-2',
    `cp -a ${place} /root/placed && mount -t tmpfs -o size=2m,mode=700 tmpfs ${place} && cp -a /root/placed/. ${place} && cat /dev/zero >${place}/full 2>/dev/null || :`,
  );
  try {
    const seen = await watched('full disk', () => act('etcd', sealed.roleJob(names.join(','), changed())));
    // The space of a replaced file may be enough for the new one.
    if (seen.result.status === 0) expectRolled(seen);
    else expect(logOf(seen.result)).toMatch(/^error: etcd-2: .*(no space|full|MiB are free)/im);
    expectTurns(seen);
  } finally {
    await onHost('etcd-2', `umount ${place}; rm -rf /root/placed`);
  }
}, 400_000);
