import { hostname } from 'node:os';

/**
 * The name of this workflow run for messages. Equal in all its jobs and attempts, because "Re-run failed jobs" continues
 * where the first attempt stopped. Without GitHub, all runs on one machine count as the same run.
 */
export function runName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}

/** The name of this attempt: equal in all its jobs. Without GitHub, each process is an attempt of its own. */
export function attemptName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = '1' } = env;
  return `${runName(env)} ${id ? `attempt ${attempt}` : `${process.pid} ${Math.round(performance.timeOrigin)}`}`;
}
