// The hosts as they are, for a check: one that does not answer is a finding, and the others are still asked.
import { backupFindings, type SaidOfBackups } from '../check/backups.ts';
import { certificateFindings, certificatesOn } from '../check/certificates.ts';
import { unfitFindings, unitFindings, unitsOf, unreachable, unreachableFindings } from '../check/hosts.ts';
import { clockFindings, comparesClocks, diskFindings, keyAgeFindings, logWriteFindings } from '../check/measures.ts';
import type { CheckReport } from '../check/report.ts';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { Inspection } from '../host/engine.ts';
import { shellCommand } from '../host/shell-command.ts';
import { parseUnits } from '../host/snapshot.ts';
import { roles } from '../layout/roles.ts';
import { askMeasures, readMeasures } from '../observe/measures.ts';
import { problemsOfHost } from './check-hosts.ts';
import { roomPaths } from './check-room.ts';
import type { Connecting } from './connect-hosts.ts';
import { queryFor } from './gather-facts.ts';
import type { StagePhase } from './phase.ts';
import { reachHost } from './reach-masters.ts';
import type { Run } from './run.ts';
import { type Connected, type Inspected, sessionOf } from './stages.ts';

/** Connects to each host for reading: without its lock, so that a check neither waits for a run nor holds one up. */
export function reachHosts({ findings }: CheckReport): Connecting {
  return {
    title: 'Connect to the hosts',
    async run(run, signal) {
      const reach = async (host: Host): Promise<readonly (readonly [Host, Problem])[]> =>
        (await reachHost(run, host, undefined, signal)).map((problem) => [host, problem]);
      const refusals = await Promise.all(run.cluster.hosts.map(reach));
      findings.push(...unreachableFindings(run.cluster, new Map(refusals.flat())));
      return { sessions: run.connections };
    },
  };
}

/** The first exchange with each host that was reached. From here on, the run's targets are the hosts that have answered. */
export function inspectReached(report: CheckReport): StagePhase<Connected, Pick<Inspected, 'inspections' | 'targets'>> {
  return {
    title: 'Gather facts',
    async run(run) {
      const reached = run.cluster.hosts.filter(({ name }) => run.sessions.has(name));
      const answers = await Promise.all(reached.map((host) => inspectOne(run, report, host)));
      const inspections = new Map(answers.flat());
      judgeClocks(run, report, inspections);
      for (const host of reached) {
        const inspection = inspections.get(host.name);
        if (inspection) judge(run, report, host, inspection, comparesClocks(inspections));
      }
      report.findings.push(...keyAgeFindings(run.cluster, keysWritten(inspections), run.now));
      report.findings.push(...backupFindings(run.cluster, saidOfBackups(run, inspections), run.now));
      const answered = (host: Host): boolean => inspections.has(host.name);
      const targets = new Map(roles.map((role) => [role, hostsWith(run.cluster, role).filter(answered)]));
      return { inspections, targets };
    },
  };
}

async function inspectOne(run: Connected, { findings }: CheckReport, host: Host): Promise<[string, Inspection][]> {
  const query = queryFor(run, host);
  try {
    // These two answers are read as the last ones.
    const measures = askMeasures(host, roomPaths(run.cluster, host));
    const ask = [...(query.ask ?? []), measures, shellCommand([...showUnits, ...unitsOf(host)])];
    return [[host.name, await sessionOf(run, host).inspect({ ...query, ask })]];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.push(unreachable(host, error));
    return [];
  }
}

const showUnits = ['systemctl', 'show', '-p', 'Id', '-p', 'LoadState', '-p', 'ActiveState', '-p', 'SubState'];

const measuresOf = ({ answers }: Inspection) => readMeasures(answers.at(-2)?.stdout ?? '');

const keysWritten = (inspections: ReadonlyMap<string, Inspection>): readonly Date[] =>
  [...inspections.values()].flatMap((inspection) => measuresOf(inspection).keyWritten ?? []);

function saidOfBackups({ cluster }: Run, inspections: ReadonlyMap<string, Inspection>): SaidOfBackups {
  const said = (name: string) => {
    const inspection = inspections.get(name);
    return inspection && measuresOf(inspection).backup;
  };
  return new Map(hostsWith(cluster, 'master').map(({ name }) => [name, said(name)]));
}

function judgeClocks({ cluster }: Run, { findings }: CheckReport, inspections: ReadonlyMap<string, Inspection>): void {
  findings.push(...clockFindings(cluster, new Map([...inspections].map(([name, { facts }]) => [name, facts]))));
}

/** @param clocksJudged its clock was compared with those of the other hosts */
function judge(
  { cluster, now }: Run,
  report: CheckReport,
  host: Host,
  inspection: Inspection,
  clocksJudged: boolean,
): void {
  const { disks, logWrites } = measuresOf(inspection);
  const unfit = problemsOfHost(cluster, host, inspection).filter(({ code }) => !clocksJudged || code !== 'HOST_CLOCK');
  const units = parseUnits((inspection.answers.at(-1)?.stdout ?? '').split('\n'));
  const certificates = certificatesOn(inspection);
  report.certificates.push(...certificates);
  report.findings.push(
    ...unitFindings(host, units, inspection.scopes),
    ...unfitFindings(host, unfit),
    ...diskFindings(host, disks),
    ...logWriteFindings(host, logWrites),
    ...certificateFindings(host, certificates, now),
  );
}
