import { readFileSync } from 'node:fs';
import { type Argv, type CommandOptions, type CommandResult, run } from '../../lab/command.ts';
import { guestInit } from '../../lab/hosts/guest.ts';
import { labPaths } from '../../lab/identity.ts';
import { childrenOf } from '../../lab/process.ts';
import { lab } from './seed-lab.ts';

/** A host's first process, as this machine sees it. */
export function initOf(host: string): number {
  const init = guestInit(labPaths(lab.root, { K8S_HA_LAB_ID: lab.id }), host);
  if (!init) throw new Error(`${host} is off`);
  return init.pid;
}

/** A process and all that it started, itself first. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

/** The command line that runs one of this machine's programs in a host's network. */
export function inNetworkOf(host: string, argv: readonly string[]): Argv {
  return ['nsenter', `--target=${initOf(host)}`, '--net', ...argv];
}

/** Runs one of this machine's programs in a host's network. */
export async function runInNetworkOf(
  host: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return await run(inNetworkOf(host, argv), options);
}

/** The command line that runs a program inside a container, found by its own command line; the API has no part in it. */
export function inContainer(host: string, command: readonly string[], argv: readonly string[]): Argv {
  const wanted = `${command.join('\0')}\0`;
  const pid = familyOf(initOf(host)).find((each) => cmdlineOf(each) === wanted);
  if (pid === undefined) throw new Error(`no container on ${host} runs ${command.join(' ')}`);
  return ['nsenter', `--target=${pid}`, '--mount', '--net', '--root', '--wd', ...argv];
}

/** The arguments of a process, each with its final NUL; empty when it is gone. */
export function cmdlineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
