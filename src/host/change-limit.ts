import type { Limits } from './limits.ts';
import type { Unit } from './state.ts';
import type { Step } from './step.ts';

/** The maximum seconds per step. Steps that are not listed take no noticeable time. */
const stepSeconds: Readonly<Partial<Record<Step['do'], number>>> = {
  /** Two runs of a package manager: each waits for its lock (system.sh, INSTALL_PATIENCE), updates its lists and installs. */
  package: 1800,
  swap: 300,
  module: 30,
};
/** A binary of 120 MB at 200 kB/s. Three are downloaded at once. */
const downloadSeconds = 600;
/** A turn of 300 s, 600 s for the lock with its checks, the requests before it, and the restart itself. */
const rollSeconds = 1800;
/** systemctl's own time for a stop and a start. */
const restartSeconds = 180;

/** The maximum duration of a change in ms: the sum of the limits of its parts on the host. */
export function changeMs(limits: Limits, steps: readonly Step[], units: readonly Unit[]): number {
  if (limits.workMs !== undefined) return limits.workMs;
  const downloads = steps.filter((step) => step.do === 'download' || step.do === 'stage').length;
  const packages = steps.some((step) => step.do === 'package') ? stepSeconds.package : 0;
  const others = steps.filter((step) => step.do !== 'package').map((step) => stepSeconds[step.do] ?? 0);
  const waits = units.map(({ ready, rolling }) => {
    const settles = restartSeconds + (ready?.timeoutSeconds ?? 90);
    return rolling === undefined ? settles : settles + rollSeconds + rolling.healthy.timeoutSeconds;
  });
  const seconds = [packages ?? 0, downloadSeconds * Math.ceil(downloads / 3), ...others, ...waits];
  return limits.snapshotMs + 1000 * seconds.reduce((sum, one) => sum + one, 0);
}
