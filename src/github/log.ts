import type { Log } from '../log.ts';
import { debug, group, info, warning } from './runner.ts';

/** `1.2 s` or `340 ms`, the format of durations in logs and summaries. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The log of a job: groups that fold, with their durations. */
export const githubLog: Log = {
  info,
  warning: (message) => warning(message),
  debug,
  async group(title, work) {
    const begin = performance.now();
    try {
      return await group(title, work);
    } finally {
      info(`${title}: ${duration(performance.now() - begin)}`);
    }
  },
};
