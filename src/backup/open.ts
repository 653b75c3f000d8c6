import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Identity } from 'age-encryption';
import { extract } from 'tar-stream';
import { bytesOf } from '../entry/bytes.ts';
import type { Problem } from '../errors.ts';
import { type Authorities, readIdentity } from '../pki/index.ts';
import { verified } from './archive.ts';
import { EncryptedFile } from './encrypted-file.ts';
import { type Manifest, manifestName, type Part, readManifest } from './manifest.ts';
import { Refusals } from './refusals.ts';
import { readSecrets } from './secrets.ts';

/** Each file but the snapshot, in bytes: cluster.yaml may have as many. */
const mostSmall = 1024 * 1024;

/** A backup whose small files were read and compared with their SHA-256. */
export interface OpenedBackup {
  readonly manifest: Manifest;
  readonly clusterFile: string;
  readonly lockFile: string | undefined;
  readonly authorities: Authorities;
  /**
   * The snapshot, to be read once. Only its end proves that the whole file is undamaged: then the last piece was authenticated and the
   * SHA-256 compared. Throws like `openBackup`.
   */
  readonly snapshot: AsyncIterable<Uint8Array>;
}

export interface OpenOptions {
  /** The file, for messages. */
  readonly name: string;
  /** The cluster that it must be of, by its name; undefined: any. */
  readonly cluster?: string | undefined;
}

/**
 * Opens a backup with the secret key of one of its recipients.
 * @param key the line `AGE-SECRET-KEY-1…`, or the file of age-keygen.
 * @throws Problem IDENTITY_INVALID, BACKUP_NOT_AGE, BACKUP_TRUNCATED, BACKUP_DAMAGED, BACKUP_OTHER_KEY, BACKUP_FORMAT, BACKUP_OTHER_CLUSTER,
 *   AUTHORITY_BROKEN
 */
export async function openBackup(
  file: AsyncIterable<Uint8Array>,
  key: string,
  options: OpenOptions,
): Promise<OpenedBackup> {
  const { identity } = await readIdentity(key, 'the backups’ key');
  return await openWith(file, identity, options);
}

/** The same with an identity of age, as the witness of a backup that was just written. */
export async function openWith(
  file: AsyncIterable<Uint8Array>,
  identity: string | Identity,
  { name, cluster }: OpenOptions,
): Promise<OpenedBackup> {
  const refuse = new Refusals(name);
  const encrypted = new EncryptedFile(file, refuse);
  const files = filesIn(await encrypted.decrypt(identity));
  const next = async (part: string, most: number) => await textOf(await nextFile(files, part, most, refuse), refuse);
  return await encrypted.explained(async () => {
    const manifest = manifestIn(await next(manifestName, mostSmall), refuse);
    if (cluster !== undefined && manifest.cluster.name !== cluster)
      throw refuse.otherCluster(manifest.cluster.name, cluster);
    const texts = new Map<string, string>();
    const last = manifest.parts.at(-1);
    for (const part of manifest.parts) if (part !== last) texts.set(part.name, await smallText(files, part, refuse));
    const authorities = readSecrets(texts.get('secrets.json') ?? '');
    if (!authorities || !last) throw refuse.damaged('its CAs are not complete');
    const snapshot = encrypted.explainedData(dataOf(files, last, refuse));
    const clusterFile = texts.get('cluster.yaml') ?? '';
    return { manifest, clusterFile, lockFile: texts.get('cluster.lock.yaml'), authorities, snapshot };
  });
}

/** A file of the archive, whose data must be read before the next one. */
interface FileInArchive {
  readonly name: string;
  readonly bytes: number;
  readonly data: AsyncIterable<Uint8Array>;
}
type Files = AsyncIterator<FileInArchive, void>;

async function* filesIn(plaintext: AsyncIterable<Uint8Array>): AsyncGenerator<FileInArchive, void> {
  const archive = extract();
  const feeding = pipeline(Readable.from(plaintext), archive);
  // Its error ends the archive, too; here it is only not left unhandled.
  feeding.catch(() => undefined);
  for await (const entry of archive) {
    const { name, size = 0, type } = entry.header;
    yield { name: type === 'file' ? name : '', bytes: size, data: entry as AsyncIterable<Uint8Array> };
  }
  await feeding;
}

async function nextFile(files: Files, name: string, most: number, refuse: Refusals): Promise<FileInArchive> {
  const { value } = await files.next();
  if (value?.name !== name || value.bytes > most) throw refuse.damaged(`${name} is missing or too large`);
  return value;
}

async function smallText(files: Files, part: Part, refuse: Refusals): Promise<string> {
  const { data, ...file } = await nextFile(files, part.name, mostSmall, refuse);
  return await textOf({ ...file, data: verified(part.name, data, part, () => altered(part, refuse)) }, refuse);
}

async function textOf({ name, data }: FileInArchive, refuse: Refusals): Promise<string> {
  return (await bytesOf(data, mostSmall, (what) => refuse.damaged(`${name} has ${what}`))).text();
}

async function* dataOf(files: Files, part: Part, refuse: Refusals): AsyncGenerator<Uint8Array> {
  const { data } = await nextFile(files, part.name, part.bytes, refuse);
  yield* verified(part.name, data, part, () => altered(part, refuse));
  // Reading on to the end authenticates it.
  if (!(await files.next()).done) throw refuse.damaged('it has more files than its manifest names');
}

function altered({ name }: Part, refuse: Refusals): Problem {
  return refuse.damaged(`${name} is not as the manifest says`);
}

function manifestIn(text: string, refuse: Refusals): Manifest {
  const read = readManifest(text);
  if (read.kind === 'read') return read.manifest;
  throw read.kind === 'other-format' ? refuse.otherFormat(read.format) : refuse.damaged('its manifest is not readable');
}
