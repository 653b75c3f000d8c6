import { readFileSync } from 'node:fs';
import { type Argv, type CommandOptions, type CommandResult, run } from './command.ts';
import { LabError } from './error.ts';
import { requireOn } from './hosts/guest.ts';
import { labPaths } from './identity.ts';
import type { Lab } from './lab.ts';
import { childrenOf } from './process.ts';

/** A host's first process, as seen from this machine. @throws LabError if the host is off */
export function initOf({ root, id }: Lab, host: string): number {
  return requireOn(labPaths(root, { K8S_HA_LAB_ID: id }), host).pid;
}

/** A process and its descendants; the process itself is the first. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

/** The command line that runs one of this machine's programs in a host's network. */
export function inNetworkOf(lab: Lab, host: string, argv: readonly string[]): Argv {
  return ['nsenter', `--target=${initOf(lab, host)}`, '--net', ...argv];
}

/** Runs one of this machine's programs in a host's network. */
export async function runInNetworkOf(
  lab: Lab,
  host: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  return await run(inNetworkOf(lab, host, argv), options);
}

/** The command line that runs a program in a container, which is found by its own command line; does not use the API. */
export function inContainer(lab: Lab, host: string, command: readonly string[], argv: readonly string[]): Argv {
  const wanted = `${command.join('\0')}\0`;
  const pid = familyOf(initOf(lab, host)).find((each) => cmdlineOf(each) === wanted);
  if (pid === undefined) throw new LabError(`no container on ${host} runs ${command.join(' ')}`);
  return ['nsenter', `--target=${pid}`, '--mount', '--net', '--root', '--wd', ...argv];
}

/** The arguments of a process, each with its final NUL; empty if it has ended. */
export function cmdlineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
