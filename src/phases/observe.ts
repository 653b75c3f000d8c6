import { addonVersions } from '../observe/api.ts';
import { planVersions, withVersions } from '../plan/versions.ts';
import { withApi } from './cluster-access.ts';
import { observeCluster } from './observe-cluster.ts';
import type { StagePhase } from './phase.ts';
import type { Connected, Inspected, Observed, PerhapsSecrets } from './stages.ts';

/**
 * Observes what runs, and refuses what the cluster as it is does not allow, before anything is touched. From here on the run's cluster has
 * the versions that run where cluster.yaml names none.
 */
export const observe: StagePhase<Inspected & PerhapsSecrets, Pick<Observed, 'cluster' | 'nodes'>> = {
  title: 'Observe the cluster',
  async run(run) {
    const { versions: observed, nodes } = await observeCluster(run);
    const { versions, notes, refusals } = planVersions(run.cluster, observed);
    for (const note of notes) run.log.info(note);
    if (refusals.length > 0) throw new AggregateError(refusals, 'the change is not supported');
    return { cluster: withVersions(run.cluster, versions), nodes };
  },
};

/** For a job that changes only objects of the cluster: the add-ons' versions stay where cluster.yaml names none. */
export const observeAddons: StagePhase<Connected & PerhapsSecrets, Pick<Observed, 'cluster'>> = {
  title: 'Observe the add-ons',
  async run(run) {
    const addons = await withApi(run, (api) => addonVersions(api, run.cluster));
    const { versions, notes } = planVersions(run.cluster, { served: [], placed: [], addons });
    for (const note of notes) run.log.info(note);
    return { cluster: withVersions(run.cluster, versions) };
  },
};
