import { describeOpening } from '../cluster/openings.ts';
import type { Phase } from './phase.ts';

/** What cluster.yaml allows that lowers the cluster's defences, for the reviewer of the plan: an annotation each. */
export const reportOpenings: Phase = {
  title: 'Look for what cluster.yaml opens',
  async run({ cluster, log }) {
    if (cluster.openings.length === 0) log.info('nothing');
    for (const opening of cluster.openings) log.warning(describeOpening(opening));
  },
};
