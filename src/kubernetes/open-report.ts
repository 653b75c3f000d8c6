import * as z from 'zod';

/** What an API server that was started with a backup has read. */
export interface OpenReport {
  /** How many objects of each kind; or why it did not read them. */
  readonly kinds: readonly ReadKind[];
  /** The uid of the namespace kube-system; empty if it was not read. */
  readonly namespace: string;
  /** A Secret; absent: there is none. */
  readonly secret?: StoredSecret | undefined;
  /** Of the Lease that was written last, its revision in etcd and its resourceVersion in the API; absent: there is none. */
  readonly newest?: { readonly revision: string; readonly read: string } | undefined;
  /** The most memory that the API server used, in MiB. */
  readonly memoryMiB: number;
}

interface StoredSecret {
  /** How its value begins in etcd: `k8s:enc:secretbox:v1:key1:`, or `plain`. */
  readonly stored: string;
  readonly wasRead: boolean;
}

interface ReadKind {
  readonly version: string;
  readonly name: string;
  readonly count?: number | undefined;
  readonly why?: string | undefined;
}

/** The end of an attempt to open a backup. */
export type OpenResult =
  | { readonly kind: 'read'; readonly report: OpenReport }
  /** The backup is the reason. */
  | { readonly kind: 'fails'; readonly why: string }
  /** The host is the reason, or it is not known. */
  | { readonly kind: 'unasked'; readonly why: string };

const count = z.coerce.number().int().min(0);
const report = z.object({
  kinds: z.array(
    z.object({ version: z.string(), name: z.string(), count: count.optional(), why: z.string().optional() }),
  ),
  namespace: z.string().max(100),
  secret: z.object({ stored: z.string(), wasRead: z.boolean() }).optional(),
  newest: z.object({ revision: z.string(), read: z.string() }).optional(),
  memoryMiB: z.number().int().min(0),
});

/** Reads what the command of `openCommand` has printed; undefined for any other text. */
export function readOpenReport(stdout: string, stderr: string): OpenResult | undefined {
  const lines = stdout.split('\n');
  const saying = (mark: string) =>
    lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(mark.length + 1));
  const [fails] = saying('fails');
  if (fails !== undefined) return { kind: 'fails', why: fails };
  const [unasked] = saying('unasked');
  if (unasked !== undefined) return { kind: 'unasked', why: unasked };
  if (!lines.includes('complete')) return { kind: 'unasked', why: lastLine(stderr) };
  const read = report.safeParse({
    kinds: [...saying('read').map(readKind), ...saying('unread').map(unreadKind)],
    namespace: saying('namespace')[0] ?? '',
    ...both('secret', saying('secret'), ([stored, times]) => ({ stored, wasRead: times === '1' })),
    ...both('newest', saying('newest'), ([revision, seen = '']) => ({ revision, read: seen })),
    memoryMiB: Math.round(Number(saying('memory')[0]) / 1024),
  });
  return read.success ? { kind: 'read', report: read.data } : undefined;
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) || 'it ended without a reason';

function readKind(line: string) {
  const [version, name, number] = line.split(' ');
  return { version, name, count: number };
}

function unreadKind(line: string) {
  const [version, name, ...why] = line.split(' ');
  return { version, name, why: why.join(' ') };
}

function both(name: string, [line]: readonly string[], of: (words: readonly string[]) => object): object {
  return line === undefined ? {} : { [name]: of(line.trim().split(' ')) };
}
