import type { ServerResponse } from 'node:http';
import { hasExpired, type ResultsStore, type StoredArtifact } from './results-store.ts';
import { workflowToken } from './results-token.ts';

/** A request to the part of GitHub's REST API about the artifacts of every run. */
export interface RestRequest {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly sign: (id: number, right: 'write' | 'read') => string;
}

const repository = 1;
const path = /^\/api\/repos\/[\w.-]+\/[\w.-]+\/actions\/artifacts(?:\/(\d+)\/zip)?$/;

/** Lists artifacts by name and redirects to the bytes of one, for callers with the workflow's token. */
export function answerRest(
  store: ResultsStore,
  { url, authorization, sign }: RestRequest,
  response: ServerResponse,
): void {
  const [, id] = path.exec(url.pathname) ?? [undefined, '0'];
  const artifact = store.get(Number(id ?? 0));
  if (authorization !== `Bearer ${workflowToken}`) json(response, 401, { message: 'Bad credentials' });
  else if (id === undefined) json(response, 200, { artifacts: list(store, url) });
  else if (!artifact) json(response, 404, { message: 'Not Found' });
  else if (hasExpired(artifact)) json(response, 410, { message: 'Artifact has expired' });
  else response.writeHead(302, { Location: sign(artifact.id, 'read') }).end();
}

function list(store: ResultsStore, url: URL): readonly Readonly<Record<string, unknown>>[] {
  const name = url.searchParams.get('name');
  const found = store.all().filter((artifact) => artifact.finalized && (!name || artifact.name === name));
  return found.map((artifact) => described(url, artifact));
}

function described(url: URL, artifact: StoredArtifact): Readonly<Record<string, unknown>> {
  const { id, name, size, digest, createdAt, expiresAt, from } = artifact;
  return {
    ...{ id, name, size_in_bytes: size, digest, created_at: createdAt, expires_at: expiresAt },
    expired: hasExpired(artifact),
    archive_download_url: `${url.origin}${url.pathname}/${id}/zip`,
    workflow_run: {
      head_branch: from?.branch ?? 'main',
      repository_id: repository,
      head_repository_id: from?.repository ?? repository,
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
