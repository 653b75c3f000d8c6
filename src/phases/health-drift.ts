// What a deployment would change, for a check: the phases of a plan, on the hosts that have answered.
import type { Finding } from '../check/finding.ts';
import { driftFindings, objectFindings, problemFinding, unknownFinding } from '../check/hosts.ts';
import type { CheckReport } from '../check/report.ts';
import { nodeFindings } from '../check/services.ts';
import { versionFindings } from '../check/versions.ts';
import { hostsWith } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import type { ObservedVersions } from '../observe/observed.ts';
import { planLines } from '../plan/lines.ts';
import { planVersions, withVersions } from '../plan/versions.ts';
import { applyAddons, applyBootstrapManifests } from './apply-manifests.ts';
import { applyRole } from './apply-role.ts';
import { askServices } from './health-services.ts';
import { issueAnswered } from './issue-answered.ts';
import { joinNodes } from './join-nodes.ts';
import { machineIdsOf } from './observe.ts';
import { observeCluster } from './observe-cluster.ts';
import type { Phase, StagePhase } from './phase.ts';
import { planEtcdMembers } from './plan-etcd-members.ts';
import { allTargets, type Run } from './run.ts';
import type { Inspected, Observed, Prepared, WithSecrets } from './stages.ts';

/** The versions and nodes of the cluster. What a plan would refuse is a finding. */
export function observeHealth({ findings }: CheckReport): StagePhase<Inspected, Pick<Observed, 'cluster' | 'nodes'>> {
  return {
    title: 'Observe the cluster',
    async run(run) {
      const { versions: observed, api } = await observeCluster(run);
      const { versions, refusals } = planVersions(run.cluster, observed);
      const found = { nodes: [], apiServers: [], ...api, machineIds: machineIdsOf(run) };
      const lines = planLines(run.cluster, found, run.forget);
      findings.push(...[...refusals, ...lines.refusals].map((problem) => refusedFinding(run, problem)));
      findings.push(...versionFindings(run.cluster, kubernetesIn(observed), run.now));
      if (api) findings.push(...nodeFindings(run.cluster, api.nodes));
      else findings.push(unknownFinding('nodes', run.cluster.name, new Error('no API server answers'), 'critical'));
      return { cluster: withVersions(run.cluster, versions), nodes: api?.nodes };
    },
  };
}

const kubernetesIn = ({ served }: ObservedVersions): readonly string[] =>
  served.filter(({ component }) => component !== 'etcd').map(({ version }) => version);

type Stage = Inspected & Pick<Observed, 'nodes'>;

/** What a deployment would change and how the services answer, at the same time: neither depends on the other. */
export function lookAround(report: CheckReport, clusterFile: string): Phase<Inspected> {
  return {
    title: 'Compare with the file, and ask the services',
    async run(run, signal) {
      const compare = async (): Promise<void> => {
        const observed = await observeHealth(report).run(run, signal);
        await compareHosts(report, clusterFile).run({ ...run, ...observed }, signal);
      };
      await Promise.all([compare(), askServices(report).run(run, signal)]);
    },
  };
}

/** Compares the hosts that have answered, and the cluster's own objects, with the file. */
export function compareHosts(report: CheckReport, clusterFile: string): Phase<Stage> {
  return {
    title: 'Compare with the file',
    async run(run, signal) {
      const secrets = await secretsToCompare(run, report);
      if (!secrets) return;
      const attempt = (phase: Pick<Phase<Stage & WithSecrets>, 'run'>): Promise<boolean | undefined> =>
        orFindings(run, report, async () => {
          await phase.run({ ...run, secrets }, signal);
          return true;
        });
      const hosts = async (): Promise<void> => {
        // Without the plan of members, the files of etcd's hosts are not known.
        if (await attempt(planEtcdMembers)) await attempt(applyRole('etcd', 'etcd'));
        await attempt(applyRole('master', 'masters'));
        await attempt(joinNodes);
      };
      const objects = async (): Promise<void> => {
        if (!run.nodes) return;
        await Promise.all([attempt(applyBootstrapManifests(clusterFile)), attempt(applyAddons(clusterFile))]);
      };
      await Promise.all([hosts(), objects()]);
      for (const host of allTargets(run)) {
        const changes = run.results.filter((result) => result.host === host.name).flatMap((result) => result.changes);
        report.findings.push(...driftFindings(host, changes, report.findings));
      }
      report.findings.push(...objectFindings(run.cluster, run.objects.toSorted()));
    },
  };
}

/** What the work gives; undefined if it ends with Problems, each of which is a finding. */
async function orFindings<T>(run: Run, { findings }: CheckReport, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    for (const part of problemsOf(error)) {
      if (!(part instanceof Problem)) throw part;
      findings.push(refusedFinding(run, part));
    }
    return undefined;
  }
}

function refusedFinding({ cluster }: Run, problem: Problem): Finding {
  const subject = problem.fields.host ?? cluster.name;
  return problemFinding(`plan/${subject}/${problem.code}`, subject, problem);
}

type Secrets = Prepared['secrets'];

/** Placeholders for the secrets of all hosts, to compare; undefined if no master could be asked for the CAs, which is a finding. */
async function secretsToCompare(run: Inspected, report: CheckReport): Promise<Secrets | undefined> {
  const master = hostsWith(run.cluster, 'master').find(({ name }) => run.inspections.has(name));
  // Without any master, its CAs would count as lost.
  if (master) return await orFindings(run, report, async () => (await issueAnswered(run)).secrets);
  const reason = new Error('no master could be asked for its CAs');
  report.findings.push(unknownFinding('differences to the file', run.cluster.name, reason));
  return undefined;
}
