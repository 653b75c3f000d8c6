import * as z from 'zod';
import type { Cluster } from '../cluster/cluster.ts';
import { versionParts } from '../cluster/version-order.ts';
import type { VersionName } from '../cluster/versions.ts';
import { parseJson } from '../entry/json.ts';
import {
  type ApiClient,
  cordonAnnotation,
  type Deployment,
  ifFound,
  type Node,
  nodeNamed,
  whyNotReady,
} from '../kubernetes/index.ts';
import type { ObservedNode, ObservedVersions, Pressure } from './observed.ts';

const versionShape = z.looseObject({ gitVersion: z.string().max(200) });

/**
 * The version that an API server reports of itself; undefined when its answer has none.
 * @throws ApiProblem when it does not answer within 3 s
 */
export async function servedVersion(api: ApiClient): Promise<string | undefined> {
  const { status, text } = await api.raw('/version', { timeoutMs: 3000 });
  if (status !== 200) return undefined;
  try {
    const version = versionShape.parse(parseJson(text, Error)).gitVersion.replace(/^v/, '');
    return versionParts(version) && version;
  } catch {
    return undefined;
  }
}

/** All nodes of the cluster. @throws ApiProblem */
export async function observeNodes(api: ApiClient): Promise<readonly ObservedNode[]> {
  const { items } = await api.list<Node>('/api/v1/nodes');
  return items.map(observedNode);
}

/** The nodes of these names that exist. @throws ApiProblem */
export async function observeNodesNamed(api: ApiClient, names: readonly string[]): Promise<readonly ObservedNode[]> {
  const found = await Promise.all(names.map((name) => nodeNamed(api, name)));
  return found.flatMap((node) => (node ? [observedNode(node)] : []));
}

/** The parts of a Node that plans depend on. */
export function observedNode(node: Node): ObservedNode {
  const { metadata, spec, status } = node;
  const reason = whyNotReady(node);
  const cordonedBy = metadata.annotations?.[cordonAnnotation];
  const pressures = pressuresOf(node);
  return {
    name: metadata.name,
    uid: metadata.uid ?? '',
    ready: reason === undefined,
    ...(reason !== undefined && { reason }),
    ...(pressures.length > 0 && { pressures }),
    machineId: status?.nodeInfo?.machineID ?? '',
    addresses: (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address),
    kubeletVersion: status?.nodeInfo?.kubeletVersion ?? '',
    runtimeVersion: status?.nodeInfo?.containerRuntimeVersion ?? '',
    ...(spec?.podCIDR && { podSubnet: spec.podCIDR }),
    cordoned: spec?.unschedulable === true,
    ...(cordonedBy !== undefined && { cordonedBy }),
  };
}

/** Kubernetes' own conditions; those of others, such as of node-problem-detector, may be good news. */
const ofPressure = ['DiskPressure', 'MemoryPressure', 'PIDPressure', 'NetworkUnavailable'];

function pressuresOf({ status }: Node): readonly Pressure[] {
  return (status?.conditions ?? [])
    .filter((condition) => condition.status === 'True' && ofPressure.includes(condition.type))
    .map(({ type, reason = '', message = '' }) => ({ type, reason: [reason, message].filter(Boolean).join(': ') }));
}

const deployments = { coredns: 'coredns', metricsServer: 'metrics-server' } as const;

/** The versions of the add-ons in the cluster that cluster.yaml does not name. @throws ApiProblem */
export async function addonVersions(
  api: ApiClient,
  { pinned }: Pick<Cluster, 'pinned'>,
): Promise<ObservedVersions['addons']> {
  const names = Object.entries(deployments).filter(([name]) => !pinned.has(name as VersionName));
  const found = await Promise.all(
    names.map(async ([name, deployment]) => {
      const version = await imageVersion(api, deployment);
      return version === undefined ? [] : [[name, version] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function imageVersion(api: ApiClient, name: string): Promise<string | undefined> {
  const path = `/apis/apps/v1/namespaces/kube-system/deployments/${name}`;
  const deployment = await ifFound(api.get<Deployment>(path));
  const image = deployment?.spec?.template?.spec?.containers?.[0]?.image ?? '';
  return /:v?(?<version>\d+\.\d+\.\d+)(@sha256:[0-9a-f]{64})?$/.exec(image)?.groups?.version;
}
