import * as z from 'zod';
import { jsonOrUndefined } from '../entry/json.ts';
import { authorityNames } from '../layout/authorities.ts';

/** The format that this version writes, and the only one that it reads. */
export const backupFormat = 1;

/** The files of a backup, in their order: what is small comes before the snapshot, so that it is read without it. */
export const partNames = ['cluster.yaml', 'cluster.lock.yaml', 'secrets.json', 'etcd.db'] as const;
export type PartName = (typeof partNames)[number];

/** The first file of the archive, which describes the others. */
export const manifestName = 'manifest.json';

const most = { name: 253, version: 30, kinds: 10_000, prefix: 500 };
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const version = z
  .string()
  .max(most.version)
  .regex(/^\d+\.\d+\.\d+[\w.+-]*$/);

const manifest = z.object({
  format: z.literal(backupFormat),
  cluster: z.object({
    name: z.string().min(1).max(most.name),
    /** etcd's id of the cluster, in hexadecimal. A restored etcd has another one. */
    etcd: z.string().regex(/^[0-9a-f]{1,16}$/),
    /** SHA-256 (hex) of the CA certificates in DER form: the same over a restore. */
    authorities: z.record(z.enum(authorityNames), sha256),
  }),
  created: z.iso.datetime(),
  /** The workflow run that made it. */
  run: z.string().max(most.name).optional(),
  /** What ran when the snapshot was taken; no version of Kubernetes if no API server answered. */
  versions: z.object({ kubernetes: version.optional(), etcd: version }),
  snapshot: z.object({
    /** The member's host. */
    host: z.string().max(most.name),
    /** etcd's revision at the snapshot. */
    revision: count,
    /** etcd's hash of all keys up to this revision (`etcdctl endpoint hashkv`). It depends on `compactRevision`. */
    hash: count,
    compactRevision: z.int(),
    /** Keys of the newest revision. */
    keys: count,
  }),
  /** The number of keys by the prefix of their kind, as `/registry/pods/`. */
  objects: z.record(z.string().max(most.prefix), count).refine((all) => Object.keys(all).length <= most.kinds),
  parts: z
    .array(z.object({ name: z.enum(partNames), bytes: count, sha256 }))
    .max(partNames.length)
    .refine(inOrder),
});

/** What a backup has, and what a restore of it must show again. */
export type Manifest = z.output<typeof manifest>;
export type Part = Manifest['parts'][number];

/** Each part once, in the order of the archive; none but the lock file may be absent. */
function inOrder(parts: readonly { readonly name: PartName }[]): boolean {
  const names = new Set(parts.map(({ name }) => name));
  const expected = partNames.filter((name) => name !== 'cluster.lock.yaml' || names.has(name));
  return expected.join() === parts.map(({ name }) => name).join();
}

/** The result of reading a manifest: another format is not damage, but needs another version of this project. */
export type ReadManifest =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'other-format'; readonly format: number }
  | { readonly kind: 'invalid' };

/** Reads the text of `manifest.json`, which is untrusted: anyone with the public recipient can make a backup. */
export function readManifest(text: string): ReadManifest {
  const value = jsonOrUndefined(text);
  const read = manifest.safeParse(value);
  if (read.success) return { kind: 'read', manifest: read.data };
  const { data } = z.looseObject({ format: z.int().min(0) }).safeParse(value);
  if (data && data.format !== backupFormat) return { kind: 'other-format', format: data.format };
  return { kind: 'invalid' };
}
