import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { etcdVersions } from '../etcd/health.ts';
import { servingAddresses } from '../kubernetes/index.ts';
import { addonVersions, observeNodes } from '../observe/api.ts';
import type { ObservedNode, ObservedVersions, PlacedVersion, ServedVersion } from '../observe/observed.ts';
import { placedVersions } from '../observe/placed.ts';
import { withApi } from './cluster-access.ts';
import { servedVersions } from './served-versions.ts';
import { type Inspected, inspectionOf, type PerhapsSecrets, sessionOf } from './stages.ts';

type Stage = Inspected & PerhapsSecrets;

/** What the cluster's own API says; absent where no API server of it could be asked. */
interface Api {
  readonly nodes: readonly ObservedNode[];
  readonly addons: ObservedVersions['addons'];
  /** Where API servers of the cluster serve. */
  readonly apiServers: readonly string[];
}

/** The versions and members of the cluster, as far as they can be asked. `api` is absent where no API server could be asked. */
export async function observeCluster(
  run: Stage,
): Promise<{ readonly versions: ObservedVersions; readonly api: Api | undefined }> {
  const placed = run.cluster.hosts
    .filter(({ name }) => run.inspections.has(name))
    .flatMap((host) => placedVersions(host.name, inspectionOf(run, host)));
  const [servers, members, api] = await Promise.all([apiServers(run), etcdMembers(run, placed), askApi(run)]);
  const kubelets = (api?.nodes ?? []).map(
    ({ name, kubeletVersion }): ServedVersion => ({ host: name, component: 'kubelet', version: kubeletVersion }),
  );
  return {
    versions: { served: [...servers, ...members, ...kubelets], placed, addons: api?.addons ?? {} },
    api,
  };
}

const membersOf = (run: Stage) =>
  hostsWith(run.cluster, 'etcd').filter(({ name }) => run.inspections.get(name)?.scopes.includes('etcd'));

/** Those that were set up, and in a job those that it only reaches. */
const mastersOf = (run: Stage) =>
  hostsWith(run.cluster, 'master').filter(
    ({ name }) => run.inspections.get(name)?.scopes.includes('master') ?? run.sessions.has(name),
  );

async function apiServers(run: Stage): Promise<readonly ServedVersion[]> {
  const answers = await servedVersions(run, mastersOf(run));
  return [...answers].flatMap(([host, version]) =>
    version === undefined ? [] : [{ host, component: 'kube-apiserver' as const, version }],
  );
}

/** Only asked when what lies on the hosts is not what cluster.yaml wants: a process takes 60 ms of every run. */
async function etcdMembers(run: Stage, placed: readonly PlacedVersion[]): Promise<readonly ServedVersion[]> {
  const versions = new Set(placed.filter(({ name }) => name === 'etcd').map(({ version }) => version));
  const [host] = membersOf(run);
  if (!host || (versions.size === 1 && (!run.cluster.pinned.has('etcd') || versions.has(wantedEtcd(run.cluster)))))
    return [];
  const answered = await unlessProblem(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...(answered ?? [])].map(([name, version]) => ({ host: name, component: 'etcd', version }));
}

const wantedEtcd = ({ versions }: Cluster): string => versions.etcd;

async function askApi(run: Stage): Promise<Api | undefined> {
  if (mastersOf(run).length === 0) return undefined;
  return await unlessProblem(() =>
    withApi(run, async (api) => {
      const addons = addonVersions(api, run.cluster);
      const [nodes, apiServers] = await Promise.all([observeNodes(api), servingAddresses(api), addons]);
      return { nodes, apiServers, addons: await addons };
    }),
  );
}
