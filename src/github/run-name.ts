import { hostname } from 'node:os';

/**
 * This workflow run, as a person would look for it: the same in all its jobs and attempts, since "Re-run failed jobs" goes on
 * where the first attempt stopped. By hand, whoever works on one machine is one run.
 */
export function runName(env: NodeJS.ProcessEnv = process.env): string {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  return id ? `${repository} run ${id}` : `a run by hand on ${hostname()}`;
}
