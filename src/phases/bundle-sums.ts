import type { Host } from '../cluster/cluster.ts';
import { downloadsFor } from '../components/needs.ts';
import { unlessProblem } from '../errors.ts';
import type { Download } from '../host/state.ts';
import { resolveSum } from '../host/sums.ts';
import type { Inspected } from './stages.ts';

/** SHA-256 in hex, by the URL from which a host downloads. */
export type Sums = Readonly<Record<string, string>>;

/**
 * The checksums of what each host has still to download, by its name; none for a cluster with a lock, which has them. They travel in the
 * encrypted bundles, so that the jobs of three hundred hosts do not ask for them one by one: GitHub's API answers 60 requests an hour.
 * What is not available here is left to the job that needs it, which reports why.
 */
export async function sumsForHosts(run: Inspected): Promise<ReadonlyMap<string, Sums>> {
  if (run.cluster.lock) return new Map();
  const lacking = new Map(run.cluster.hosts.map((host) => [host.name, lackingOn(run, host)]));
  const wanted = new Map([...lacking.values()].flat().map(({ url, sumUrl }) => [url, sumUrl]));
  const asked = [...wanted].map(
    async ([url, sumUrl]) => [url, await unlessProblem(() => resolveSum(url, sumUrl))] as const,
  );
  const sums = new Map(await Promise.all(asked));
  const sumsOf = (downloads: readonly Download[]): Sums =>
    Object.fromEntries(downloads.flatMap(({ url }) => (sums.get(url) ? [[url, sums.get(url) ?? '']] : [])));
  return new Map(
    [...lacking].flatMap(([host, downloads]) => (downloads.length > 0 ? [[host, sumsOf(downloads)]] : [])),
  );
}

function lackingOn(run: Inspected, host: Host): readonly Download[] {
  const inspection = run.inspections.get(host.name);
  if (inspection === undefined) return [];
  const { facts, downloads: placed } = inspection;
  const needed = host.roles.flatMap((role) => downloadsFor(run.cluster, role, facts.architecture));
  const paths = ({ place }: Download) => (typeof place === 'string' ? [place] : Object.values(place));
  return needed.filter((download) => paths(download).some((path) => placed.get(path) !== download.url));
}
