import type { LabHost } from '../cluster-file.ts';
import { run } from '../command.ts';
import { LabError } from '../error.ts';
import { type LabPaths, linkName } from '../identity.ts';
import { signal, waitForEnd } from '../process.ts';
import { readGuest, removeGuest } from '../state.ts';
import { processesOf, removeCgroups } from './cgroups.ts';
import { guestInit, startGuest } from './guest.ts';
import { waitUntilReady } from './readiness.ts';

/** glibc's SIGRTMIN+4, which makes systemd power off. */
const SIGNAL_POWEROFF = 34 + 4;

/** systemd gives each unit 90 s to stop. */
const SHUTDOWN_LIMIT = 120_000;

async function waitForSupervisor(paths: LabPaths, host: LabHost, milliseconds: number): Promise<boolean> {
  const supervisor = readGuest(paths, host.name)?.supervisor;
  return supervisor === undefined || (await waitForEnd(supervisor, milliseconds));
}

/** Ends the remaining processes of a host in its cgroups, and removes the cgroups and its link. */
async function clearGuest(paths: LabPaths, host: LabHost): Promise<void> {
  await run(['nsenter', `--net=${paths.netns}`, 'ip', 'link', 'delete', linkName(paths, host.address)]);
  const left = processesOf(paths, host.name);
  for (const record of left) signal(record, 'SIGKILL');
  for (const record of left) await waitForEnd(record, 5_000);
  removeCgroups(paths, host.name);
  removeGuest(paths, host.name);
}

async function shutDown(paths: LabPaths, host: LabHost): Promise<void> {
  const init = guestInit(paths, host.name);
  if (init) signal(init, SIGNAL_POWEROFF);
  if (await waitForSupervisor(paths, host, SHUTDOWN_LIMIT)) return;
  throw new LabError(`${host.name} did not shut down within ${SHUTDOWN_LIMIT / 1000} s`, {
    hint: `npm run lab -- power off ${host.name} --hard`,
  });
}

/**
 * Cuts the power. The link is removed first: otherwise the kernel, which outlives this host, would send FIN and RST for its
 * sockets, and its peers would notice at once; a host without power sends nothing.
 */
async function pullPlug(paths: LabPaths, host: LabHost): Promise<void> {
  await run(['nsenter', `--net=${paths.netns}`, 'ip', 'link', 'delete', linkName(paths, host.address)]);
  const init = guestInit(paths, host.name);
  if (init) signal(init, 'SIGKILL');
  await waitForSupervisor(paths, host, 10_000);
}

/** Turns a host off, by a shutdown or by cutting its power; false if it was off. */
export async function powerOffHost(paths: LabPaths, host: LabHost, hard: boolean): Promise<boolean> {
  const wasOn = guestInit(paths, host.name) !== undefined;
  if (wasOn) await (hard ? pullPlug(paths, host) : shutDown(paths, host));
  await clearGuest(paths, host);
  return wasOn;
}

/**
 * Turns a host on and waits until login works; its disk is unchanged.
 *
 * @param settled whether to wait also until its units have started: units of an incomplete host may wait for a cluster.
 * @returns systemd's state, or undefined if the host was on.
 */
export async function powerOnHost(paths: LabPaths, host: LabHost, settled = true): Promise<string | undefined> {
  if (guestInit(paths, host.name)) return undefined;
  await clearGuest(paths, host);
  await startGuest(paths, host);
  return await waitUntilReady(paths, host, settled);
}
