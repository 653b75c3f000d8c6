import { lockFileOf } from '../../cluster/lock.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import type { LockInputs } from '../../github/lock-inputs.ts';
import { setOutput } from '../../github/runner.ts';
import { checkLockfile } from '../../phases/check-lockfile.ts';
import { writeLockfile } from '../../phases/write-lockfile.ts';

/** The phase that writes the lock file if the inputs ask for it, or checks it. */
export function lockfilePhase({ clusterFile, writeLock }: Pick<CommonInputs, 'clusterFile'> & LockInputs) {
  if (!writeLock) return checkLockfile(clusterFile, 'warns');
  const onWritten = (changed: boolean) => setOutput('lock-changed', String(changed));
  return writeLockfile(lockFileOf(clusterFile), writeLock.token, onWritten);
}
