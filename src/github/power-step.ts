import { childEnvironment } from './child-environment.ts';
import { invalidInput } from './inputs.ts';
import { poweredOff } from './post-step.ts';
import { type CommandOptions, commandEnded, runCommand } from './run-command.ts';
import { readState, saveState } from './runner.ts';
import { secretInput } from './secret-inputs.ts';

const command = 'power-command';
/** The time limit of a power command (src/failover/faults/poweroff.ts). */
const commandMs = 60_000;

/** The user's commands to switch hosts off and on. @throws Problem INPUT_INVALID if they are required and not set */
export function powerCommands(needed: boolean): { readonly powerCommand: string; readonly restoreCommand?: string } {
  const powerCommand = secretInput('power-command');
  const restoreCommand = secretInput('restore-command');
  if (needed && !powerCommand)
    throw invalidInput('power-command', '', 'Set the command that switches a host’s power, or choose another fault.');
  childEnvironment();
  return { powerCommand, ...(restoreCommand && { restoreCommand }) };
}

/** The host that the main step could not switch on again. Waits first for a command that outlived the step: it may be the one that switches off. */
export async function hostLeftOff(): Promise<string | undefined> {
  const host = poweredOff();
  if (host !== undefined && readState(command)) await commandEnded(Number(readState(command)), commandMs);
  return host;
}

/** Runs a power command; its process group is saved for the post step. */
export async function runPowerCommand(
  argv: readonly string[],
  options: Pick<CommandOptions, 'timeoutMs'>,
): ReturnType<typeof runCommand> {
  const onStart = (group: number) => saveState(command, String(group));
  return await runCommand(argv, { ...options, env: childEnvironment(), onStart });
}
