import * as core from '@actions/core';
import { invalidInput } from './inputs.ts';
import { commandEnded, runCommand } from './run-command.ts';

const [begun, off, command] = ['begun', 'switched-off', 'power-command'] as const;
/** As long as a power command may take (src/failover/fault-poweroff.ts). */
const commandMs = 60_000;

/** How the user has hosts switched off and on. @throws Problem INPUT_INVALID when that is needed and not told */
export function powerCommands(needed: boolean): { readonly powerCommand: string; readonly restoreCommand?: string } {
  const powerCommand = core.getInput('power-command');
  const restoreCommand = core.getInput('restore-command');
  if (needed && !powerCommand)
    throw invalidInput('power-command', '', 'name the command that switches a host’s power, or take another fault');
  return { powerCommand, ...(restoreCommand && { restoreCommand }) };
}

/** True in the post step, which GitHub runs when the job ends, also when the step itself was cancelled or killed. */
export function isPostStep(): boolean {
  if (core.getState(begun)) return true;
  core.saveState(begun, 'true');
  return false;
}

/** Tells the post step which host is without power, or that none is. */
export function noteOff(host: string | undefined): void {
  core.saveState(off, host ?? '');
}

/** The host that the step did not live to switch on. A command that outlived the step ends first: it may be the one that switches off. */
export async function hostLeftOff(): Promise<string | undefined> {
  const host = core.getState(off) || undefined;
  if (host !== undefined && core.getState(command)) await commandEnded(Number(core.getState(command)), commandMs);
  return host;
}

/** Runs a power command, of which the post step knows. */
export const runPowerCommand: typeof runCommand = async (argv, options) =>
  await runCommand(argv, { ...options, onStart: (group) => core.saveState(command, group) });
