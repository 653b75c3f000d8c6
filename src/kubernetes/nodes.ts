import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { Host } from '../cluster/cluster.ts';
import { abortedBefore, Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { type ApiClient, fieldManager } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { ApiObject, Lease, ManagedFields, Node } from './objects.ts';

const collection = '/api/v1/nodes';

export interface WaitForNodesOptions {
  readonly timeoutMs: number;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** The version that their kubelets must report, without `v`. Default: any. */
  readonly kubeletVersion?: string;
  /** Called with each report of one of the nodes; what it throws ends the wait. */
  readonly onReport?: (node: Node) => void;
}

/**
 * Waits until each of these nodes is Ready, and its kubelet has the version, if one is given.
 * @throws Problem NODES_NOT_READY with the reasons for each node that is not Ready; ApiProblem; what `onReport` throws
 */
export async function waitForNodes(
  api: ApiClient,
  nodeNames: readonly string[],
  { timeoutMs, log, signal, kubeletVersion, onReport }: WaitForNodesOptions,
): Promise<void> {
  const reasons = new Map(nodeNames.map((name) => [name, 'it never registered with the API server']));
  if (reasons.size === 0) return;
  const started = performance.now();
  const done = new AbortController();
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([done.signal, deadline, ...(signal ? [signal] : [])]);
  await api.watch<Node>(collection, {
    signal: ended,
    onEvent: ({ type, object }) => {
      const { name } = object.metadata;
      if (!nodeNames.includes(name)) return;
      if (type !== 'DELETED') onReport?.(object);
      const reason =
        type === 'DELETED'
          ? 'its Node object was deleted'
          : (whyNotReady(object) ?? whyNotUpgraded(object, kubeletVersion));
      if (reason !== undefined) {
        reasons.set(name, reason);
      } else if (reasons.delete(name)) {
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        log.info(`${name}: Ready${seconds === '0.0' ? '' : ` after ${seconds} s`}`);
      }
      if (reasons.size === 0) done.abort();
    },
  });
  if (signal?.aborted) throw abortedBefore(signal.reason, reasons);
  if (reasons.size > 0) throw notReady(reasons, timeoutMs);
}

function notReady(reasons: ReadonlyMap<string, string>, timeoutMs: number): Problem {
  const names = [...reasons.keys()];
  const [first] = names;
  return new Problem(`${names.join(', ')}: not Ready after ${Math.round(timeoutMs / 1000)} s`, {
    code: 'NODES_NOT_READY',
    detail: [...reasons].map(([name, reason]) => `${name}: ${reason}`),
    hint: `Look at \`journalctl -u kubelet\` on ${first}.`,
  });
}

/** A node is Ready on while its kubelet restarts. */
function whyNotUpgraded({ status }: Node, wanted: string | undefined): string | undefined {
  const version = status?.nodeInfo?.kubeletVersion ?? '';
  if (wanted === undefined || version === `v${wanted}`) return undefined;
  return `its kubelet reports ${version || 'no version'}, not v${wanted}`;
}

/** Why a node is not Ready, in its own words; undefined if it is. */
export function whyNotReady(node: Node): string | undefined {
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  if (!ready) return 'its kubelet has not reported yet';
  // Except for Ready, every condition of a node indicates a problem if it is true: DiskPressure, NetworkUnavailable …
  const troubles = conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True');
  return [ready, ...troubles].map(({ reason, message }) => [reason, message].filter(Boolean).join(': ')).join('; ');
}

/** For each of these nodes, the reason why it is not Ready, or undefined. Reads them once. @throws ApiProblem */
export async function nodeReasons(
  api: ApiClient,
  nodeNames: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const { items } = await api.list<Node>(collection);
  const found = new Map(items.map((node) => [node.metadata.name, whyNotReady(node)]));
  return new Map(
    nodeNames.map((name) => [name, found.has(name) ? found.get(name) : 'it is not registered with the API server']),
  );
}

/** The nodes among these that exist and are Ready; each is read by its name. @throws ApiProblem */
export async function readyNodes(api: ApiClient, nodeNames: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    nodeNames.map(async (name) => {
      const node = await ifFound(api.get<Node>(`${collection}/${name}`));
      return node && whyNotReady(node) === undefined ? [name] : [];
    }),
  );
  return new Set(found.flat());
}

export interface NodeStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly reason: string | undefined;
  readonly kubeletVersion: string;
  /** When its kubelet last renewed the node's Lease; a node that died stays Ready until the grace period ends. */
  readonly renewed: Date | undefined;
}

/** The status of one node; undefined if it does not exist. @throws ApiProblem */
export async function nodeStatus(api: ApiClient, nodeName: string): Promise<NodeStatus | undefined> {
  const named = (path: string) => `${path}?fieldSelector=metadata.name%3D${encodeURIComponent(nodeName)}`;
  const [nodes, leases] = await Promise.all([
    api.list<Node>(named(collection)),
    api.list<Lease>(named('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases')),
  ]);
  const [node] = nodes.items;
  if (!node) return undefined;
  const reason = whyNotReady(node);
  const renewed = Date.parse(leases.items[0]?.spec?.renewTime ?? '');
  return {
    name: nodeName,
    ready: reason === undefined,
    reason,
    kubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? '',
    renewed: Number.isNaN(renewed) ? undefined : new Date(renewed),
  };
}

/** The labels of a host's node: its roles and those of cluster.yaml. */
export function labelsOf(host: Host): Readonly<Record<string, string>> {
  const roles: Record<string, string> = { 'node-role.kubernetes.io/node': '' };
  // A kubelet must not set these labels itself.
  if (host.roles.includes('master')) roles['node-role.kubernetes.io/control-plane'] = '';
  return { ...roles, ...host.labels };
}

/**
 * Sets the labels of these hosts' nodes, and removes our labels that are no longer wanted; other labels stay.
 * Returns the names of the nodes that were changed (or would be, in a dry run).
 * @throws ApiProblem
 */
export async function labelNodes(api: ApiClient, hosts: readonly Host[], dryRun = false): Promise<readonly string[]> {
  const { items } = await api.list<Node>(collection);
  const limit = pLimit(8);
  const changed = await Promise.all(
    hosts.map((host) =>
      limit(async () => {
        const node = items.find(({ metadata }) => metadata.name === host.nodeName);
        if (!node || isLabelled(node, labelsOf(host))) return undefined;
        const { name, uid } = node.metadata;
        // With the uid, so that this does not re-create a node that was just deleted.
        const body = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid, labels: labelsOf(host) } } as ApiObject;
        if (!dryRun) await api.apply(`${collection}/${name}`, body);
        return host.nodeName;
      }),
    ),
  );
  return changed.filter((name) => name !== undefined);
}

function isLabelled({ metadata }: Node, wanted: Readonly<Record<string, string>>): boolean {
  const ours = metadata.managedFields?.find(isOurs)?.fieldsV1?.['f:metadata'] as
    | { 'f:labels'?: object }
    | null
    | undefined;
  const owned = Object.keys(ours?.['f:labels'] ?? {}).map((field) => field.replace(/^f:/, ''));
  const same = Object.entries(wanted).every(([key, value]) => metadata.labels?.[key] === value);
  return same && isDeepStrictEqual(owned.toSorted(), Object.keys(wanted).toSorted());
}

const isOurs = ({ manager, operation, subresource }: ManagedFields): boolean =>
  manager === fieldManager && operation === 'Apply' && !subresource;
