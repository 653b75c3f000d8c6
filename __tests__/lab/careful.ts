import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { askThroughBalancer } from './balancer-client.ts';
import { changedCluster } from './cluster-file.ts';
import { note, seconds } from './note.ts';
import { figuresOf, isGood, type Sample } from './requests.ts';
import { masters, members } from './seed-hosts.ts';
import { act, lab, standingCluster, succeeded } from './seed-lab.ts';
import { absences, overlaps, type UnitEvent, unitEvents } from './starts.ts';
import { newIdentity } from './trio.ts';

// Units that restart with care, and the observations of hosts and a client during a run: shared by the files whose cases may keep a host from finding out
// whether a running cluster depends on it.

export const etcd = 'etcd.service';
export const names = members.map(({ name }) => name);
export const careful = [...members, ...masters].map(({ name }) => name);
let round = 0;

/** A cluster file that makes every member restart, and with `api` every API server. */
export function changed({ quota = 0, api = false } = {}): string {
  round += 1;
  return changedCluster(lab, `careful-${round}`, (cluster) => {
    const space = quota === 0 ? [] : [{ name: 'quota-backend-bytes', value: String(quota) }];
    Object.assign(cluster, {
      etcd: { extraArgs: [{ name: 'max-wals', value: String(5 + (round % 90)) }, ...space] },
      ...(api && { apiServer: { extraArgs: [{ name: 'v', value: '1' }] } }),
    });
  });
}

export interface Seen<T> {
  readonly result: T;
  readonly events: readonly UnitEvent[];
  readonly clients: readonly Sample[];
}

/** The result of a run, and the observations of the hosts and of a client on the node: ten new connections a second. */
export async function watched<T extends ActionResult>(what: string, work: () => Promise<T>): Promise<Seen<T>> {
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

export function expectTurns({ events, clients }: Seen<unknown>): void {
  for (const unit of [etcd, 'kube-apiserver.service']) expect(overlaps(events, unit)).toEqual([]);
  expect(clients.filter((sample) => !isGood(sample))).toEqual([]);
  expect(clients.length).toBeGreaterThan(5);
}

export function expectRolled(seen: Seen<ActionResult>): void {
  succeeded(seen.result);
  expect(
    absences(seen.events, etcd)
      .map(({ host }) => host)
      .toSorted(),
  ).toEqual(names);
  expectTurns(seen);
}

/** The bundles of the pki job for the hosts, and the inputs that a role's job needs to decrypt them. */
export interface Sealed {
  /** Inputs of a role's job for some hosts. */
  readonly roleJob: (hosts: string, cluster: string) => Readonly<Record<string, string>>;
  [Symbol.dispose](): void;
}

/** A cluster that is up, and the bundles of its hosts. */
export async function sealedCluster(): Promise<Sealed> {
  await standingCluster();
  const bundles = mkdtempSync(join(tmpdir(), 'k8s-ha-bundles-'));
  const key = await newIdentity();
  succeeded(await act('pki', { bundles, 'age-key': key }));
  return {
    roleJob: (hosts, cluster) => ({ hosts, cluster, bundles, 'age-key': key }),
    [Symbol.dispose]: () => rmSync(bundles, { recursive: true, force: true }),
  };
}
