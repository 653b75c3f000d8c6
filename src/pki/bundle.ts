import * as z from 'zod';
import { inUnits } from '../entry/bytes.ts';
import { jsonOrUndefined } from '../entry/json.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import { paths } from '../layout/paths.ts';
import { type Envelope, judgeEnvelope, lengthRecipient } from './age-envelope.ts';
import { readIdentity } from './age-identity.ts';
import type { HostSecrets } from './secrets.ts';

const format = 'k8s-ha-action/bundle/v1';

/** A master's bundle has some 30 KiB and a dozen files. */
const most = { bytes: 4 * 1024 * 1024, files: 100, content: 1024 * 1024, name: 253, hosts: 1000, url: 2048 };

const file = z.strictObject({
  path: z.string(),
  content: z.string().max(most.content),
  mode: z.string().regex(/^[0-7]{3}$/),
  owner: z.string().regex(/^[a-z]+:[a-z]+$/),
  secret: z.boolean(),
});
const bundle = z.object({
  format: z.literal(format),
  cluster: z.string().max(most.name),
  host: z.string().max(most.name),
  sealedAt: z.iso.datetime().optional(),
  authorities: z.record(z.string(), z.string().max(most.name)),
  files: z.array(file).max(most.files),
  startsEtcd: z.literal(true).optional(),
  newMasters: z.array(z.string().max(most.name)).max(most.hosts).optional(),
  versions: z.record(z.string().max(most.name), z.string().regex(/^\d{1,6}\.\d{1,6}(\.\d{1,6})?$/)).optional(),
  sums: z.record(z.string().max(most.url), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
});

/** For people who decrypt the bundle by hand. */
export interface BundleMeta {
  readonly sealedAt: Date;
  /** The workflow run that created it. */
  readonly run?: string;
}

/**
 * Encrypts a host's secrets as an age file with JSON: `age --decrypt -i key.txt master-1.age` shows it.
 * @param recipient `age1…`, from `readIdentity`.
 */
export async function sealBundle(secrets: HostSecrets, recipient: string, meta: BundleMeta): Promise<Uint8Array> {
  const age = await import('age-encryption');
  const made = { sealedAt: meta.sealedAt.toISOString(), ...(meta.run === undefined ? {} : { run: meta.run }) };
  const plaintext = Buffer.from(`${JSON.stringify({ format, ...made, ...secrets }, null, 1)}\n`);
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(recipient);
  encrypter.addRecipient(await lengthRecipient(plaintext.length));
  return await encrypter.encrypt(plaintext);
}

/**
 * Decrypts a bundle and refuses one that is not for this host.
 * @throws Problem BUNDLE_NOT_AGE, BUNDLE_TRUNCATED, BUNDLE_TAMPERED, BUNDLE_OTHER_KEY, BUNDLE_UNREADABLE,
 *   BUNDLE_OTHER_CLUSTER, BUNDLE_OTHER_HOST, IDENTITY_INVALID.
 */
export async function openBundle(
  bytes: Uint8Array,
  secretKey: string,
  expected: { readonly cluster: string; readonly host: string },
): Promise<HostSecrets> {
  const refuse = (code: ProblemCode, message: string, hint: string) =>
    new Problem(`the bundle of ${expected.host} ${message}`, { code, hint, host: expected.host });
  const { identity } = await readIdentity(secretKey);
  if (bytes.length > most.bytes) throw refuse('BUNDLE_UNREADABLE', `has more than ${inUnits(most.bytes)}`, checkNames);
  const outside = outsideFaults[judgeEnvelope(bytes)];
  if (outside) throw refuse(...outside);
  const secrets = readPayload(await decrypt(bytes, identity, refuse));
  if (!secrets) throw refuse('BUNDLE_UNREADABLE', 'is not in a form that this version reads', newBundles);
  const { cluster, host } = secrets;
  if (cluster !== expected.cluster)
    throw refuse('BUNDLE_OTHER_CLUSTER', `is of the cluster ${cluster}, not ${expected.cluster}`, checkNames);
  if (host !== expected.host) throw refuse('BUNDLE_OTHER_HOST', `is of the host ${host}`, checkNames);
  return secrets;
}

/** The fix for bundles that do not fit. */
export const newBundles = 'Run the pki job again, then this one.';
const checkNames = `Which artifact does this job download, and what else writes it? ${newBundles}`;
const tampered = ['BUNDLE_TAMPERED', 'was changed after it was encrypted', `Find out by whom. ${newBundles}`] as const;
const outsideFaults: Readonly<
  Record<Envelope, readonly [code: ProblemCode, message: string, hint: string] | undefined>
> = {
  foreign: ['BUNDLE_NOT_AGE', 'is not an age file', checkNames],
  truncated: ['BUNDLE_TRUNCATED', 'is cut off', newBundles],
  overlong: tampered,
  whole: undefined,
};

async function decrypt(
  bytes: Uint8Array,
  identity: string,
  refuse: (code: ProblemCode, message: string, hint: string) => Problem,
): Promise<string> {
  const age = await import('age-encryption');
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes, 'text');
  } catch (error) {
    // typage tells this case by its message alone; the test of it notices when the words change.
    const otherKey = error instanceof Error && error.message.startsWith('no identity matched');
    if (!otherKey) throw refuse(...tampered);
    throw refuse('BUNDLE_OTHER_KEY', 'is encrypted for another key', `Was the secret changed since? ${newBundles}`);
  }
}

/** A bundle may only contain the paths of secrets: otherwise it could write any file as root. */
const knownPaths: ReadonlySet<string> = new Set(leavesOf(paths));

function readPayload(text: string): HostSecrets | undefined {
  const { data } = bundle.safeParse(jsonOrUndefined(text));
  if (!data?.files.every(({ path }) => knownPaths.has(path))) return undefined;
  const { cluster, host, authorities, files, sealedAt, startsEtcd, newMasters, versions, sums } = data;
  return {
    ...{ cluster, host, authorities, files },
    ...(sealedAt && { sealedAt }),
    ...(startsEtcd && { startsEtcd }),
    ...(newMasters && { newMasters }),
    ...(versions && { versions }),
    ...(sums && { sums }),
  };
}

function leavesOf(tree: object): readonly string[] {
  return Object.values(tree).flatMap((value) => (typeof value === 'string' ? value : leavesOf(value)));
}
