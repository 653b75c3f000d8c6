import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { Kubectl } from '../../../lab/kubectl.ts';
import { etcdLeader, longestGap, type Seen, tellBalancers, tellSeen, useEtcd } from '../etcd-users.ts';
import { inNetworkOf } from '../networks.ts';
import { note } from '../note.ts';
import { isGood } from '../requests.ts';
import { localApi, masters, members, node } from '../seed-hosts.ts';
import { act, clusterText, lab, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { absences, overlaps, type UnitEvent, unitEvents } from '../starts.ts';

const unit = 'etcd.service';
const identity =
  '--cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/healthcheck-client.crt --key=/etc/etcd/pki/healthcheck-client.key';
let kubectl: Kubectl;

/** The members' own reports: their ID and their term. */
async function statusOf(host: string): Promise<{ readonly id: string; readonly term: number }> {
  const line = `etcdctl --endpoints=https://127.0.0.1:2379 ${identity} endpoint status`;
  const [, id = '', , , , , , , , , term = ''] = (await onHost(host, line)).split(',').map((field) => field.trim());
  return { id, term: Number(term) };
}

/** The first of the file, which would also be the first to restart. */
async function letTheFirstLead(): Promise<string> {
  const [first] = members;
  const leader = await etcdLeader(lab, members);
  if (first === undefined || leader === first.name) return leader;
  const { id } = await statusOf(first.name);
  await onHost(leader, `etcdctl --endpoints=https://127.0.0.1:2379 ${identity} move-leader ${id}`);
  return first.name;
}

beforeAll(async () => {
  kubectl = await standingCluster();
}, 600_000);

describe.each([
  ['a new flag of etcd', true],
  ['the same flag removed again', false],
])('%s', (what, added) => {
  let seen: Seen;
  let leader: string;
  let terms: number;
  let events: readonly UnitEvent[];

  beforeAll(async () => {
    const file = join(lab.stateDir, 'changed.yaml');
    const etcd = { extraArgs: [{ name: 'max-wals', value: '6' }] };
    writeFileSync(file, stringify({ ...parse(clusterText()), etcd }));
    leader = await letTheFirstLead();
    const { term } = await statusOf('etcd-1');
    const stop = await useEtcd(lab, kubectl, [{ name: node.name, url: localApi, network: inNetworkOf(node.name, []) }]);
    const since = Date.now();
    const result = await act('deploy', added ? { cluster: file } : {});
    seen = await stop();
    succeeded(result);
    terms = (await statusOf('etcd-1')).term - term;
    const names = members.map(({ name }) => name);
    events = (await unitEvents(names, since)).filter((event) => event.unit === unit);
    tellSeen(what, seen, since);
    await tellBalancers(lab, [node, ...masters], since);
    for (const { host, what: did, at } of events)
      note(`  ${String(Math.round(at - since)).padStart(6)} ms ${host} ${did}`);
  }, 600_000);

  test('restarts each member once, one at a time, the leader last', () => {
    const stops = events.filter(({ what: did }) => did === 'stopping').map(({ host }) => host);
    expect(stops.toSorted()).toEqual(members.map(({ name }) => name));
    expect(stops.at(-1)).toBe(leader);
    expect(absences(events, unit)).toHaveLength(3);
    expect(overlaps(events, unit)).toEqual([]);
  });

  test('moves leadership once, without an election', () => {
    expect(terms).toBe(1);
  });

  test('fails no request of a client on the node, and delays no writes for long', () => {
    note(`${what}: the longest time without a write was ${longestGap(seen.writes)} ms`);
    expect(seen.writes.length).toBeGreaterThan(100);
    expect([...seen.reads, ...seen.writes].filter((sample) => !isGood(sample))).toEqual([]);
    expect(longestGap(seen.writes)).toBeLessThan(1500);
  });
});
