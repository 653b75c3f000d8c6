import { describeOpening } from '../cluster/openings.ts';
import type { Phase } from './phase.ts';

/** Settings in cluster.yaml that lower the cluster's security, for the reviewer of the plan: one annotation each. */
export const reportOpenings: Phase = {
  title: 'Look for what cluster.yaml opens',
  async run({ cluster, log }) {
    if (cluster.openings.length === 0) log.info('nothing');
    for (const opening of cluster.openings) log.warning(describeOpening(opening));
  },
};
