import type { GateCommand } from '../phases/run.ts';
import { booleanInput, type CommonInputs, forgetNames, rejoinNames } from './inputs.ts';
import { type LockInputs, lockInputs } from './lock-inputs.ts';
import { reportFolder } from './report-files.ts';
import { gateCommand } from './upgrade-gate.ts';

/** The inputs of the one-job action. */
export interface DeployInputs extends CommonInputs, LockInputs {
  /** Names of replaced hosts. */
  readonly rejoin: readonly string[];
  /** Names of members that the user lets go. */
  readonly forget: readonly string[];
  readonly gate: GateCommand | undefined;
  readonly forceRestart: boolean;
  /** Whether members of etcd with much free space are defragmented. */
  readonly defragment: boolean;
  /** The folder for the report of an upgrade; undefined: none is made. */
  readonly reportTo: string | undefined;
}

/** @throws Problem INPUT_INVALID, UPGRADE_UNTRUSTED */
export function deployInputs(common: CommonInputs): DeployInputs {
  const { cluster, dryRun } = common;
  return {
    ...common,
    rejoin: rejoinNames(cluster),
    forget: forgetNames(cluster),
    gate: gateCommand(cluster, dryRun),
    forceRestart: booleanInput('force-restart'),
    defragment: booleanInput('defragment'),
    reportTo: booleanInput('report') ? reportFolder() : undefined,
    ...lockInputs(dryRun),
  };
}
