import type { Argv } from '../../lab/command.ts';
import type { Kubectl } from '../../lab/kubectl.ts';
import type { Lab } from '../../lab/lab.ts';
import { administratorOf } from './administrator.ts';
import { note } from './note.ts';
import { figuresOf, isGood, requestsDriver, type Sample, startRequests } from './requests.ts';

/** Kinds of objects; an API server has a separate etcd client, and so separate connections, for each. */
const kinds = ['configmaps', 'secrets', 'serviceaccounts'] as const;

/** Limit of a request on a busy machine: 1 to 2 s on a quiet one, 10 to 40 s without load balancers. */
export const busyMs = 6000;

/** An address of the API. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
  /** The network of the requests, as the beginning of a command line. */
  readonly network: Argv;
}

/** The endpoint of each master's own API server. */
export function serverEndpoints(lab: Lab, masters: readonly { name: string; address: string }[]): readonly Endpoint[] {
  const network: Argv = ['nsenter', `--net=${lab.netns}`];
  return masters.map(({ name, address }) => ({ name, url: `https://${address}:6443`, network }));
}

/** The observations of clients of the API servers, separately for reads and writes. */
export interface Seen {
  readonly reads: readonly Sample[];
  readonly writes: readonly Sample[];
}

/**
 * Reads and writes etcd through each of the given endpoints, each kind five times a second, over connections that are kept, so
 * that slow or failed requests are caused between API server and etcd.
 */
export async function useEtcd(
  lab: Lab,
  kubectl: Kubectl,
  endpoints: readonly Endpoint[],
): Promise<() => Promise<Seen>> {
  await makeObjects(kubectl, endpoints);
  const credentials = await administratorOf(lab, 'master-1');
  const stops = await Promise.all(
    endpoints.map(async ({ name, url, network }) => {
      const named = (what: string) =>
        kinds.map(
          (kind) => [`${name} ${what} ${kind}`, `${url}/api/v1/namespaces/default/${kind}/of-${name}`] as const,
        );
      const [targets, writes] = [named('reads'), named('writes')].map((entries) => Object.fromEntries(entries));
      const spec = { targets: targets ?? {}, writes: writes ?? {}, kept: true, everyMs: 200, timeoutMs: 60_000 };
      return await startRequests([...network, ...requestsDriver], { ...spec, ...credentials });
    }),
  );
  return async () => {
    const samples = (await Promise.all(stops.map((stop) => stop()))).flat();
    const of = (what: string) => samples.filter(({ target }) => target.includes(` ${what} `));
    return { reads: of('reads'), writes: of('writes') };
  };
}

async function makeObjects(kubectl: Kubectl, endpoints: readonly Endpoint[]): Promise<void> {
  const objects = endpoints.flatMap(({ name }) =>
    ['ConfigMap', 'Secret', 'ServiceAccount'].map((kind) =>
      JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: `of-${name}`, namespace: 'default' } }),
    ),
  );
  await kubectl.must(['apply', '-f', '-'], { input: objects.join('\n---\n') });
}

/** The slowest, with any result. */
export const slowest = (samples: readonly Sample[]): number => Math.max(0, ...samples.map(({ ms }) => ms));

/** Writes that failed, as a share of all, and when the last of them was begun, in ms after a moment. */
export function failedWrites({ writes }: Seen, from: number): { readonly share: number; readonly lastBegun: number } {
  const failed = writes.filter((sample) => !isGood(sample));
  const lastBegun = Math.max(0, ...failed.map(({ at }) => at - from));
  return { share: failed.length / writes.length, lastBegun };
}

/**
 * docs/failover.md: 6 to 8 % when etcd's leader is lost, under 1 % when another member is. Another member has a third of the
 * connections, for at most 3 of 20 s until load balancers have noticed: 5 %.
 */
export const mostFailedWrites = { leader: 0.15, follower: 0.05 } as const;
/** After this time every API server has found another member, and etcd another leader. */
export const writesAgainMs = 3000;

/** The longest time between two writes that went well one after the other, over all targets or one. */
export function longestGap(samples: readonly Sample[]): number {
  const ends = samples.filter(isGood).map(({ at, ms }) => at + ms);
  const sorted = ends.toSorted((one, other) => one - other);
  return Math.max(0, ...sorted.slice(1).map((end, index) => end - (sorted[index] ?? end)));
}

/** Logs the results for a reader, with the start of slow requests relative to the given moment. */
export function tellSeen(what: string, { reads, writes }: Seen, from: number): void {
  note(`${what}: reads: ${figuresOf(reads)}; writes: ${figuresOf(writes)}`);
  for (const { target, at, ms, error } of [...reads, ...writes])
    if (error !== undefined) note(`  ${target} begun at ${at - from} ms, ${error} after ${ms} ms`);
  for (const [name, samples] of Object.entries({ reads, writes })) {
    const slow = samples.filter(({ ms }) => ms > 1000).map(({ at }) => at - from);
    const targets = new Set(samples.map(({ target }) => target));
    const gaps = [...targets].map((target) => longestGap(samples.filter((sample) => sample.target === target)));
    const begun = slow.length > 0 ? `, begun from ${Math.min(...slow)} to ${Math.max(...slow)} ms` : '';
    note(`  ${name}: ${slow.length} slower than 1 s${begun}; longest gap of one target ${Math.max(...gaps)} ms`);
  }
}

/** Logs the messages of the hosts' load balancers since a moment, for a reader. */
export async function tellBalancers(lab: Lab, hosts: readonly { name: string }[], from: number): Promise<void> {
  const units = '-u kube-etcd-haproxy -u kube-haproxy';
  const line = `journalctl -q --no-pager -o json --output-fields=MESSAGE ${units} --since=@${Math.floor(from / 1000)}`;
  for (const { name } of hosts) {
    const { stdout } = await lab.exec(name, ['sh', '-c', line]);
    for (const entry of stdout.split('\n').filter(Boolean)) {
      const { MESSAGE, __REALTIME_TIMESTAMP: at } = JSON.parse(entry) as Record<string, string>;
      // With -Ws haproxy logs everything twice, once as `[WARNING]` or `[notice]`.
      if (!MESSAGE?.startsWith('[')) note(`  ${Math.round(Number(at) / 1000 - from)} ms ${name}: ${MESSAGE}`);
    }
  }
}

/** The member that leads etcd, by its own metrics. */
export async function etcdLeader(lab: Lab, members: readonly { name: string }[]): Promise<string> {
  for (let left = 50; left > 0; left -= 1) {
    for (const { name } of members) {
      const { stdout } = await lab.exec(name, ['curl', '-s', 'http://127.0.0.1:2381/metrics']);
      if (/^etcd_server_is_leader 1$/m.test(stdout)) return name;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('no member says that it leads');
}

/** The holder of each lease of the control plane, and its number of transitions. */
export async function holders(kubectl: Kubectl): Promise<readonly string[]> {
  const line = '-o=jsonpath={range .items[*]}{.metadata.name} {.spec.holderIdentity} {.spec.leaseTransitions};{end}';
  const text = await kubectl.must(['get', 'lease', '-n', 'kube-system', line]);
  return text.split(';').filter((lease) => /^kube-(controller-manager|scheduler) /.test(lease));
}
