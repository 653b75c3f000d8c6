import { createHash } from 'node:crypto';
import type { Encrypter, Identity, Recipient } from 'age-encryption';
import { Problem } from '../errors.ts';
import { lengthRecipient } from '../pki/age-envelope.ts';
import type { Authorities } from '../pki/index.ts';
import { archiveBytes, archiveOf, type Entry } from './archive.ts';
import { backupFormat, type Manifest, manifestName, type PartName } from './manifest.ts';
import { secretsText } from './secrets.ts';

/** What goes into a backup. */
export interface BackupContents {
  readonly manifest: Omit<Manifest, 'format' | 'parts'>;
  /** The text of cluster.yaml, byte for byte. */
  readonly clusterFile: string;
  /** The text of cluster.lock.yaml; undefined where there is none. */
  readonly lockFile: string | undefined;
  readonly authorities: Authorities;
  /** The file of `etcdctl snapshot save`: it is read once, as a stream, and never whole in memory. */
  readonly snapshot: Pick<Entry, 'bytes' | 'sha256' | 'data'>;
}

export interface SealedBackup {
  readonly manifest: Manifest;
  /** The age file, as it is made. */
  readonly data: AsyncIterable<Uint8Array>;
  /** Opens this file and no other; only this process has it. So what was written can be read again without the recipients' keys. */
  readonly witness: Identity;
}

/**
 * Encrypts a backup as one age file with a tar archive: `age --decrypt -i key.txt FILE | tar --extract` opens it.
 * @param recipients `age1…`, from cluster.yaml; each of their keys opens the file alone.
 * @throws Problem BACKUP_RECIPIENT; BACKUP_DIFFERS while the data is read
 */
export async function sealBackup(contents: BackupContents, recipients: readonly string[]): Promise<SealedBackup> {
  const parts = partsOf(contents);
  const manifest: Manifest = {
    format: backupFormat,
    ...contents.manifest,
    parts: parts.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
  const entries: readonly Entry[] = [textEntry(manifestName, `${JSON.stringify(manifest, null, 1)}\n`), ...parts];
  const encrypter = await encrypterFor(recipients);
  const { recipient, witness } = witnessOf(await lengthRecipient(archiveBytes(entries)));
  encrypter.addRecipient(recipient);
  const archive = archiveOf(entries, new Date(manifest.created));
  return { manifest, data: await encrypter.encrypt(ReadableStream.from(archive)), witness };
}

/**
 * Whether all are recipients, checksum included: a backup for a mistyped one could not be opened.
 * @throws Problem BACKUP_RECIPIENT
 */
export async function checkRecipients(recipients: readonly string[]): Promise<void> {
  await encrypterFor(recipients);
}

async function encrypterFor(recipients: readonly string[]): Promise<Encrypter> {
  const age = await import('age-encryption');
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new Problem(`backup.recipients: ${recipient} is not an age recipient: its checksum is wrong`, {
        code: 'BACKUP_RECIPIENT',
        cause,
        hint: 'Copy the public key again, as age-keygen printed it.',
      });
    }
  }
  return encrypter;
}

/** Keeps the file's key when the header is written; the header gets no line for it. */
function witnessOf(length: Recipient): { readonly recipient: Recipient; readonly witness: Identity } {
  let key: Uint8Array | null = null;
  const wrapFileKey = (fileKey: Uint8Array) => {
    key = fileKey.slice();
    return length.wrapFileKey(fileKey);
  };
  return { recipient: { wrapFileKey }, witness: { unwrapFileKey: () => key } };
}

function partsOf({ clusterFile, lockFile, authorities, snapshot }: BackupContents) {
  return [
    textEntry<PartName>('cluster.yaml', clusterFile),
    ...(lockFile === undefined ? [] : [textEntry<PartName>('cluster.lock.yaml', lockFile)]),
    textEntry<PartName>('secrets.json', secretsText(authorities)),
    { name: 'etcd.db' as const, ...snapshot },
  ];
}

function textEntry<Name extends string>(name: Name, text: string): Entry & { readonly name: Name } {
  const bytes = Buffer.from(text);
  const data = (async function* () {
    yield bytes;
  })();
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), data };
}
