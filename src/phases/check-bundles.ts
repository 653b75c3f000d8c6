import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { checkBundleFresh, paths, seenFingerprints } from '../pki/index.ts';
import type { Phase } from './phase.ts';
import { reachMaster } from './reach-masters.ts';
import { allTargets } from './run.ts';
import { inspectionOf, type Prepared, secretsOf, sessionOf } from './stages.ts';

type Fingerprints = Readonly<Record<string, string>>;

/**
 * Refuses bundles of other authorities than the cluster has by now, before anything is changed: those of an older run,
 * from before a rebuild. A host that has joined knows its authorities itself; for one that is bare a master is asked.
 */
export const checkBundles: Phase<Prepared> = {
  title: 'Check the bundles',
  async run(run) {
    const hosts = allTargets(run).map((host) => ({ host, own: seenFingerprints(inspectionOf(run, host).files) }));
    const bare = hosts.filter(({ own }) => Object.keys(own).length === 0).map(({ host }) => host);
    const asked = bare.length > 0 ? await askMasters(run, bare) : {};
    const problems = hosts.flatMap(({ host, own }) => staleness(run, host, bare.includes(host) ? asked : own));
    if (problems.length > 0) throw new AggregateError(problems, 'bundles are of other authorities');
  },
};

function staleness(run: Prepared, host: Host, seen: Fingerprints): readonly unknown[] {
  try {
    checkBundleFresh(secretsOf(run, host), seen);
    return [];
  } catch (error) {
    return [error];
  }
}

/**
 * What the first master that has authorities has; nothing when none of them has any.
 * @throws AggregateError of Problems AUTHORITIES_UNKNOWN, one for each of the hosts that wait for it.
 */
async function askMasters(run: Prepared, bare: readonly Host[]): Promise<Fingerprints> {
  const refusals: Problem[] = [];
  for (const master of hostsWith(run.cluster, 'master')) {
    const refusal = await reachMaster(run, master);
    refusals.push(...refusal);
    if (refusal.length > 0) continue;
    const seen = seenFingerprints(await certificatesOn(run, master));
    if (Object.keys(seen).length > 0) return seen;
  }
  if (refusals.length === 0) return {};
  const detail = refusals.map(describeProblem);
  throw new AggregateError(
    bare.map(({ name }) => unknown(name, detail)),
    'the authorities are unknown',
  );
}

async function certificatesOn(run: Prepared, master: Host): Promise<ReadonlyMap<string, string>> {
  const inspected = run.inspections.get(master.name);
  if (inspected) return inspected.files;
  const read = [paths.ca, paths.etcdCa, paths.frontProxyCa].map(({ crt }) => crt);
  return (await sessionOf(run, master).inspect({ read })).files;
}

function unknown(host: string, detail: readonly string[]): Problem {
  return new Problem('no master could be asked whether this bundle is of the cluster’s authorities', {
    code: 'AUTHORITIES_UNKNOWN',
    host,
    detail,
    hint: 'Bring a master up, then run this job again.',
  });
}
