import { childEnvironment } from './child-environment.ts';
import { invalidInput, secretInput } from './inputs.ts';
import { type CommandOptions, commandEnded, runCommand } from './run-command.ts';
import { readState, saveState } from './runner.ts';

const [begun, off, command] = ['begun', 'switched-off', 'power-command'] as const;
/** As long as a power command may take (src/failover/faults/poweroff.ts). */
const commandMs = 60_000;

/** How the user has hosts switched off and on. @throws Problem INPUT_INVALID when that is needed and not given */
export function powerCommands(needed: boolean): { readonly powerCommand: string; readonly restoreCommand?: string } {
  const powerCommand = secretInput('power-command');
  const restoreCommand = secretInput('restore-command');
  if (needed && !powerCommand)
    throw invalidInput('power-command', '', 'name the command that switches a host’s power, or take another fault');
  childEnvironment();
  return { powerCommand, ...(restoreCommand && { restoreCommand }) };
}

/** True in the post step, which GitHub runs when the job ends, also when the step itself was cancelled or killed. */
export function isPostStep(): boolean {
  if (readState(begun)) return true;
  saveState(begun, 'true');
  return false;
}

/** Tells the post step which host is without power, or that none is. */
export function noteOff(host: string | undefined): void {
  saveState(off, host ?? '');
}

/** The host that the step did not live to switch on. A command that outlived the step ends first: it may be the one that switches off. */
export async function hostLeftOff(): Promise<string | undefined> {
  const host = readState(off) || undefined;
  if (host !== undefined && readState(command)) await commandEnded(Number(readState(command)), commandMs);
  return host;
}

/** Runs a power command, of which the post step knows. */
export async function runPowerCommand(
  argv: readonly string[],
  options: Pick<CommandOptions, 'timeoutMs'>,
): ReturnType<typeof runCommand> {
  const onStart = (group: number) => saveState(command, String(group));
  return await runCommand(argv, { ...options, env: childEnvironment(), onStart });
}
