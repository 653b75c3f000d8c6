import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { checkBundleFresh, paths, trustPaths } from '../pki/index.ts';
import type { Phase } from './phase.ts';
import { reachHost } from './reach-masters.ts';
import { allTargets } from './run.ts';
import { inspectionOf, type Prepared, secretsOf, sessionOf } from './stages.ts';

type Files = ReadonlyMap<string, string>;

/**
 * Refuses bundles that were issued by other CAs than the cluster's current ones (of an older run, before a rebuild), before anything is
 * changed. A joined host has its CA certificates; for a bare host, a master is read.
 */
export const checkBundles: Phase<Prepared> = {
  title: 'Check the bundles',
  async run(run) {
    const hosts = allTargets(run).map((host) => ({ host, own: inspectionOf(run, host).files }));
    const bare = hosts.filter(({ own }) => !hasAuthorities(own)).map(({ host }) => host);
    const asked = bare.length > 0 ? await askMasters(run, bare) : new Map<string, string>();
    const problems = hosts.flatMap(({ host, own }) => staleness(run, host, bare.includes(host) ? asked : own));
    if (problems.length > 0) throw new AggregateError(problems, 'bundles were issued by other CAs');
  },
};

const hasAuthorities = (files: Files): boolean => trustPaths.some((path) => files.has(path));

function staleness(run: Prepared, host: Host, seen: Files): readonly unknown[] {
  try {
    checkBundleFresh(secretsOf(run, host), seen);
    return [];
  } catch (error) {
    return [error];
  }
}

/**
 * The files of the first master that has CAs; none if no master has.
 * @throws AggregateError of Problems AUTHORITIES_UNKNOWN, one for each waiting host.
 */
async function askMasters(run: Prepared, bare: readonly Host[]): Promise<Files> {
  const refusals: Problem[] = [];
  for (const master of hostsWith(run.cluster, 'master')) {
    const refusal = await reachHost(run, master);
    refusals.push(...refusal);
    if (refusal.length > 0) continue;
    const seen = await certificatesOn(run, master);
    if (hasAuthorities(seen)) return seen;
  }
  if (refusals.length === 0) return new Map();
  const detail = refusals.map(describeProblem);
  throw new AggregateError(
    bare.map(({ name }) => unknown(name, detail)),
    'the CAs are unknown',
  );
}

async function certificatesOn(run: Prepared, master: Host): Promise<ReadonlyMap<string, string>> {
  const inspected = run.inspections.get(master.name);
  if (inspected) return inspected.files;
  const read = [paths.ca, paths.etcdCa, paths.frontProxyCa].map(({ crt }) => crt);
  return (await sessionOf(run, master).inspect({ read })).files;
}

function unknown(host: string, detail: readonly string[]): Problem {
  return new Problem('no master is reachable to check that this bundle was issued by the cluster’s CAs', {
    code: 'AUTHORITIES_UNKNOWN',
    host,
    detail,
    hint: 'Bring up a master, then run this job again.',
  });
}
