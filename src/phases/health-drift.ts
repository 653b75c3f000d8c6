// What a deployment would change, for a check: the phases of a plan, on the hosts that have answered.
import { driftFindings, objectFindings, problemFinding, unknownFinding } from '../check/hosts.ts';
import type { CheckReport } from '../check/report.ts';
import { nodeFindings } from '../check/services.ts';
import { hostsWith } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import { findAuthorities, issue, withStandIns } from '../pki/index.ts';
import { planLines } from '../plan/lines.ts';
import { planVersions, withVersions } from '../plan/versions.ts';
import { applyAddons, applyBootstrapManifests } from './apply-manifests.ts';
import { applyRole } from './apply-role.ts';
import { joinNodes } from './join-nodes.ts';
import { machineIdsOf } from './observe.ts';
import { observeCluster } from './observe-cluster.ts';
import type { Phase, StagePhase } from './phase.ts';
import { planEtcdMembers } from './plan-etcd-members.ts';
import { allTargets, type Run } from './run.ts';
import { type Inspected, inspectionOf, type Observed, type Prepared, type WithSecrets } from './stages.ts';

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
      if (api) findings.push(...nodeFindings(run.cluster, api.nodes));
      else findings.push(unknownFinding('nodes', run.cluster.name, new Error('no API server answers'), 'critical'));
      return { cluster: withVersions(run.cluster, versions), nodes: api?.nodes };
    },
  };
}

type Stage = Inspected & Pick<Observed, 'nodes'>;

/** Compares the hosts that have answered, and the cluster's own objects, with the file. */
export function compareHosts(report: CheckReport, clusterFile: string): Phase<Stage> {
  return {
    title: 'Compare with the file',
    async run(run, signal) {
      const attempt = (phase: Pick<Phase<Stage & WithSecrets>, 'run'>, stage: Stage & WithSecrets) =>
        orFindings(run, report, () => phase.run(stage, signal));
      const secrets = await secretsToCompare(run, report);
      if (!secrets) return;
      const stage = { ...run, secrets };
      // Without the plan of members, the files of etcd's hosts are not known.
      if (await attempt(planEtcdMembers, stage)) await attempt(applyRole('etcd', 'etcd'), stage);
      await attempt(applyRole('master', 'masters'), stage);
      await attempt(joinNodes, stage);
      if (run.nodes) {
        await attempt(applyBootstrapManifests(clusterFile), stage);
        await attempt(applyAddons(clusterFile), stage);
      }
      for (const host of allTargets(run)) {
        const changes = run.results.filter((result) => result.host === host.name).flatMap((result) => result.changes);
        report.findings.push(...driftFindings(host, changes, report.findings));
      }
      report.findings.push(...objectFindings(run.cluster, run.objects));
    },
  };
}

/** Whether the work has ended without a Problem; each one is a finding. */
async function orFindings(run: Run, { findings }: CheckReport, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    for (const part of problemsOf(error)) {
      if (!(part instanceof Problem)) throw part;
      findings.push(refusedFinding(run, part));
    }
    return false;
  }
}

function refusedFinding({ cluster }: Run, problem: Problem) {
  const subject = problem.fields.host ?? cluster.name;
  return problemFinding(`plan/${subject}/${problem.code}`, subject, problem);
}

/** Placeholders for the secrets of all hosts, to compare; undefined if no master could be asked for the CAs. */
async function secretsToCompare(run: Inspected, report: CheckReport): Promise<Prepared['secrets'] | undefined> {
  const read = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  const seen = withStandIns(read.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const isMaster = ({ host }: { readonly host: string }): boolean =>
    hostsWith(run.cluster, 'master').some(({ name }) => name === host);
  const masters = seen.filter(isMaster);
  let secrets: Prepared['secrets'] | undefined;
  const issued = async (): Promise<void> => {
    const found = findAuthorities(
      masters,
      seen.filter((each) => !isMaster(each)),
    );
    if (found.kind === 'none') return;
    const existing = new Map(seen.map(({ host, files }) => [host, files]));
    secrets = (await issue(run.cluster, found.authorities, existing, run.now, true)).secrets;
  };
  if (masters.length > 0 && !(await orFindings(run, report, issued))) return undefined;
  if (!secrets)
    report.findings.push(
      unknownFinding('differences to the file', run.cluster.name, new Error('no master has the cluster’s CAs')),
    );
  return secrets;
}
