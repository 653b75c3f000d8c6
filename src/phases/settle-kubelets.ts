import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { ApiClient, Lease } from '../kubernetes/index.ts';
import { components } from '../layout/components.ts';
import { waitWhile } from '../waiting.ts';
import { applyState } from './apply-role.ts';
import { withApi, withMaster } from './cluster-access.ts';
import { moveKubelet, restartWithKubeconfig } from './kubelet-identity.ts';
import { proveSettled } from './master-files.ts';
import { settled } from './node-state.ts';
import { onHosts } from './on-hosts.ts';
import { type Prepared, sessionOf } from './stages.ts';

/** A kubelet renews its Lease every 10 s, and at its start. */
const patience = { timeoutMs: 60_000, everyMs: 500 };
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/**
 * Brings every node to the run's files, its kubelet's client certificate too, and proves it: each unit was started with them, and the kubelet uses the API.
 * One node comes first, so that a mistake costs one kubelet.
 * @throws Problems of the hosts; Problem ROTATION_PENDING, ROTATION_UNPROVEN
 */
export async function settleKubelets(run: Prepared, signal: AbortSignal): Promise<void> {
  const [first, ...others] = hostsWith(run.cluster, 'node');
  const settle = async (host: Host) => {
    await moveKubelet(run, host);
    await applyState(run, host, 'node', settled(run, host, false));
    await restartWithKubeconfig(run, host);
    await proveSettled(run, host, 'node', settled(run, host, false));
    await proveInUse(run, host, signal);
  };
  for (const hosts of [first ? [first] : [], others]) await onHosts(hosts, settle, signal);
}

const startOf = `date -d "$(systemctl show --property=ExecMainStartTimestamp --value ${components.kubelet.unit})" +%s`;

/** A Lease that was renewed after the kubelet's start, both by the node's clock: it trusts an API server, which accepts its certificate. */
async function proveInUse(run: Prepared, host: Host, signal: AbortSignal): Promise<void> {
  const { status, stdout } = await sessionOf(run, host).run(startOf);
  // The second in which it started may be before its start.
  const after = status === 0 && /^\d+$/.test(stdout.trim()) ? (Number(stdout) + 1) * 1000 : Number.POSITIVE_INFINITY;
  const look = async (api: ApiClient) => {
    const { spec } = await api.get<Lease>(`${leases}/${host.nodeName}`, { signal });
    return Date.parse(spec?.renewTime ?? '') >= after ? undefined : 'it has not renewed its Lease since its start';
  };
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience, signal }));
  if (reason !== undefined) throw unproven(host, `its kubelet does not use the API: ${reason}`);
}

/** Proves of each pair of a master and a node that API server and kubelet accept each other. @throws Problem ROTATION_UNPROVEN */
export async function proveKubeletsServe(run: Prepared, signal: AbortSignal): Promise<void> {
  const nodes = hostsWith(run.cluster, 'node');
  await onHosts(
    hostsWith(run.cluster, 'master'),
    async (master) => {
      await withMaster(run, master, async (api) => {
        await onHosts(nodes, (node) => proveServes(api, node, signal), signal);
      });
    },
    signal,
  );
}

async function proveServes(api: ApiClient, node: Host, signal: AbortSignal): Promise<void> {
  const look = async () => {
    const { status, text } = await api.raw(`/api/v1/nodes/${node.nodeName}/proxy/healthz`, { signal });
    return status === 200 ? undefined : `${status} ${text.slice(0, 200)}`;
  };
  const reason = await waitWhile(look, { ...patience, signal });
  if (reason !== undefined)
    throw unproven(node, `the API server of ${api.host} gets no answer from its kubelet: ${reason}`);
}

function unproven({ name }: Host, message: string): Problem {
  const hint = `Look at \`journalctl -u kubelet\` on ${name}. Both CAs stay trusted; then run again: the rotation continues.`;
  return new Problem(message, { code: 'ROTATION_UNPROVEN', host: name, hint });
}
