import type { Phase } from './phase.ts';
import type { Inspected, PerhapsSecrets } from './stages.ts';

/** For the dry run of a job. Its code is loaded only there: other jobs of etcd hosts need no client of the API. */
export const planUpgrade: Phase<Inspected & PerhapsSecrets> = {
  title: 'Plan the upgrade',
  when: ({ dryRun }) => dryRun,
  async run(run) {
    const { reportUpgradeOfJob } = await import('./observe.ts');
    await reportUpgradeOfJob(run);
  },
};
