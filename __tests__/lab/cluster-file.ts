import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Lab } from '../../lab/lab.ts';

/** The keys of a cluster file that tests change. */
export interface ClusterText {
  [key: string]: unknown;
  hosts: { name: string; address: string; ssh?: object; [key: string]: unknown }[];
}

/** Writes a changed copy of the lab's cluster file beside it and returns its path. */
export function changedCluster(lab: Lab, name: string, change: (cluster: ClusterText) => void): string {
  const cluster = parse(readFileSync(lab.clusterFile, 'utf8')) as ClusterText;
  change(cluster);
  const file = join(lab.stateDir, `${name}.yaml`);
  writeFileSync(file, stringify(cluster));
  return file;
}
