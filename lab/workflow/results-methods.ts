import type { ResultsStore, StoredArtifact } from './results-store.ts';

/** An error with Twirp's name and its HTTP status. */
export class TwirpError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The arguments of a method: the run and the job of the caller's token, and the request's fields. */
export interface Call {
  readonly run: string;
  readonly job: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** An address at which the bytes of an artifact can be written, or read, for a limited time. */
  readonly sign: (id: number, right: 'write' | 'read') => string;
}

type Method = (store: ResultsStore, call: Call) => Readonly<Record<string, unknown>>;

/** GitHub's limit of listed artifacts of a run. */
const listed = 1_000;
/** GitHub's limit of artifacts from one job (actions/upload-artifact, README.md, "Limitations"). How it answers beyond it is not known. */
const mostOfJob = 500;
const forbidden = /["<>|*?:\\/\r\n]/;

/** The methods of `github.actions.results.api.v1.ArtifactService`, by name. */
export const methods: Readonly<Record<string, Method>> = {
  CreateArtifact(store, call) {
    const name = textOf(call, 'name');
    if (!name || forbidden.test(name)) throw new TwirpError(400, 'invalid_argument', 'the artifact name is not valid');
    // An artifact that is still being uploaded has the name too.
    if (store.ofRun(call.run).some((artifact) => artifact.name === name)) {
      throw new TwirpError(409, 'already_exists', 'an artifact with this name already exists on the workflow run');
    }
    const { run, job } = call;
    if (ofJob(store, call) >= mostOfJob)
      throw new TwirpError(403, 'permission_denied', `this job has ${mostOfJob} artifacts, and a job may have no more`);
    const expiresAt = textOf(call, 'expires_at');
    const contentType = textOf(call, 'mime_type') || 'application/zip';
    const { id } = store.create({ run, job, name, contentType, ...(expiresAt ? { expiresAt } : {}) });
    return { ok: true, signed_upload_url: call.sign(id, 'write') };
  },
  FinalizeArtifact(store, call) {
    const artifact = only(store, call, false);
    const bytes = store.read(artifact.id);
    if (!bytes || String(bytes.length) !== textOf(call, 'size')) {
      throw new TwirpError(400, 'invalid_argument', 'the size is not that of the uploaded bytes');
    }
    const { digest } = store.finalize(artifact);
    const claimed = textOf(call, 'hash');
    if (claimed && claimed !== digest) {
      store.remove(artifact.id);
      throw new TwirpError(400, 'invalid_argument', 'the hash is not that of the uploaded bytes');
    }
    return { ok: true, artifact_id: String(artifact.id) };
  },
  ListArtifacts(store, call) {
    const [name, id] = [textOf(call, 'name_filter'), textOf(call, 'id_filter')];
    const artifacts = store
      .ofRun(call.run)
      .filter((artifact) => artifact.finalized)
      .filter((artifact) => (!name || artifact.name === name) && (!id || String(artifact.id) === id))
      .slice(0, listed);
    return { artifacts: artifacts.map(described) };
  },
  GetSignedArtifactURL(store, call) {
    const artifact = only(store, call, true);
    return { name: artifact.name, signed_url: call.sign(artifact.id, 'read') };
  },
  DeleteArtifact(store, call) {
    const artifact = only(store, call, true);
    store.remove(artifact.id);
    return { ok: true, artifact_id: String(artifact.id) };
  },
};

function ofJob(store: ResultsStore, { run, job }: Call): number {
  return store.ofRun(run).filter((artifact) => artifact.job === job).length;
}

function described({ id, run, name, size, createdAt, digest }: StoredArtifact): Readonly<Record<string, unknown>> {
  return {
    workflow_run_backend_id: run,
    workflow_job_run_backend_id: run,
    database_id: String(id),
    ...{ name, size: String(size), created_at: createdAt, digest },
  };
}

function only(store: ResultsStore, call: Call, finalized: boolean): StoredArtifact {
  const name = textOf(call, 'name');
  const found = store.ofRun(call.run).find((artifact) => artifact.name === name && artifact.finalized === finalized);
  if (!found) throw new TwirpError(404, 'not_found', `no artifact of this run has the name ${name}`);
  return found;
}

function textOf(call: Call, field: string): string {
  const value = call.request[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
