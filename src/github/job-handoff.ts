import type { BundleStore } from '../phases/bundles.ts';
import type { Run } from '../phases/run.ts';
import { bundleArtifacts } from './artifacts.ts';
import { bundleFolder } from './bundle-folder.ts';
import { leaveReport, reportOf } from './reports.ts';
import { warning } from './runner.ts';

/** The data that jobs of a workflow pass to later jobs: bundles to the roles' jobs, and their reports to the gate. */
export interface JobHandoff extends BundleStore {
  /** Uploads the report of a matrix job; a failure only causes a warning. */
  leave(run: Run, error: unknown): Promise<void>;
}

/** The place that the input `bundles` names: `artifacts` for the workflow run's artifacts, otherwise a folder. */
export function jobHandoff(input: string): JobHandoff {
  if (input !== 'artifacts') return { ...bundleFolder(input), leave: async () => {} };
  return {
    ...bundleArtifacts(),
    async leave(run, error) {
      const report = reportOf(run, error, Number(process.env.GITHUB_RUN_ATTEMPT ?? 1));
      try {
        if (report) await leaveReport(run.cluster.name, report);
      } catch (cause) {
        warning(`the gate will have no report of this job: ${cause instanceof Error ? cause.message : cause}`);
      }
    },
  };
}
