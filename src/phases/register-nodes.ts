import type { Cluster, Host } from '../cluster/cluster.ts';
import { podNetwork } from '../components/networks/index.ts';
import { type ApiClient, createNode, labelsOf } from '../kubernetes/index.ts';
import { components } from '../layout/components.ts';
import { places } from '../layout/paths.ts';
import { observeNodes } from '../observe/api.ts';
import { freeSubnet } from '../plan/subnet.ts';
import { onHosts } from './on-hosts.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** flannel waits for the API server, and for the subnet of a node that the kubelet has to register first. */
const restartSeconds = 60;

/**
 * Registers nodes again that someone has deleted, though their kubelets run with valid certificates: a kubelet registers only when it
 * starts. It keeps the subnet of its pods, if no other node has that by now.
 * @throws AggregateError of Problems
 */
export async function registerNodes(
  run: Connected,
  api: ApiClient,
  hosts: readonly Host[],
  signal: AbortSignal,
): Promise<void> {
  if (hosts.length === 0) return;
  const nodes = await observeNodes(api);
  const register = async (host: Host) => {
    const podSubnet = freeSubnet(run.cluster, await subnetOn(run, host), nodes);
    if (podSubnet !== undefined) {
      const start = { name: host.nodeName, labels: labelsOf(host), taints: host.taints, podSubnet };
      if (await createNode(api, start)) run.objects.push(`Node ${host.nodeName} created`);
    } else if (usesFlannel(run.cluster)) run.log.warning(otherSubnet(host));
    const units = [components.kubelet.unit, ...(usesFlannel(run.cluster) ? [components.flannel.unit] : [])];
    await restart(run, host, units);
  };
  await onHosts(hosts, register, signal);
}

const usesFlannel = ({ network }: Cluster): boolean => network.plugin === 'flannel';

/** The subnet that flannel has written on the host; undefined where there is none. */
async function subnetOn(run: Connected, host: Host): Promise<string | undefined> {
  if (podNetwork(run.cluster).inUserManifests) return undefined;
  const { stdout } = await sessionOf(run, host).run(`sed -n 's/^FLANNEL_SUBNET=//p' ${places.flannelSubnet}`);
  return stdout.trim() || undefined;
}

function otherSubnet({ name, nodeName }: Host): string {
  return `${name}: the pods of ${nodeName} had a subnet that is not known or not free, so that it gets another one: drain the node, reboot the host, and uncordon the node`;
}

/** With flannel it takes until flannel has the node's subnet: before that, other hosts do not know the way to its pods. */
async function restart(run: Connected & Run, host: Host, units: readonly string[]): Promise<void> {
  const line = `timeout ${restartSeconds} systemctl restart ${units.join(' ')}`;
  const { status, stderr } = await sessionOf(run, host).run(line, { timeoutSeconds: restartSeconds + 10 });
  if (status !== 0) run.log.warning(`${host.name}: ${units.join(', ')} could not be restarted: ${stderr.trim()}`);
  else run.log.info(`${host.name}: restarted ${units.join(' and ')}`);
}
