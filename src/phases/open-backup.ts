import { randomBytes } from 'node:crypto';
import type { Manifest } from '../backup/index.ts';
import type { Host } from '../cluster/cluster.ts';
import { describeProblem, Problem, unlessProblem } from '../errors.ts';
import { busyStatus, registryPrefix } from '../etcd/snapshot.ts';
import { hostNonsense } from '../host/nonsense.ts';
import { redactLines } from '../host/redact.ts';
import { openCommand, openInput } from '../kubernetes/open-backup.ts';
import { comparedWith, pluralNames } from '../kubernetes/open-compared.ts';
import { type OpenReport, readOpenReport } from '../kubernetes/open-report.ts';
import type { Authorities } from '../pki/index.ts';
import { withApi } from './cluster-access.ts';
import { scratchHost } from './scratch-host.ts';
import { type Connected, sessionOf } from './stages.ts';

/** A large database on a slow disk: it is sent, restored and read. */
const mostSeconds = 3600;

/** A written backup, as it is read again. */
export interface Reopened {
  readonly manifest: Manifest;
  readonly authorities: Authorities;
  /** Read only if a master can open it. */
  readonly snapshot: AsyncIterable<Uint8Array>;
}

/**
 * Opens a written backup on a master, by an etcd and an API server of its own that get the backup's keys, and compares what they read with what the
 * cluster's etcd has. So the keys in the backup are those that open its Secrets.
 * @returns whether that was possible; if it was not, the reason was logged as a warning
 * @throws Problem BACKUP_UNVERIFIED if the backup is the reason, HOST_NONSENSE
 */
export async function openOnMaster(run: Connected, backup: Reopened): Promise<boolean> {
  const chosen = await scratchHost(run);
  if (chosen.kind === 'none') return unverified(run, chosen.why);
  const namespace = await unlessProblem(() => withApi(run, async (api) => await systemNamespace(api)));
  const began = performance.now();
  const result = await opened(run, chosen.host, backup);
  if (result.kind === 'unasked') return unverified(run, `${chosen.host.name}: ${result.why}`);
  if (result.kind === 'fails') throw notOpened(chosen.host, [result.why]);
  const { objects } = backup.manifest;
  const compared = comparedWith(result.report, { objects, prefix: registryPrefix(run.cluster), namespace });
  if (compared.differences.length > 0) throw notOpened(chosen.host, compared.differences);
  for (const why of compared.unread) run.log.warning(`the backup's API server could not read ${why}`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  run.log.info(`${chosen.host.name}: ${inWords(result.report, compared.same)} (${seconds} s)`);
  return true;
}

type Api = Parameters<Parameters<typeof withApi>[1]>[0];

async function systemNamespace(api: Api): Promise<string | undefined> {
  const { metadata } = await api.get<{ metadata: { uid?: string } }>('/api/v1/namespaces/kube-system');
  return metadata.uid;
}

async function opened(run: Connected, host: Host, { manifest, authorities, snapshot }: Reopened) {
  const part = manifest.parts.find(({ name }) => name === 'etcd.db');
  if (!part) throw new Error('a backup has a snapshot');
  const prefix = registryPrefix(run.cluster);
  const kinds = pluralNames({ objects: manifest.objects, prefix });
  const command = openCommand(run.cluster, { ...part, revision: manifest.snapshot.revision, prefix, kinds });
  const token = randomBytes(24).toString('hex');
  run.mask([token]);
  const input = openInput(authorities, token, snapshot);
  try {
    const { status, stdout, stderr } = await sessionOf(run, host).run(command, { input, timeoutSeconds: mostSeconds });
    if (status === busyStatus) return { kind: 'unasked', why: 'another backup is opened there' } as const;
    return readOpenReport(stdout, redactLines(stderr).join('\n')) ?? throwNonsense(host);
  } catch (error) {
    // All of the file was read before, so this is the host's or the connection's.
    if (error instanceof Problem && error.code !== 'HOST_NONSENSE')
      return { kind: 'unasked', why: describeProblem(error) } as const;
    throw error;
  }
}

function throwNonsense(host: Host): never {
  throw hostNonsense('its report of a backup that was opened there is not complete', host.name);
}

function unverified(run: Connected, why: string): false {
  run.log.warning(`no API server was started with the backup, so it is not verified by one: ${why}`);
  return false;
}

function notOpened(host: Host, differing: readonly string[]): Problem {
  const detail = differing.slice(0, 20).flatMap((text) => redactLines(text));
  return new Problem(`an API server cannot use the backup: ${detail[0]}`, {
    code: 'BACKUP_UNVERIFIED',
    host: host.name,
    detail,
    hint: 'The backup was not kept. If it cannot decrypt a Secret, the masters’ encryption-config.yaml lacks a key that is in use: put it back. Otherwise run again, and compare the members with `etcdctl endpoint hashkv --cluster`.',
  });
}

function inWords({ secret, memoryMiB }: OpenReport, same: number): string {
  const secrets =
    secret === undefined
      ? 'there is no Secret'
      : secret.stored === 'plain'
        ? 'no Secret is encrypted'
        : `Secrets are decrypted by its key (${secret.stored})`;
  return `an API server that was started with the backup reads the same objects of ${same} kinds; ${secrets}; it used ${memoryMiB} MiB`;
}
