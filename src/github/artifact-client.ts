import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactClient } from '@actions/artifact';
import pTimeout from 'p-timeout';
import { inUnits } from '../entry/bytes.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import { isEnterpriseServer } from './server.ts';
import { readSmallFile } from './small-file.ts';

/** Jobs of this run and of its re-runs need the artifact; GitHub's shortest retention is a day. */
const retentionDays = 1;
/** The hint for a failure of the service. */
export const runAgain = 'Run this job again. The status of the service is at https://www.githubstatus.com.';

/**
 * Uploads one file as an artifact of this run; one of the same name in this run is replaced.
 * @param replace true if an artifact of this name exists; when omitted, replaces it on conflict.
 * @param lasting keep it as long as the repository keeps artifacts, instead of a day.
 * @throws Problem ARTIFACT_UNAVAILABLE or ARTIFACT_UPLOAD.
 */
export async function uploadArtifact(
  name: string,
  bytes: Uint8Array,
  replace = false,
  { lasting = false } = {},
): Promise<void> {
  const kept = lasting ? {} : { retentionDays };
  await inScratch(async (folder) => {
    await writeFile(join(folder, name), bytes, { mode: 0o600, flag: 'wx' });
    await upload(name, folder, kept, replace);
  });
}

/**
 * The same for a file that is in a folder under its artifact's name.
 * @param days how long the service keeps it, if the repository allows it.
 * @throws Problem ARTIFACT_UNAVAILABLE or ARTIFACT_UPLOAD.
 */
export async function uploadArtifactFile(name: string, folder: string, days: number): Promise<void> {
  await upload(name, folder, { retentionDays: days }, false);
}

async function upload(
  name: string,
  folder: string,
  kept: { readonly retentionDays?: number },
  replace: boolean,
): Promise<void> {
  const client = await artifactClient();
  // Unzipped, so that the age command can open the downloaded file.
  const send = () => client.uploadArtifact(name, [join(folder, name)], folder, { ...kept, skipArchive: true });
  try {
    if (replace) await removeArtifact(client, name);
    await send().catch(async (error: unknown) => {
      if (!isTaken(error)) throw error;
      await removeArtifact(client, name);
      await send();
    });
  } catch (cause) {
    throw failed('ARTIFACT_UPLOAD', `failed to upload the artifact ${name}`, cause);
  }
}

/**
 * Downloads the newest artifact of a name in this run, from any attempt.
 * @param mostBytes limit for the file, and for the artifact in the service.
 * @throws Problem ARTIFACT_MISSING if there is none or it has expired, ARTIFACT_CHANGED, ARTIFACT_NONSENSE if it is too
 *   large or not one file, ARTIFACT_UNAVAILABLE, ARTIFACT_DOWNLOAD.
 */
export async function downloadArtifact(name: string, mostBytes: number): Promise<Uint8Array> {
  const client = await artifactClient();
  return await inScratch(async (folder) => {
    try {
      // Requested by name: a list ends after 1,000, and a cluster may have more hosts.
      const { artifact } = await client.getArtifact(name);
      if (artifact.size > mostBytes)
        throw nonsense(name, `has ${artifact.size} bytes, more than ${inUnits(mostBytes)}`);
      const expected = artifact.digest ? { expectedHash: artifact.digest } : {};
      // Not unpacked: an archive that another job uploaded under this name could unpack to any size.
      const options = { path: folder, skipDecompress: true, ...expected };
      const { digestMismatch } = await inTime(client.downloadArtifact(artifact.id, options));
      if (digestMismatch) throw changed(name);
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      if (cause instanceof Error && cause.name === 'ArtifactNotFoundError') throw missing(name, cause);
      throw failed('ARTIFACT_DOWNLOAD', `failed to download the artifact ${name}`, cause);
    }
    const [file, ...more] = await readdir(folder);
    if (file === undefined || more.length > 0) throw nonsense(name, 'is not one file');
    return await readSmallFile(join(folder, file), mostBytes, (what) => nonsense(name, `has ${what}`));
  });
}

/**
 * The names of this run's artifacts, the first thousand of them.
 * @throws Problem ARTIFACT_UPLOAD: it is asked before an upload
 */
export async function artifactNames(): Promise<ReadonlySet<string>> {
  const client = await artifactClient();
  try {
    const { artifacts } = await client.listArtifacts({ latest: true });
    return new Set(artifacts.map((artifact) => artifact.name));
  } catch (cause) {
    throw failed('ARTIFACT_UPLOAD', 'failed to list the artifacts of this run', cause);
  }
}

/**
 * Deletes an artifact of this run; one that is already gone is fine.
 * @throws Problem ARTIFACT_UNAVAILABLE, ARTIFACT_UPLOAD
 */
export async function deleteArtifact(name: string): Promise<void> {
  const client = await artifactClient();
  try {
    await removeArtifact(client, name);
  } catch (cause) {
    throw failed('ARTIFACT_UPLOAD', `failed to delete the artifact ${name}`, cause);
  }
}

/** An artifact that is already gone is fine. */
async function removeArtifact(client: ArtifactClient, name: string): Promise<void> {
  try {
    await client.deleteArtifact(name);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ArtifactNotFoundError')) throw error;
  }
}

/** The client reports this only in its message: `Failed request: (409) Conflict`. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes('(409)');
}

/** Whether this job has an artifact service that the client can use. */
export function hasArtifacts(): boolean {
  const { ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: url } = process.env;
  return Boolean(token && url) && !isEnterpriseServer();
}

/** Loaded here and not at the top: it takes longer to load than everything else of an action. */
async function artifactClient(): Promise<ArtifactClient> {
  if (!hasArtifacts()) {
    const hint = isEnterpriseServer()
      ? 'GitHub Enterprise Server has no such artifacts: use the root action in one job, as in docs/enterprise-server.md.'
      : 'Outside a workflow, set the input bundles to a folder.';
    throw new Problem('there is no artifact service here', { code: 'ARTIFACT_UNAVAILABLE', hint });
  }
  const { DefaultArtifactClient } = await import('@actions/artifact');
  return new DefaultArtifactClient();
}

/** Time limit of a download with its attempts; the client's own limit is for the pause between two chunks. */
const downloadMs = 180_000;

const inTime = <T>(work: Promise<T>): Promise<T> =>
  pTimeout(work, { milliseconds: downloadMs, message: `no end after ${downloadMs / 1000} s` });

/** Works in a folder that only this user can read; it is deleted afterwards, also if the job is cancelled. */
async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = process.env.RUNNER_TEMP || tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'k8s-ha-artifact-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await chmod(folder, 0o700);
    return await work(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function missing(name: string, cause: unknown): Problem {
  const hint =
    'Bundles are kept until every job has passed, for a day at most, and the pki job creates them: re-run the pki job with all jobs that need it, ' +
    'or "Re-run all jobs"; re-running only the failed ones fails again. If this run has no pki job, add one before this job.';
  return new Problem(`the artifact ${name} is missing or has expired`, { code: 'ARTIFACT_MISSING', hint, cause });
}

function changed(name: string): Problem {
  const hint =
    'Run this job again. If that fails, re-run the job that uploads the artifact (pki for a bundle) with all jobs that need it.';
  return new Problem(`the artifact ${name} came with other bytes than were uploaded`, {
    code: 'ARTIFACT_CHANGED',
    hint,
  });
}

function nonsense(name: string, what: string): Problem {
  const hint =
    'Find out which job uploaded it: who can write artifacts of this run? Then re-run that job, and this one.';
  return new Problem(`the artifact ${name} ${what}`, { code: 'ARTIFACT_NONSENSE', hint });
}

function failed(code: ProblemCode, message: string, cause: unknown): Problem {
  const [reason] = (cause instanceof Error ? cause.message : '').split('\n');
  const hint = isTaken(cause)
    ? 'An upload of this name was cut off, and the service neither lists nor deletes it: start a new run.'
    : runAgain;
  return new Problem(`${message}${reason ? `: ${reason}` : ''}`, { code, hint, cause });
}
