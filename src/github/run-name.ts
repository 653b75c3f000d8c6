import { hostname } from 'node:os';

/** This run, as a person would look for it. */
export function runName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = '1' } = env;
  return id ? `${repository} run ${id}, attempt ${attempt}` : `process ${process.pid} on ${hostname()}`;
}
