import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type CommonInputs, confirmCluster, invalidInput } from './inputs.ts';
import { getInput } from './runner.ts';

/** The inputs of the action restore. */
export interface RestoreInputs extends CommonInputs {
  /** The name of the host whose member has the data. */
  readonly survivor: string;
}

/** @throws Problem RESTORE_UNCONFIRMED, INPUT_MISSING, INPUT_INVALID */
export function restoreInputs(common: CommonInputs): RestoreInputs {
  confirmCluster(common.cluster, 'RESTORE_UNCONFIRMED', 'A restore decides which data the cluster continues with');
  return { ...common, survivor: survivorIn(common.cluster) };
}

function survivorIn(cluster: Cluster): string {
  const survivor = getInput('survivor');
  const members = hostsWith(cluster, 'etcd').map(({ name }) => name);
  const fix = `Write the name of the host of etcd that still has its data: ${members.join(', ')}.`;
  if (!survivor) throw new Problem('the input survivor is missing', { code: 'INPUT_MISSING', hint: fix });
  if (!members.includes(survivor)) throw invalidInput('survivor', survivor, fix);
  return survivor;
}
