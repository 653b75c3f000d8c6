import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { askThroughBalancer } from '../balancer-client.ts';
import { changedCluster } from '../cluster-file.ts';
import { etcdLeader } from '../etcd-users.ts';
import { note, seconds } from '../note.ts';
import { powerOn } from '../power.ts';
import { type Refusal, refused } from '../refusals.ts';
import { figuresOf, isGood, type Sample } from '../requests.ts';
import { masters, members } from '../seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { absences, overlaps, type UnitEvent, unitEvents } from '../starts.ts';
import { newIdentity } from '../trio.ts';

// Whatever may keep a host from finding out whether a living cluster depends on it: never two members, and never two API
// servers, restart at a time, and every run ends in a finished roll or in a refusal with its reason.

const etcd = 'etcd.service';
const names = members.map(({ name }) => name);
const careful = [...members, ...masters].map(({ name }) => name);
const pki =
  '--cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/healthcheck-client.crt --key=/etc/etcd/pki/healthcheck-client.key';
const etcdctl = `etcdctl --endpoints=${members.map(({ address }) => `https://${address}:2379`).join(',')} ${pki}`;
const bundles = mkdtempSync(join(tmpdir(), 'k8s-ha-bundles-'));
let identity: string;
let round = 0;

/** A cluster file that makes every member restart, and with `api` every API server. */
function changed({ quota = 0, api = false } = {}): string {
  round += 1;
  return changedCluster(lab, `careful-${round}`, (cluster) => {
    const space = quota === 0 ? [] : [{ name: 'quota-backend-bytes', value: String(quota) }];
    Object.assign(cluster, {
      etcd: { extraArgs: [{ name: 'max-wals', value: String(5 + (round % 90)) }, ...space] },
      ...(api && { apiServer: { extraArgs: [{ name: 'v', value: '1' }] } }),
    });
  });
}

interface Seen<T> {
  readonly result: T;
  readonly events: readonly UnitEvent[];
  readonly clients: readonly Sample[];
}

/** What became of a run, and what the hosts and a client on the node saw of it: ten new connections a second. */
async function watched<T extends ActionResult>(what: string, work: () => Promise<T>): Promise<Seen<T>> {
  const stop = await askThroughBalancer();
  const since = Date.now();
  const result = await work();
  const { hosts } = await lab.status();
  const on = careful.filter((name) => hosts.some((host) => host.name === name && host.power === 'on'));
  const events = await unitEvents(on, since);
  const clients = await stop();
  note(`${what}: ${seconds(result.milliseconds)}; new connections: ${figuresOf(clients)}`);
  return { result, events, clients };
}

function expectTurns({ events, clients }: Seen<unknown>): void {
  for (const unit of [etcd, 'kube-apiserver.service']) expect(overlaps(events, unit)).toEqual([]);
  expect(clients.filter((sample) => !isGood(sample))).toEqual([]);
  expect(clients.length).toBeGreaterThan(5);
}

function expectRolled(seen: Seen<ActionResult>): void {
  succeeded(seen.result);
  expect(
    absences(seen.events, etcd)
      .map(({ host }) => host)
      .toSorted(),
  ).toEqual(names);
  expectTurns(seen);
}

/** An etcd job for some hosts, with what the pki job has sealed for them. */
const etcdJob = (hosts: string, cluster: string, more = {}) => ({
  hosts,
  cluster,
  bundles,
  'age-key': identity,
  ...more,
});

/** That the etcd jobs of these hosts are refused by a code, and that no member was stopped. */
async function expectRefused(what: string, hosts: string, code: string): Promise<Refusal> {
  const seen = await watched(what, () => refused(lab, etcdJob(hosts, changed()), 'etcd'));
  expect(new Set(seen.result.codes)).toEqual(new Set([code]));
  expect(seen.events.filter(({ what: did, unit }) => did === 'stopping' && unit === etcd)).toEqual([]);
  expectTurns(seen);
  return seen.result;
}

beforeAll(async () => {
  await standingCluster();
  identity = await newIdentity();
  succeeded(await act('pki', { bundles, 'age-key': identity }));
}, 600_000);

afterAll(() => rmSync(bundles, { recursive: true, force: true }));

test('with proxies in their environment, an ended certificate and without etcdctl, all restart in turn', async () => {
  const traps = [
    'https_proxy=http://192.168.1.1:9',
    'HTTPS_PROXY=http://192.168.1.1:9',
    'ALL_PROXY=socks5://192.168.1.1:9',
  ];
  const environment = [...traps, 'ETCDCTL_ENDPOINTS=https://192.168.1.1:9', 'KUBECONFIG=/nowhere', 'GREP_OPTIONS=-v'];
  const lines = environment.join('\n');
  await Promise.all(
    careful.map((name) =>
      onHost(
        name,
        `cp /etc/environment /root/environment 2>/dev/null || : >/root/environment; echo '${lines}' >>/etc/environment; echo 'proxy = http://192.168.1.1:9' >/root/.curlrc`,
      ),
    ),
  );
  // The certificate by which etcdctl asks, ended yesterday.
  const [{ name: signer } = { name: '' }] = masters;
  const ended = await onHost(
    signer,
    `cd /tmp && openssl ecparam -genkey -name prime256v1 -noout -out k 2>/dev/null && openssl req -new -key k -subj /CN=kube-etcd-healthcheck-client -out r &&
openssl x509 -req -in r -CA /etc/kubernetes/pki/etcd/ca.crt -CAkey /etc/kubernetes/pki/etcd/ca.key -set_serial 7 -days -1 2>/dev/null; echo ---; cat k; rm -f k r`,
  );
  const [crt = '', key = ''] = ended.split('---\n');
  expect(crt).toContain('BEGIN CERTIFICATE');
  for (const name of names) {
    await onHost(
      name,
      `rm /usr/local/bin/etcdctl; cat >/etc/etcd/pki/healthcheck-client.crt <<'X'\n${crt}X\ncat >/etc/etcd/pki/healthcheck-client.key <<'X'\n${key}X`,
    );
  }
  try {
    const seen = await watched('traps on every host', () => act('deploy', { cluster: changed({ api: true }) }));
    expectRolled(seen);
    expect(absences(seen.events, 'kube-apiserver.service')).toHaveLength(3);
  } finally {
    await Promise.all(
      careful.map((name) => onHost(name, 'mv /root/environment /etc/environment; rm -f /root/.curlrc')),
    );
  }
}, 600_000);

test('etcd without space restarts in turn with more of it, and says how to disarm its alarm', async () => {
  const used = JSON.parse(await onHost('etcd-1', `${etcdctl} endpoint status -w json`)) as {
    Status: { dbSize: number };
  }[];
  const quota = Math.max(...used.map(({ Status }) => Status.dbSize)) + 3_000_000;
  succeeded(await act('etcd', etcdJob(names.join(','), changed({ quota }))));
  await onHost(
    'etcd-1',
    `head -c 700000 /dev/urandom | base64 -w 0 >/tmp/blob; for n in 1 2 3 4 5 6 7 8 9; do ${etcdctl} put fill/$n </tmp/blob >/dev/null 2>&1 || exit 0; done; exit 1`,
  );
  const seen = await watched('no space', () => act('etcd', etcdJob(names.join(','), changed({ quota: 200_000_000 }))));
  expectRolled(seen);
  expect(logOf(seen.result)).toContain('alarm NOSPACE');
  const [disarm = ''] = /\S*etcdctl \S.* alarm disarm/.exec(logOf(seen.result)) ?? [];
  await onHost(
    'etcd-1',
    `${disarm} && ${etcdctl} del --prefix fill/ >/dev/null && ${etcdctl} put fill/done yes && ${etcdctl} del fill/done`,
  );
}, 600_000);

describe('with one member that does not answer', () => {
  afterAll(() => powerOn('etcd-3'), 60_000);

  test('that is frozen, the others are left alone, and it is named', async () => {
    const pid = (await onHost('etcd-3', 'systemctl show -P MainPID etcd')).trim();
    await onHost('etcd-3', `kill -STOP ${pid}`);
    try {
      const { errors } = await expectRefused('one frozen', 'etcd-1,etcd-2', 'RESTART_REFUSED');
      for (const error of errors) expect(error).toContain('no answer from etcd-3');
    } finally {
      await onHost('etcd-3', `kill -CONT ${pid}`);
    }
  }, 200_000);

  test('that is without power, the others are left alone, and it is named', async () => {
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

/** How long the member's disk took at most for one write of its log since it started, in seconds: a bucket of its histogram. */
async function slowestFsync(host: string): Promise<number> {
  const metrics = await onHost(
    host,
    'curl -s http://127.0.0.1:2381/metrics | grep ^etcd_disk_wal_fsync_duration_seconds',
  );
  const total = /_count (\d+)/.exec(metrics)?.[1];
  return Number(new RegExp(`le="([\\d.]+)"\\} ${total}$`, 'm').exec(metrics)?.[1] ?? Number.POSITIVE_INFINITY);
}

test('with a disk that takes 2 s for a write, all restart in turn', async () => {
  const leader = await etcdLeader(lab, members);
  const slow = names.find((name) => name !== leader) ?? '';
  const seen = await (async () => {
    await using _ = await lab.slowWrites(slow, 'etcd', 2000);
    return await watched('slow disk', () => act('etcd', etcdJob(names.join(','), changed())));
  })();
  const slowest = await slowestFsync(slow);
  note(`  the slowest write of ${slow}'s log took up to ${slowest} s`);
  expectRolled(seen);
  expect(slowest).toBeGreaterThan(2);
}, 400_000);

test('with a full disk on one host, the others restart in turn', async () => {
  const place = '/var/lib/k8s-ha-action';
  await onHost(
    'etcd-2',
    `cp -a ${place} /root/placed && mount -t tmpfs -o size=2m,mode=700 tmpfs ${place} && cp -a /root/placed/. ${place} && cat /dev/zero >${place}/full 2>/dev/null || :`,
  );
  try {
    const seen = await watched('full disk', () => refused(lab, etcdJob(names.join(','), changed()), 'etcd'));
    expect(seen.result.codes).toEqual(['DISK_FULL']);
    expect(seen.result.errors[0]).toMatch(/^etcd-2[: ]/);
    expectTurns(seen);
  } finally {
    await onHost('etcd-2', `umount ${place}; rm -rf /root/placed`);
  }
}, 400_000);

test('when the lock’s holder is killed, its restart is carried through and the others wait for it', async () => {
  const killer = names.map((name) =>
    onHost(
      name,
      `for i in $(seq 300); do pid=$(pgrep -f 'etcdctl.* lock .*roll[.]sh') && [ -e /run/k8s-ha-action/tmp.*/rolling ] && kill -9 $pid && echo killed && exit; sleep 0.1; done; echo none`,
    ),
  );
  const seen = await watched('a killed holder', () => act('etcd', etcdJob(names.join(','), changed())));
  const killed = (await Promise.all(killer)).filter((text) => text.includes('killed')).length;
  expect(killed).toBeGreaterThan(0);
  expectRolled(seen);
  expect(logOf(seen.result)).toContain('the lock was lost while etcd.service restarted');
}, 400_000);
