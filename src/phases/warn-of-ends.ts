// Warnings of what ends within 30 days, in the log of runs that do something else. `check` has them as findings.
import { certificateFindings, certificatesOn, isRenewedByRuns, type SeenCertificate } from '../check/certificates.ts';
import { inOrder } from '../check/finding.ts';
import { versionFindings } from '../check/versions.ts';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { places } from '../layout/paths.ts';
import { isPublic, secretPathsFor, trustPaths } from '../pki/index.ts';
import { observe } from './observe.ts';
import type { Phase } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import { servedVersions } from './served-versions.ts';
import { type Connected, type Inspected, inspectionOf, sessionOf } from './stages.ts';

const title = 'Look for what ends soon';

/** For a run that has observed the cluster. One that issues certificates does not warn of those that it replaces. */
export const warnOfEnds: Phase<Inspected> = {
  title,
  async run(run) {
    const lasting = (certificate: SeenCertificate): boolean => run.dryRun || !isRenewedByRuns(certificate);
    const seen = allTargets(run).map(
      (host) => [host, certificatesOn(inspectionOf(run, host)).filter(lasting)] as const,
    );
    warn(run, new Map(seen), [run.cluster.kubernetesVersion]);
  },
};

/** Observes the cluster, and warns. */
export const observeEnds = [observe, warnOfEnds] as const;

/** For a run that has only connected to hosts: it reads their certificates, and asks API servers for their version. */
export const askWhatEnds: Phase<Connected> = {
  title,
  async run(run) {
    const reached = run.cluster.hosts.filter(({ name }) => run.sessions.has(name));
    const masters = hostsWith(run.cluster, 'master');
    const [seen, served] = await Promise.all([
      Promise.all(reached.map(async (host) => [host, await certificatesOf(run, host)] as const)),
      servedVersions(run, masters),
    ]);
    warn(
      run,
      new Map(seen),
      [...served.values()].flatMap((version) => version ?? []),
    );
  },
};

/** Those of a host that does not answer are not known: that is for the run itself to judge. */
async function certificatesOf(run: Connected, host: Host): Promise<readonly SeenCertificate[]> {
  const read = [...trustPaths, ...secretPathsFor(run.cluster, host)].filter(isPublic);
  const certificates = host.roles.includes('node') ? [places.kubeletClientCert] : [];
  const inspection = await unlessProblem(() => sessionOf(run, host).inspect({ read, certificates }));
  return inspection ? certificatesOn(inspection) : [];
}

function warn(
  { cluster, log, now }: Run,
  seen: ReadonlyMap<Host, readonly SeenCertificate[]>,
  versions: readonly string[],
): void {
  const certificates = [...seen].flatMap(([host, each]) => certificateFindings(host, each, now));
  for (const { subject, message, fix } of inOrder([...certificates, ...versionFindings(cluster, versions, now)]))
    log.warning(`${subject}: ${message}. ${fix}`);
}
