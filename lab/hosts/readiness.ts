import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../cluster-file.ts';
import { run } from '../command.ts';
import { LabError } from '../error.ts';
import type { LabPaths } from '../identity.ts';
import { consoleFile, execInside, guestInit } from './guest.ts';

/** Time limit from a host's PID 1 to an answering SSH server: usually seconds, but minutes while three labs boot on two processors. */
const BOOT_LIMIT = 240_000;

const BOOTED = new Set(['running', 'degraded']);

async function waitForSystemd(paths: LabPaths, host: LabHost, deadline: number): Promise<string> {
  let answer = '';
  while (Date.now() < deadline && guestInit(paths, host.name)) {
    // It waits for the end of the boot itself, but fails while systemd's socket does not exist yet.
    const timeout = deadline - Date.now();
    const result = await execInside(paths, host.name, ['systemctl', 'is-system-running', '--wait'], { timeout });
    answer = result.stdout.trim();
    if (BOOTED.has(answer)) return answer;
    await sleep(50);
  }
  const state = guestInit(paths, host.name) ? `is "${answer || 'not answering'}"` : 'has ended';
  throw new LabError(`host ${host.name} did not boot: its systemd ${state}`, {
    hint: `its console is in ${consoleFile(paths, host.name)}`,
  });
}

/** Waits until a host's SSH server answers. @throws LabError if it does not before the deadline, in milliseconds since 1970 */
export async function waitForSsh(paths: LabPaths, host: LabHost, deadline: number): Promise<void> {
  const ask = `exec 3<>/dev/tcp/${host.address}/22 && read -r -t 3 banner <&3 && [ "\${banner#SSH-}" != "$banner" ]`;
  while (Date.now() < deadline) {
    const result = await run(['nsenter', `--net=${paths.netns}`, 'bash', '-c', ask], { timeout: 5_000 });
    if (result.status === 0) return;
    await sleep(50);
  }
  throw new LabError(`the SSH server of ${host.name} (${host.address}) does not answer`, {
    hint: `npm run lab -- logs ${host.name}`,
  });
}

/**
 * Waits until a host has booted and the runner can log in.
 *
 * @returns systemd's state, `running` or `degraded`; `starting` if the caller did not wait for its units.
 */
export async function waitUntilReady(paths: LabPaths, host: LabHost, settled = true): Promise<string> {
  const deadline = Date.now() + BOOT_LIMIT;
  const verdict = settled ? await waitForSystemd(paths, host, deadline) : 'starting';
  await waitForSsh(paths, host, deadline);
  return verdict;
}
