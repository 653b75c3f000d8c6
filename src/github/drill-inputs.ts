import type { Cluster } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type History, historyInput } from './history.ts';
import { clusterAt, numberInput } from './inputs.ts';
import { getInput } from './runner.ts';

/** The inputs of a restore that is a drill. */
export interface DrillInputs {
  readonly history: History;
  readonly limitMs: number;
}

/**
 * Undefined unless the input drill-of names the file of the cluster whose backup is tried.
 * @throws Problem DRILL_HOSTS if a host of the drill is one of that cluster; INPUT_INVALID, and the problems of parseCluster
 */
export function drillInputs(cluster: Cluster): DrillInputs | undefined {
  const real = getInput('drill-of');
  if (!real) return undefined;
  refuseRealHosts(cluster, clusterAt(real), real);
  const history = historyInput(`restore-drill-history-${cluster.name}.jsonl`);
  return { history, limitMs: numberInput('max-seconds', 600) * 1000 };
}

type Place = Pick<Cluster['hosts'][number], 'address' | 'ssh'>;

/** By their addresses: names are the same in a drill that has as many hosts. */
function refuseRealHosts({ hosts }: Cluster, real: Cluster, file: string): void {
  const addresses = ({ address, ssh }: Place): readonly string[] => [address, ssh.address ?? address];
  const taken = new Set([...real.hosts, ...real.removed].flatMap(addresses));
  const [shared] = hosts.filter((host) => addresses(host).some((address) => taken.has(address)));
  if (!shared) return;
  throw new Problem(`a drill is for spare hosts, and ${shared.address} is also in ${file}`, {
    code: 'DRILL_HOSTS',
    host: shared.name,
    hint: 'No host was contacted. Write spare hosts into the cluster file of the drill, and the file of the cluster that serves into drill-of.',
  });
}
