import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import {
  busyMs,
  etcdLeader,
  failedWrites,
  holders,
  mostFailedWrites,
  type Seen,
  serverEndpoints,
  slowest,
  tellBalancers,
  tellSeen,
  useEtcd,
  writesAgainMs,
} from '../etcd-users.ts';
import { powerOn } from '../power.ts';
import { isGood } from '../requests.ts';
import { masters, members } from '../seed-hosts.ts';
import { lab, onHost, standingCluster } from '../seed-lab.ts';

let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await standingCluster();
}, 600_000);

const aFollower = async () => {
  const leader = await etcdLeader(lab, members);
  return members.find(({ name }) => name !== leader)?.name ?? '';
};

/** How long etcd's other members wait for a write in flight to the leader, before they answer that its result is unknown. */
const etcdWritesMs = 7000;

/** How a member becomes silent, for how long, and how it returns. */
const losses = [
  ['a power-off of the host of etcd’s leader', () => etcdLeader(lab, members), powerOff, powerOn, etcdWritesMs],
  ['a power-off of another member’s host', aFollower, powerOff, powerOn, 0],
  ['a freeze of etcd’s leader', () => etcdLeader(lab, members), freeze, thaw, etcdWritesMs],
  ['a freeze of another member', aFollower, freeze, thaw, 0],
] as const;

async function powerOff(host: string): Promise<void> {
  await lab.powerOff(host, { hard: true });
}

async function freeze(host: string): Promise<void> {
  await onHost(host, 'systemctl kill --signal=SIGSTOP etcd.service');
}

async function thaw(host: string): Promise<void> {
  await onHost(host, 'systemctl kill --signal=SIGCONT etcd.service');
}

describe.each(losses)('%s', (what, choose, lose, restore, writesMs) => {
  let seen: Seen;
  let host = '';
  let lostAt = 0;
  let before: readonly string[];

  beforeAll(async () => {
    host = await choose();
    before = await holders(kubectl);
    const stop = await useEtcd(lab, kubectl, serverEndpoints(lab, masters));
    await sleep(3000);
    const from = Date.now();
    lostAt = from;
    await lose(host);
    await sleep(20_000);
    seen = await stop();
    tellSeen(what, seen, from);
    await tellBalancers(lab, masters, from);
  }, 240_000);

  afterAll(async () => {
    await restore(host);
    await sleep(3000);
  }, 240_000);

  test('fails no read through any API server, and stalls none for long', () => {
    expect(seen.reads.length).toBeGreaterThan(500);
    expect(seen.reads.filter((sample) => !isGood(sample))).toEqual([]);
    expect(slowest(seen.reads)).toBeLessThan(busyMs);
  });

  test('stalls no write for longer than etcd does', () => {
    expect(seen.writes.length).toBeGreaterThan(500);
    expect(slowest(seen.writes)).toBeLessThan(writesMs + busyMs);
  });

  test('fails only writes at that moment, and few if the leader stays', () => {
    const { share, lastBegun } = failedWrites(seen, lostAt);
    expect(share).toBeLessThanOrEqual(mostFailedWrites[writesMs > 0 ? 'leader' : 'follower']);
    expect(lastBegun).toBeLessThan(writesAgainMs);
  });

  test('moves no lease', async () => {
    expect(await holders(kubectl)).toEqual(before);
  });
});
