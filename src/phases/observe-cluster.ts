import { hostsWith } from '../cluster/cluster.ts';
import { unlessProblem } from '../errors.ts';
import { etcdVersions } from '../etcd/health.ts';
import { servingAddresses } from '../kubernetes/index.ts';
import { addonVersions, observeNodes } from '../observe/api.ts';
import type { ObservedNode, ObservedVersions, PlacedVersion, ServedVersion } from '../observe/observed.ts';
import { placedVersions } from '../observe/placed.ts';
import { versionsOf } from '../plan/versions.ts';
import { withApi } from './cluster-access.ts';
import { otherServedVersions, servedVersions } from './served-versions.ts';
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
  const lie = placed.filter(({ program }) => program === 'kube-apiserver');
  const others = stays(run, 'kubernetes', [...servers, ...lie]) ? [] : await otherServers(run, api);
  const kubelets = (api?.nodes ?? []).map(
    ({ name, kubeletVersion }): ServedVersion => ({ host: name, component: 'kubelet', version: kubeletVersion }),
  );
  return {
    versions: { served: [...servers, ...others, ...members, ...kubelets], placed, addons: api?.addons ?? {} },
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
  return asServers(await servedVersions(run, mastersOf(run)));
}

/** While they serve, the others must stay within one minor version of them. Only asked if a version may change. */
async function otherServers(run: Stage, api: Api | undefined): Promise<readonly ServedVersion[]> {
  return asServers(await otherServedVersions(run, api?.apiServers ?? []));
}

function asServers(answers: ReadonlyMap<string, string | undefined>): readonly ServedVersion[] {
  return [...answers].flatMap(([host, version]) =>
    version === undefined ? [] : [{ host, component: 'kube-apiserver' as const, version }],
  );
}

/** Whether all that is known has one version, and that is to stay. */
function stays(
  { cluster }: Stage,
  name: 'kubernetes' | 'etcd',
  known: readonly Pick<PlacedVersion, 'version'>[],
): boolean {
  const versions = new Set(known.map(({ version }) => version));
  return versions.size === 1 && (!cluster.pinned.has(name) || versions.has(versionsOf(cluster)[name]));
}

/** Only asked when what lies on the hosts is not what cluster.yaml wants: a process takes 60 ms of every run. */
async function etcdMembers(run: Stage, placed: readonly PlacedVersion[]): Promise<readonly ServedVersion[]> {
  const lie = placed.filter(({ name }) => name === 'etcd');
  const [host] = membersOf(run);
  if (!host || stays(run, 'etcd', lie)) return [];
  const answered = await unlessProblem(() => etcdVersions(sessionOf(run, host), run.cluster));
  return [...(answered ?? [])].map(([name, version]) => ({ host: name, component: 'etcd', version }));
}

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
