import { hostname } from 'node:os';

/**
 * The name of this workflow run for messages. Equal in all its jobs and attempts, because "Re-run failed jobs" continues
 * where the first attempt stopped. Without GitHub, all runs on one machine count as the same run.
 */
export function runName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}

/** The commit that this run applies, the same in all its attempts. Undefined without GitHub, or if it is no commit's id. */
export function commitId(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { GITHUB_RUN_ID: run, GITHUB_SHA: id = '' } = env;
  return run && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id) ? id : undefined;
}

/** The name of this attempt of the run: equal in all its jobs. */
export function attemptName(env: NodeJS.ProcessEnv = process.env): string {
  return `${runName(env)} attempt ${env.GITHUB_RUN_ATTEMPT ?? '1'}`;
}

/** The same for an action that is the only job of its run: without GitHub, each call is an attempt of its own. */
export function soleAttemptName(env: NodeJS.ProcessEnv = process.env): string {
  return `${attemptName(env)} ${process.pid} ${Math.round(performance.timeOrigin)}`;
}
