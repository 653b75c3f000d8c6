import { unlessProblem } from '../errors.ts';
import { deleteNode } from '../kubernetes/index.ts';
import { addonVersions } from '../observe/api.ts';
import type { ObservedNode, ObservedVersions } from '../observe/observed.ts';
import { planLines } from '../plan/lines.ts';
import { blocksInWords, stepInWords } from '../plan/step.ts';
import { upgradePlan } from '../plan/upgrade.ts';
import type { UpgradeRecord } from '../plan/upgrade-record.ts';
import { planVersions, withVersions } from '../plan/versions.ts';
import { withApi } from './cluster-access.ts';
import { observeCluster } from './observe-cluster.ts';
import type { Phase, StagePhase } from './phase.ts';
import { targetsOf } from './run.ts';
import type { Connected, Inspected, Observed, PerhapsSecrets } from './stages.ts';
import { servingNow } from './stopped-servers.ts';
import { readUpgrades } from './upgrade-record.ts';
import { warnOfUpgrade } from './warn-of-upgrade.ts';

type Gives = Pick<Observed, 'cluster' | 'nodes' | 'forgotten' | 'upgrades'>;

/**
 * Observes what runs, and refuses what the cluster as it is does not allow, before anything is touched. From here on the run's cluster has
 * the versions that run where cluster.yaml names none.
 */
export const observe: StagePhase<Inspected & PerhapsSecrets, Gives> = {
  title: 'Observe the cluster',
  async run(run, signal) {
    const { versions: observed, api } = await observeCluster(run);
    const apiServers = await servingNow(run, api?.apiServers ?? [], signal);
    const { versions, notes, refusals } = planVersions(run.cluster, observed);
    const found = { nodes: api?.nodes ?? [], apiServers, machineIds: machineIdsOf(run) };
    const lines = planLines(run.cluster, found, run.forget);
    const problems = [...refusals, ...lines.refusals];
    for (const note of notes) run.log.info(note);
    for (const step of lines.steps) run.log.info(stepInWords(step, run.dryRun));
    if (problems.length > 0) throw new AggregateError(problems, 'the cluster does not allow this change');
    const cluster = withVersions(run.cluster, versions);
    const upgrades = await reportUpgrade({ ...run, cluster }, observed, api?.nodes);
    return { cluster, nodes: api?.nodes, forgotten: lines.forgotten, upgrades };
  },
};

/** Logs the steps of the upgrade on the hosts that this run changes, and what would block them. Returns whether there are any. */
async function reportUpgrade(
  run: Inspected & PerhapsSecrets,
  observed: ObservedVersions,
  nodes: readonly ObservedNode[] | undefined,
): Promise<boolean> {
  const planned = (kept?: UpgradeRecord) =>
    upgradePlan(run.cluster, observed, nodes, (role) => targetsOf(run, role), kept);
  if (planned().steps.length === 0) return false;
  const upgrade = planned(await unlessProblem(() => readUpgrades(run)));
  for (const step of upgrade.steps) run.log.info(stepInWords(step, run.dryRun));
  for (const block of upgrade.steps.flatMap(blocksInWords)) run.log.warning(block);
  await warnOfUpgrade(run, upgrade);
  return true;
}

/** What the upgrade would do on the hosts of a job, whose versions came with its bundles. */
export async function reportUpgradeOfJob(run: Inspected & PerhapsSecrets): Promise<void> {
  const { versions, api } = await observeCluster(run);
  await reportUpgrade(run, versions, api?.nodes);
}

/** /etc/machine-id of each host that was inspected. */
export function machineIdsOf({ inspections }: Inspected): ReadonlyMap<string, string> {
  return new Map([...inspections].map(([host, { facts }]) => [host, facts.machineId]));
}

/** Deletes the nodes that the user lets go. Their hosts are not touched: cluster.yaml does not say how to reach them. */
export const forgetNodes: Phase<Observed & Connected & PerhapsSecrets> = {
  title: 'Forget nodes',
  when: ({ dryRun, forgotten }) => !dryRun && forgotten.length > 0,
  async run(run) {
    await withApi(run, async (api) => {
      for (const { name } of run.forgotten) {
        const deleted = await deleteNode(api, name);
        run.log.info(`${name}: deleted ${deleted.join(', ')}; its host was not wiped`);
        run.objects.push(...deleted.map((object) => `${object} deleted`));
      }
    });
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
