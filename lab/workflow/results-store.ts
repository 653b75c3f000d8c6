import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The record of an artifact, besides its bytes. */
export interface StoredArtifact {
  readonly id: number;
  /** The workflow run it belongs to, from the token: the same for every attempt of the run. */
  readonly run: string;
  /** The job that uploaded it, from its token. */
  readonly job?: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly contentType: string;
  /** The origin of the run's commit. Default: the branch main of this repository. */
  readonly from?: { readonly branch: string; readonly repository: number };
  /** Only a finalized artifact is listed. */
  readonly finalized: boolean;
  readonly size: number;
  readonly digest: string;
}

/** GitHub's default if an upload sets no end. */
const retention = 90 * 24 * 3_600_000;

/**
 * Artifacts as files in a folder, read again for each request: a test damages a blob or ages an artifact by editing
 * its file, and searches the stored files for secrets.
 */
export class ResultsStore {
  readonly #folder: string;
  readonly #deleted: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#deleted = `${folder}-deleted`;
    mkdirSync(folder, { recursive: true });
  }

  /** The artifacts of a run that have not expired, finalized or not. */
  ofRun(run: string): readonly StoredArtifact[] {
    return this.all().filter((artifact) => artifact.run === run && !hasExpired(artifact));
  }

  /** The artifacts of every run. */
  all(): readonly StoredArtifact[] {
    return this.#ids().flatMap((id) => this.get(id) ?? []);
  }

  /** The artifacts of a run that were deleted: nothing serves them, but a test may look at what was uploaded. */
  deletedOf(run: string): readonly StoredArtifact[] {
    const files = idsIn(this.#deleted).map((id) => join(this.#deleted, String(id), 'artifact.json'));
    const artifacts: readonly StoredArtifact[] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
    return artifacts.filter((artifact) => artifact.run === run);
  }

  /** An artifact by its number, expired or not. */
  get(id: number): StoredArtifact | undefined {
    const file = this.#file(id, 'artifact.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  create(
    asked: Pick<StoredArtifact, 'run' | 'job' | 'name' | 'contentType'> & { readonly expiresAt?: string },
  ): StoredArtifact {
    const id = Math.max(0, ...this.#ids(), ...idsIn(this.#deleted)) + 1;
    const now = Date.now();
    const artifact: StoredArtifact = {
      ...{ id, run: asked.run, name: asked.name, contentType: asked.contentType },
      ...(asked.job === undefined ? {} : { job: asked.job }),
      createdAt: new Date(now).toISOString(),
      expiresAt: asked.expiresAt ?? new Date(now + retention).toISOString(),
      ...{ finalized: false, size: 0, digest: '' },
    };
    mkdirSync(join(this.#folder, String(id)));
    this.#record(artifact);
    return artifact;
  }

  finalize(artifact: StoredArtifact): StoredArtifact {
    const bytes = readFileSync(this.#file(artifact.id, 'blob'));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const whole = { ...artifact, finalized: true, size: bytes.length, digest };
    this.#record(whole);
    return whole;
  }

  remove(id: number): void {
    mkdirSync(this.#deleted, { recursive: true });
    renameSync(join(this.#folder, String(id)), join(this.#deleted, String(id)));
  }

  /** The bytes of an artifact; undefined if none were committed. */
  read(id: number): Buffer | undefined {
    const file = this.#file(id, 'blob');
    return existsSync(file) ? readFileSync(file) : undefined;
  }

  write(id: number, bytes: Buffer): void {
    writeFileSync(this.#file(id, 'blob'), bytes);
  }

  /** Keeps a block until a list of blocks is committed. */
  stage(id: number, block: string, bytes: Buffer): void {
    writeFileSync(this.#file(id, blockFile(block)), bytes);
  }

  /** Makes the blob of staged blocks; false if one of them was never staged. */
  commit(id: number, blocks: readonly string[]): boolean {
    const files = blocks.map((block) => this.#file(id, blockFile(block)));
    if (!files.every((file) => existsSync(file))) return false;
    this.write(id, Buffer.concat(files.map((file) => readFileSync(file))));
    for (const file of new Set(files)) rmSync(file);
    return true;
  }

  #ids(): number[] {
    return idsIn(this.#folder);
  }

  #file(id: number, name: string): string {
    return join(this.#folder, String(id), name);
  }

  #record(artifact: StoredArtifact): void {
    writeFileSync(this.#file(artifact.id, 'artifact.json'), `${JSON.stringify(artifact, null, 1)}\n`);
  }
}

function idsIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0);
}

/** Whether it has expired: its record still exists, but its bytes do not. */
export function hasExpired({ expiresAt }: StoredArtifact): boolean {
  return Date.parse(expiresAt) <= Date.now();
}

/** Ids of blocks are base64, which has slashes. */
function blockFile(block: string): string {
  return `block-${Buffer.from(block).toString('hex')}`;
}
