import { booleanInput, invalidInput } from './inputs.ts';
import { secretInput } from './secret-inputs.ts';

/** The inputs of an action that can write the lock file. */
export interface LockInputs {
  /** Present: the lock file is to be written. */
  readonly writeLock: { /** GitHub's; may be empty. */ readonly token: string } | undefined;
}

/** @throws Problem INPUT_INVALID in a run that changes hosts: what it would use has no review */
export function lockInputs(dryRun: boolean): LockInputs {
  const token = secretInput('token');
  if (!booleanInput('lock')) return { writeLock: undefined };
  if (dryRun) return { writeLock: { token } };
  throw invalidInput('lock', 'true', 'Set dry-run: true too: the new lock file is reviewed before it is used.');
}
