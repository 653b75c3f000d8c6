import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../cluster-file.ts';
import { type Argv, type CommandOptions, type CommandResult, run } from '../command.ts';
import { LabError } from '../error.ts';
import { type LabPaths, machineName } from '../identity.ts';
import { childrenOf, isAlive, isNamespaceInit, type ProcessRecord, recordOf, startDetached } from '../process.ts';
import { hostDir, readGuest, writeGuest } from '../state.ts';
import { makeCgroups } from './cgroups.ts';
import { diskRoot, REAL_DIRECTORIES, realDirectory } from './disk.ts';

const GUEST_ENV = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8'];

/** The file that a host's console is written to. */
export const consoleFile = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'console.log');

/** nspawn's command line for a host. */
function nspawnArgv(paths: LabPaths, host: LabHost): Argv {
  const binds = REAL_DIRECTORIES.map((name) => `--bind=${realDirectory(paths, host.name, name)}:/var/lib/${name}`);
  return [
    'nsenter',
    `--net=${paths.netns}`,
    'systemd-nspawn',
    '--quiet',
    '--boot',
    '--keep-unit',
    '--register=no',
    '--notify-ready=no',
    '--console=read-only',
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
    `--directory=${diskRoot(paths, host.name)}`,
    `--machine=${machineName(paths, host.address)}`,
    '--network-bridge=br0',
    '--capability=all',
    // kubelet, runc and systemd need them, and nspawn does not allow them by default.
    '--system-call-filter=@keyring bpf',
    '--bind=/dev/kmsg',
    ...binds,
  ];
}

async function waitForInit(supervisor: ProcessRecord, log: string): Promise<ProcessRecord> {
  const deadline = Date.now() + 20_000;
  while (isAlive(supervisor) && Date.now() < deadline) {
    const init = childrenOf(supervisor.pid).find(isNamespaceInit);
    const record = init === undefined ? undefined : recordOf(init);
    if (record) return record;
    await sleep(15);
  }
  const lastWords = readFileSync(log, 'utf8').trim().split('\n').slice(-6).join('\n');
  throw new LabError(`systemd-nspawn did not start a host: ${lastWords}`, { hint: `its console is in ${log}` });
}

/** Starts a host's machine and records it; the host has not booted when this returns. */
export async function startGuest(paths: LabPaths, host: LabHost): Promise<void> {
  const log = consoleFile(paths, host.name);
  const supervisor = startDetached(nspawnArgv(paths, host), {
    log,
    procsFiles: makeCgroups(paths, host.name),
    env: { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1', SYSTEMD_LOG_COLOR: '0' },
  });
  if (!supervisor) throw new LabError(`failed to start systemd-nspawn for ${host.name}`, { hint: `see ${log}` });
  writeGuest(paths, host.name, { supervisor });
  writeGuest(paths, host.name, { supervisor, init: await waitForInit(supervisor, log) });
}

/** The host's PID 1 as seen from outside; undefined when the host is off. */
export function guestInit(paths: LabPaths, host: string): ProcessRecord | undefined {
  const init = readGuest(paths, host)?.init;
  return init && isAlive(init) ? init : undefined;
}

/** The command line that runs a command in a host. */
export function insideArgv(init: ProcessRecord, argv: readonly string[]): Argv {
  return ['nsenter', `--target=${init.pid}`, '--all', '--root', '--wd', '/usr/bin/env', '-i', ...GUEST_ENV, ...argv];
}

/**
 * Runs a command in a host, without its SSH server.
 *
 * @throws LabError when the host is off.
 */
export function execInside(
  paths: LabPaths,
  host: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return run(insideArgv(requireOn(paths, host), argv), options);
}

/** The PID 1 of a host. @throws if the host is off */
export function requireOn(paths: LabPaths, host: string): ProcessRecord {
  const init = guestInit(paths, host);
  if (init) return init;
  throw new LabError(`host ${host} is off`, { hint: `npm run lab -- power on ${host}` });
}
