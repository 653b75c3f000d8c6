import type { ApiClient } from './api-client.ts';
import { isConflict } from './api-problem.ts';
import { elected, microTime } from './leases.ts';
import type { ApiObject, Lease, Node } from './objects.ts';

const nodes = '/api/v1/nodes';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';

/**
 * Corrects what a restored store says of programs that may not run: a node that was Ready at the time of the backup is Unknown until its kubelet
 * reports, and a leader of that time has given its Lease up. Objects that a running program has written since the restore are left alone.
 * @param revision of the backup: an object of a later one was written since.
 * @returns names of what was corrected, such as `Node node-1`.
 * @throws ApiProblem
 */
export async function correctRestored(api: ApiClient, revision: number): Promise<readonly string[]> {
  const isOld = ({ metadata }: ApiObject) => Number(metadata.resourceVersion) <= revision;
  const [allNodes, allLeases] = await Promise.all([api.list<Node>(nodes), api.list<Lease>(leases)]);
  const work = [
    ...allNodes.items.filter(isOld).map((node) => () => markUnknown(api, node)),
    ...allLeases.items
      .filter((lease) => isOld(lease) && elected.some((name) => name === lease.metadata.name))
      .map((lease) => () => release(api, lease)),
  ];
  const done = await Promise.all(work.map((each) => each()));
  return done.flatMap((name) => name ?? []);
}

async function markUnknown(api: ApiClient, { metadata, status }: Node): Promise<string | undefined> {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
  const unknown = {
    status: 'Unknown',
    reason: 'Restored',
    message: 'The cluster was restored from a backup, and the kubelet has not reported since.',
    lastTransitionTime,
  };
  const conditions = (status?.conditions ?? []).map((each) => (each.type === 'Ready' ? { ...each, ...unknown } : each));
  const path = `${nodes}/${encodeURIComponent(metadata.name)}/status`;
  return await unlessWritten(`Node ${metadata.name}`, metadata, (old) =>
    api.patch(path, { metadata: old, status: { conditions } }),
  );
}

async function release(api: ApiClient, { metadata }: Lease): Promise<string | undefined> {
  const spec = { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime() };
  return await unlessWritten(`Lease ${metadata.name}`, metadata, (old) =>
    api.patch(`${leases}/${metadata.name}`, { metadata: old, spec }),
  );
}

/** Nothing if its program has written the object meanwhile. */
async function unlessWritten(
  name: string,
  { resourceVersion }: ApiObject['metadata'],
  write: (old: { readonly resourceVersion: string | undefined }) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await write({ resourceVersion });
    return name;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}
