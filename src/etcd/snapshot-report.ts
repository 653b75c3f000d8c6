import * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { readMemberList } from './members.ts';

/** etcd's hash of all keys up to a revision, without those that are compacted. */
export interface KeysHash {
  readonly hash: number;
  readonly compactRevision: number;
}

/** What a host says of a snapshot that it has taken and opened again. */
export interface SnapshotReport {
  /** etcd's id of the cluster, in hexadecimal. */
  readonly cluster: string;
  readonly revision: number;
  /** Keys with all their revisions that the snapshot has. */
  readonly keys: number;
  readonly bytes: number;
  readonly sha256: string;
  /** By the member, at the snapshot's revision. */
  readonly member: KeysHash;
  /** By an etcd that was started with the snapshot. */
  readonly scratch: KeysHash;
  /** The number of keys by the prefix of their kind, by the member; the first prefix is that of all kinds. */
  readonly memberObjects: Readonly<Record<string, number>>;
  /** The same by the etcd that was started with the snapshot. */
  readonly scratchObjects: Readonly<Record<string, number>>;
  /** The namespace kube-system is in it. */
  readonly hasSystemNamespace: boolean;
  /** Whether its first Secret is encrypted; undefined: there is no Secret. */
  readonly secretsEncrypted: boolean | undefined;
}

const mostKinds = 10_000;
const count = z.int().min(0);
const status = z.looseObject({ revision: count, totalKey: count });
const hash = z
  .array(
    z.looseObject({
      HashKV: z.looseObject({ hash: count.default(0), compact_revision: z.int().default(0) }),
    }),
  )
  .length(1);
const counts = z.looseObject({
  succeeded: z.literal(true),
  responses: z.array(
    z.looseObject({ Response: z.looseObject({ response_range: z.looseObject({ count: count.default(0) }) }) }),
  ),
});

/** Reads the lines that the command of a snapshot prints; nothing for any other text. */
export function readSnapshotReport(lines: readonly string[]): SnapshotReport | undefined {
  const saying = (mark: string) =>
    lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(mark.length + 1));
  const one = (mark: string) => saying(mark)[0] ?? '';
  const kinds = saying('kind');
  try {
    const { revision, totalKey } = status.parse(json(one('status')));
    const list = readMemberList(one('members'));
    if (!list || kinds.length === 0 || kinds.length > mostKinds) return undefined;
    return {
      cluster: list.cluster,
      revision,
      keys: totalKey,
      bytes: z.coerce.number().int().positive().parse(one('bytes')),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .parse(one('sha256')),
      member: hashIn(one('member-hash')),
      scratch: hashIn(one('scratch-hash')),
      memberObjects: countsIn(kinds, saying('member-counts')),
      scratchObjects: countsIn(kinds, saying('scratch-counts')),
      hasSystemNamespace: one('namespace') === '1',
      secretsEncrypted: one('encrypted') === '' ? undefined : one('encrypted') === 'k8s:enc:',
    };
  } catch {
    return undefined;
  }
}

const json = (text: string): unknown => parseJson(text, Error);

function hashIn(text: string): KeysHash {
  const [first] = hash.parse(json(text));
  return { hash: first?.HashKV.hash ?? 0, compactRevision: first?.HashKV.compact_revision ?? 0 };
}

/**
 * Reads etcd's answers to transactions that count keys, which come in the order of the kinds.
 * @throws Error for any other text
 */
export function countsIn(kinds: readonly string[], answers: readonly string[]): Readonly<Record<string, number>> {
  const all = answers.flatMap((answer) => counts.parse(json(answer)).responses);
  if (all.length !== kinds.length) throw new Error('some kinds were not counted');
  return Object.fromEntries(kinds.map((kind, at) => [kind, all[at]?.Response.response_range.count ?? 0]));
}

/** Whether the member has compacted its keys since the snapshot: then the hashes can't be compared. */
export function wasCompacted({ member, scratch }: SnapshotReport): boolean {
  return member.compactRevision !== scratch.compactRevision;
}

/** In what an etcd that was started with the snapshot differs from the member, or lacks what each cluster has; empty: nothing. */
export function differencesIn(report: SnapshotReport): readonly string[] {
  const { member, scratch, memberObjects, scratchObjects, hasSystemNamespace } = report;
  const kinds = Object.entries(memberObjects).filter(([kind, number]) => scratchObjects[kind] !== number);
  return [
    ...kinds.map(([kind, number]) => `${kind} has ${scratchObjects[kind] ?? 0} keys, and ${number} in the cluster`),
    ...(member.hash === scratch.hash ? [] : ['the hash of its keys is another one']),
    ...(hasSystemNamespace ? [] : ['it has no namespace kube-system']),
  ];
}
