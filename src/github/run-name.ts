import { hostname } from 'node:os';

/**
 * The name of this workflow run for messages. Equal in all its jobs and attempts, because "Re-run failed jobs" continues
 * where the first attempt stopped. Without GitHub, all runs on one machine count as the same run.
 */
export function runName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}
