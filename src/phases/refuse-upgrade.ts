import { Problem } from '../errors.ts';
import type { Phase } from './phase.ts';
import type { Observed } from './stages.ts';

/** A rotation restarts API servers as they are: a new version comes by a deployment, in its own order. */
export const refuseUpgrade: Phase<Observed> = {
  title: 'Check for a pending upgrade',
  when: ({ upgrades }) => upgrades,
  async run() {
    throw new Problem('cluster.yaml names versions that do not run yet', {
      code: 'ROTATION_PENDING',
      hint: 'Run a deployment first, then the rotation.',
    });
  },
};
