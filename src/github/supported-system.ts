import { Problem } from '../errors.ts';

/**
 * Commands of the user are started with sh and setsid, and ended by their process group.
 * @param system as in process.platform
 * @throws Problem RUNNER_SYSTEM on Windows and macOS
 */
export function requireLinux(system: string): void {
  if (system === 'linux') return;
  throw new Problem(`the runner's system is ${system}`, {
    code: 'RUNNER_SYSTEM',
    hint: 'Use a Linux runner: runs-on: ubuntu-latest, or a self-hosted one with Linux. The hosts are reached by SSH from there.',
  });
}
