import * as core from '@actions/core';
import type { Log } from '../log.ts';

/** `1.2 s` or `340 ms`, as durations are written everywhere in logs and summaries. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The log of a job: groups that fold, with their durations. */
export const githubLog: Log = {
  info: (message) => core.info(message),
  warning: (message) => core.warning(message),
  debug: (message) => core.debug(message),
  async group(title, work) {
    const begin = performance.now();
    core.startGroup(title);
    try {
      return await work();
    } finally {
      core.endGroup();
      core.info(`${title}: ${duration(performance.now() - begin)}`);
    }
  },
};
