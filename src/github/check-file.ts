import type { Cluster } from '../cluster/cluster.ts';
import { describeOpening } from '../cluster/openings.ts';
import { clusterInput } from './inputs.ts';
import { info, warning } from './runner.ts';
import { writeSummary } from './summary.ts';

/**
 * Checks the cluster file alone, for a job that has no key: pull requests of forks get no secrets. No host is contacted.
 * @throws Problem CLUSTER_FILE_MISSING, and the problems of parseCluster
 */
export async function checkFile(): Promise<void> {
  const { clusterFile, cluster } = clusterInput();
  for (const opening of cluster.openings) warning(describeOpening(opening), { file: clusterFile, line: opening.line });
  info(`${clusterFile} is valid; no host was contacted`);
  await writeSummary(fileSummary(cluster));
}

function fileSummary({ name, hosts, openings }: Cluster): string {
  const opens =
    openings.length === 0 ? '' : ` The annotations name ${openings.length} settings that lower the cluster’s security.`;
  return `## The file of ${name} is valid: ${hosts.length} hosts\n\nNo host was contacted: what it would change is not known.${opens}\n`;
}
