import { type Cluster, hostsWith } from '../../cluster/cluster.ts';
import { defaultHealSeconds, type FaultName, limited, parseWindow } from '../../failover/index.ts';
import { numberInput, parsedInput, secondsIn } from '../../github/inputs.ts';
import { getInput } from '../../github/runner.ts';
import { thresholdInputs } from '../../github/threshold-inputs.ts';
import type { FailoverPlan } from '../../phases/verify-failover.ts';

type CheckInputs = Pick<FailoverPlan, 'target' | 'window' | 'holdMs' | 'healSeconds' | 'thresholds'>;

/** The inputs of a check besides its fault. @throws Problem INPUT_INVALID */
export function checkInputs(cluster: Cluster, fault: FaultName): CheckInputs {
  // If etcd has separate hosts, its disk is not on a master.
  const role = fault === 'disk-full' ? 'etcd' : 'master';
  const window = parsedInput('window', parseWindow, 'Write it in UTC, like 01:00-05:00 or mon-fri 22:00-04:00.');
  const holdMs = parsedInput('hold-seconds', secondsIn, 'Write a number of seconds.');
  return {
    target: getInput('target') || hostsWith(cluster, role)[0]?.name || '',
    ...(window && { window }),
    ...(holdMs !== undefined && { holdMs }),
    healSeconds: numberInput('heal-after-seconds', defaultHealSeconds),
    thresholds: thresholdInputs(limited),
  };
}
