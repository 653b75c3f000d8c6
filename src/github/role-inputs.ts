import type { Role } from '../cluster/schema.ts';
import type { GateCommand } from '../phases/run.ts';
import { type CommonInputs, hostNames } from './inputs.ts';
import { getInput } from './runner.ts';
import { requiredSecret } from './secret-inputs.ts';
import { gateCommand } from './upgrade-gate.ts';

/** The inputs that the actions of the three roles share. */
export interface RoleInputs {
  readonly hosts: readonly string[];
  /** `artifacts`, or a folder. */
  readonly bundles: string;
  /** Opens the encrypted bundles. */
  readonly identity: string;
  readonly gate: GateCommand | undefined;
}

/** @throws Problem INPUT_INVALID, INPUT_MISSING, UPGRADE_UNTRUSTED */
export function roleInputs(role: Role, { cluster, dryRun }: CommonInputs): RoleInputs {
  return {
    hosts: hostNames(cluster, role),
    bundles: getInput('bundles'),
    identity: requiredSecret('age-key'),
    gate: gateCommand(cluster, dryRun),
  };
}
