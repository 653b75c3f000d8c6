import { type Host, hostsWith } from '../cluster/cluster.ts';
import type { Prepared } from './stages.ts';

/**
 * Names of masters that had no API server yet when the run began: the restart of another one does not wait for them to be ready. A job of one
 * host knows them from its bundle.
 */
export function newMasters(
  { cluster, inspections, secrets }: Pick<Prepared, 'cluster' | 'inspections' | 'secrets'>,
  host?: Host,
): readonly string[] {
  const bundled = host && secrets.get(host.name)?.newMasters;
  if (bundled) return bundled;
  const names = hostsWith(cluster, 'master').map(({ name }) => name);
  const found = names.filter((name) => inspections.get(name)?.scopes.includes('master') === false);
  // In a new cluster nothing restarts.
  return found.length === names.length ? [] : found;
}
