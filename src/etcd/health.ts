import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { etcdEndpoints, hostsWith } from '../cluster/cluster.ts';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { shellCommand } from '../host/shell-command.ts';
import { hostPort } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';
import { quorumOf } from '../layout/quorum.ts';
import { asMember, etcdctl } from './etcdctl.ts';

const { clients, peers } = components.etcd.ports;

/** One member as it answers itself, asked from the outside. */
export interface MemberHealth {
  /** The inventory's name. */
  readonly host: string;
  /** It answers a linearizable read: it is part of the quorum, also while etcd has an alarm. */
  readonly healthy: boolean;
  readonly error: string | undefined;
  /** `NOSPACE` or `CORRUPT`, several apart by a blank; `unknown` if it answers reads but not with its alarms; absent: none. */
  readonly alarm?: string;
  readonly leader: boolean;
  /** The number of applied log entries; members in sync differ by a few. */
  readonly applied: number;
  /** Of its database, in bytes; absent: it did not say. */
  readonly space?: MemberSpace;
}

/** The database of a member, in bytes. */
export interface MemberSpace {
  /** Of the file. */
  readonly bytes: number;
  /** Of its contents: a defragmentation returns the rest to the disk. */
  readonly inUse: number;
  /** At this size the member takes no more writes. */
  readonly quota: number;
}

export interface EtcdHealth {
  readonly members: readonly MemberHealth[];
  readonly healthy: number;
  /** How many must be healthy for the cluster to accept writes. */
  readonly quorum: number;
}

/** The maximum length of a line of etcdctl's log, and of its part in messages. */
const mostWords = 4096;

/** The output of etcdctl with `-w json`, as far as it is read here. 64-bit numbers are numbers or text. */
const identifier = z.number().or(z.string().max(30)).optional();
const healthLines = z.array(z.looseObject({ endpoint: z.string(), health: z.boolean(), error: z.string().optional() }));
const statusLines = z.array(
  z.looseObject({
    Endpoint: z.string(),
    Status: z.looseObject({
      leader: identifier,
      header: z.looseObject({ member_id: identifier }).optional(),
      raftAppliedIndex: z.number().optional(),
      version: z.string().max(100).optional(),
      dbSize: z.number().optional(),
      dbSizeInUse: z.number().optional(),
      // Since etcd 3.6.
      dbSizeQuota: z.number().optional(),
    }),
  }),
);
type HealthLine = z.output<typeof healthLines>[number];
type StatusLine = z.output<typeof statusLines>[number];

/** Reads the health of every member with etcdctl, on an etcd host. @throws Problem ETCD_UNKNOWN if there is no answer */
export async function etcdHealth(session: HostSession, cluster: Cluster): Promise<EtcdHealth> {
  const answer = await session.run(etcdctlLine(cluster), { timeoutSeconds: 20 });
  const [health = '', status = ''] = answer.stdout.split('\n---\n');
  return combine(cluster, {
    health: parsed(health, healthLines),
    status: parsed(status, statusLines),
    stderr: answer.stderr,
    asked: session.host.name,
  });
}

/** The version of each member that answers, by the name of its host in the file. Asked on a host that carries etcd. */
export async function etcdVersions(session: HostSession, cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const answer = await session.run(`${etcdctlOn(cluster)} -w json endpoint status`, { timeoutSeconds: 20 });
  const endpoints = etcdEndpoints(cluster);
  const hosts = hostsWith(cluster, 'etcd');
  return new Map(
    (parsed(answer.stdout, statusLines) ?? []).flatMap(({ Endpoint, Status: { version } }) => {
      const host = hosts[endpoints.indexOf(Endpoint)];
      return host && version !== undefined ? [[host.name, version]] : [];
    }),
  );
}

/** The beginning of an etcdctl command line on a host that carries etcd, for root there; uses all members by default. */
export function etcdctlOn(cluster: Cluster, endpoints: readonly string[] = etcdEndpoints(cluster)): string {
  return shellCommand(etcdctl(cluster, asMember, endpoints, '--command-timeout=2s'));
}

function etcdctlLine(cluster: Cluster): string {
  const ask = `${etcdctlOn(cluster)} -w json`;
  // Both exit with 1 if one member is unhealthy; only their output counts.
  return `${ask} endpoint health; echo; echo ---; ${ask} endpoint status`;
}

/** Undefined for an invalid answer: a member without an answer is not healthy. */
function parsed<T>(text: string, shape: z.ZodType<T>): T | undefined {
  try {
    return shape.parse(parseJson(text, Error));
  } catch {
    return undefined;
  }
}

/** What etcdctl said, and where it was run. */
export interface EtcdAnswer {
  readonly health: readonly HealthLine[] | undefined;
  readonly status: readonly StatusLine[] | undefined;
  readonly stderr: string;
  readonly asked: string;
}

/** Puts the answers together; pure. @throws Problem ETCD_UNKNOWN */
export function combine(cluster: Cluster, { health, status, stderr, asked }: EtcdAnswer): EtcdHealth {
  if (!health) {
    throw new Problem('etcdctl gave no answer', {
      code: 'ETCD_UNKNOWN',
      host: asked,
      detail: redactLines(stderr.slice(-mostWords)).slice(-3),
      hint: 'See `systemctl status etcd` and its journal on that host.',
    });
  }
  const endpoints = etcdEndpoints(cluster);
  const members = hostsWith(cluster, 'etcd').map((host, index): MemberHealth => {
    const line = health.find(({ endpoint }) => endpoint === endpoints[index]);
    const state = status?.find(({ Endpoint }) => Endpoint === endpoints[index])?.Status;
    const id = state?.header?.member_id;
    const alarm = alarmIn(line?.error);
    const healthy = line?.health === true || alarm !== undefined;
    return {
      host: host.name,
      healthy,
      error: healthy ? undefined : (reasonIn(stderr, host) ?? line?.error ?? 'no answer'),
      ...(alarm !== undefined && { alarm }),
      leader: id !== undefined && id === state?.leader,
      applied: state?.raftAppliedIndex ?? 0,
      ...spaceOf(cluster, state),
    };
  });
  return { members, healthy: members.filter(({ healthy }) => healthy).length, quorum: quorumOf(members.length) };
}

/** etcd's own limit. Source: server/storage/quota.go, DefaultQuotaBytes */
const usualQuota = 2 * 1024 ** 3;

function spaceOf({ etcd }: Cluster, state: StatusLine['Status'] | undefined): Pick<MemberHealth, 'space'> {
  const bytes = state?.dbSize ?? 0;
  if (bytes <= 0) return {};
  const set = Number(etcd.extraArgs.find(({ name }) => name === 'quota-backend-bytes')?.value ?? 0);
  const quota = state?.dbSizeQuota || (set > 0 ? set : usualQuota);
  return { space: { bytes, inUse: state?.dbSizeInUse ?? bytes, quota } };
}

/**
 * The alarm that etcdctl calls a member unhealthy for, though the member has just answered its read: alarms are asked for after it, and answering
 * that takes a write to a disk that may be slow. Source: etcdctl/ctlv3/command/ep_command.go, epHealthCommandFunc, etcd 3.4 to 3.7.
 */
function alarmIn(error = ''): string | undefined {
  if (error === 'Unable to fetch the alarm list') return 'unknown';
  // One word for each member that has the alarm.
  const words = /^Active Alarm\(s\): ([A-Z ]{1,100})$/.exec(error)?.[1]?.trim().split(' ');
  return words && [...new Set(words)].join(' ');
}

/** etcdctl's answer says no more than `context deadline exceeded`; the reason for it is in its log. */
function reasonIn(stderr: string, { address }: Host): string | undefined {
  const isOf = (text: string) =>
    text.length < mostWords && text.startsWith('{') && text.includes(hostPort(address, clients.port));
  const line = stderr.split('\n').findLast(isOf);
  return /(?:connect: |handshake failed: |desc = )([^"\\=]+)(?:\\*")*}?$/.exec(line ?? '')?.[1]?.trim();
}

/** `1 of 3 members healthy, quorum is 2; etcd-2: connection refused`; alarms follow as `etcd-1: alarm NOSPACE`. */
export function describeEtcd({ members, healthy, quorum }: EtcdHealth): string {
  const ill = members.filter((member) => !member.healthy).map(({ host, error }) => `${host}: ${error}`);
  return [`${healthy} of ${members.length} members healthy, quorum is ${quorum}`, ...ill, ...alarmsOf(members)].join(
    '; ',
  );
}

/** `etcd-1: alarm NOSPACE` for each member that has one. */
export function alarmsOf(members: readonly MemberHealth[]): readonly string[] {
  return members.flatMap(({ host, alarm }) => (alarm === undefined ? [] : [`${host}: alarm ${alarm}`]));
}

/**
 * Waits until enough members (`quorum`), or all of them, are healthy, as seen on the given host.
 * @throws Problem ETCD_UNHEALTHY, ETCD_UNKNOWN
 */
export async function waitForEtcd(
  session: HostSession,
  cluster: Cluster,
  options: { readonly need: 'quorum' | 'all'; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<EtcdHealth> {
  const { need, timeoutMs, signal } = options;
  const end = performance.now() + timeoutMs;
  for (let wait = 200; ; wait = Math.min(1000, wait * 1.5)) {
    signal?.throwIfAborted();
    const health = await etcdHealth(session, cluster);
    if (health.healthy >= (need === 'all' ? health.members.length : health.quorum)) return health;
    if (performance.now() + wait > end) {
      throw new Problem(`etcd: ${describeEtcd(health)}, after ${Math.round(timeoutMs / 1000)} s`, {
        code: 'ETCD_UNHEALTHY',
        hint: `Look at \`journalctl -u etcd\` on the members named above, and at port ${peers.port} between them.`,
      });
    }
    await delay(wait, undefined, { signal });
  }
}
