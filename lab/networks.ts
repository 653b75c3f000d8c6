import { readFileSync } from 'node:fs';
import { type Argv, type CommandOptions, type CommandResult, run } from './command.ts';
import { LabError } from './error.ts';
import { requireOn } from './hosts/guest.ts';
import { labPaths } from './identity.ts';
import type { Lab } from './lab.ts';
import { childrenOf } from './process.ts';

/** A host's first process, as this machine sees it. @throws LabError when the host is off */
export function initOf({ root, id }: Lab, host: string): number {
  return requireOn(labPaths(root, { K8S_HA_LAB_ID: id }), host).pid;
}

/** A process and all that it started, itself first. */
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

/** The command line that runs a program inside a container, found by its own command line; the API has no part in it. */
export function inContainer(lab: Lab, host: string, command: readonly string[], argv: readonly string[]): Argv {
  const wanted = `${command.join('\0')}\0`;
  const pid = familyOf(initOf(lab, host)).find((each) => cmdlineOf(each) === wanted);
  if (pid === undefined) throw new LabError(`no container on ${host} runs ${command.join(' ')}`);
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
