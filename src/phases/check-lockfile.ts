import type { Cluster } from '../cluster/cluster.ts';
import { plainMirror } from '../cluster/openings.ts';
import { binariesFor, imagesOf, type Machine } from '../components/needs.ts';
import { Problem } from '../errors.ts';
import { lacking } from '../lockfile/locked.ts';
import { howToMake, lackingIn } from '../lockfile/make.ts';
import type { Phase } from './phase.ts';
import { type Run, targetsOf } from './run.ts';
import { type Inspected, inspectionOf } from './stages.ts';

/** A run without hosts to change needs no facts of any. */
type Stage = Run & Partial<Pick<Inspected, 'inspections'>>;

/**
 * Refuses a mirror by http without a lock, and a lock without an entry for what this run's hosts need, before anything is changed. A run of the whole
 * cluster warns if there is no lock; its jobs do not repeat it.
 * @param clusterFile only names the file in problems
 */
export function checkLockfile(clusterFile: string, warns: 'warns' | 'quiet'): Phase<Stage> {
  return {
    title: 'Check the lock file',
    async run(run) {
      const { cluster, log } = run;
      const { lock } = cluster;
      if (lock === undefined) {
        refusePlainMirror(cluster, clusterFile);
        const line = `there is no lock file: the checksums come from where the files come from, without a review. To make one, ${howToMake}`;
        if (warns === 'warns') log.warning(line);
        return;
      }
      const { binaries, images } = lackingIn(lock, {
        binaries: binariesFor(cluster, machinesOf(run)),
        // A job without nodes, as for add-ons, does not know which pause image runs.
        images: imagesOf(cluster, targetsOf(run, 'node').length > 0),
      });
      const missing = [...binaries.map(({ url }) => url), ...images];
      if (missing.length > 0)
        throw new AggregateError(
          missing.map((name) => lacking(lock, name)),
          `${lock.file} lacks entries`,
        );
      log.info(`${lock.file} has every file and image that these hosts need`);
    },
  };
}

/** @throws Problem CLUSTER_URL */
function refusePlainMirror({ openings }: Cluster, file: string): void {
  const plain = plainMirror(openings);
  if (!plain) return;
  const { setting, line, column } = plain;
  throw new Problem(
    `${setting} is without TLS, and there is no lock file: anyone on the way could replace programs that run as root`,
    {
      code: 'CLUSTER_URL',
      ...{ file, line, column },
      hint: `Nothing was changed. Write https://, or make a lock file where the mirror can be trusted: ${howToMake}.`,
    },
  );
}

/** The roles that this run changes, with the architectures of their hosts. */
export function machinesOf(run: Stage): readonly Machine[] {
  const inspections = run.inspections ?? new Map();
  return [...run.targets.keys()].flatMap((role) =>
    targetsOf(run, role).map((host): Machine => [role, inspectionOf({ inspections }, host).facts.architecture]),
  );
}
