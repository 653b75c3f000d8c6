import type { BundleStore } from '../phases/bundles.ts';
import type { Run } from '../phases/run.ts';
import { bundleArtifacts } from './artifacts.ts';
import { bundleFolder } from './bundle-folder.ts';
import { leaveReport, reportOf } from './reports.ts';
import { warning } from './runner.ts';

/** What jobs of a workflow hand over to later ones: bundles to the roles' jobs, and their reports to the gate. */
export interface HandOver extends BundleStore {
  /** Leaves word of a job of a matrix; what goes wrong with it is only warned of. */
  leave(run: Run, error: unknown): Promise<void>;
}

/** What the input `bundles` names: the word `artifacts` for those of the workflow run, else a folder. */
export function handOver(input: string): HandOver {
  if (input !== 'artifacts') return { ...bundleFolder(input), leave: async () => {} };
  return {
    ...bundleArtifacts(),
    async leave(run, error) {
      const report = reportOf(run, error, Number(process.env.GITHUB_RUN_ATTEMPT ?? 1));
      try {
        if (report) await leaveReport(run.cluster.name, report);
      } catch (cause) {
        warning(`the gate will not know of this job: ${cause instanceof Error ? cause.message : cause}`);
      }
    },
  };
}
