import type { Host } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import { redactLines } from '../../host/redact.ts';
import { fillWords, splitWords } from './command-words.ts';
import type { Fault, RunCommand } from './fault.ts';

export interface PowerCommands {
  /** With `{action}` (off, on), `{host}` and `{address}`: `ipmitool -H bmc-{host} chassis power {action}`. */
  readonly powerCommand: string;
  /** The command that switches the host on, if it is a different one. */
  readonly restoreCommand?: string | undefined;
  readonly timeoutMs?: number;
}

/**
 * Powers the host off by an out-of-band command. Both commands are checked before either runs: a host that can't be
 * switched on again is not switched off.
 * @throws Problem COMMAND_INVALID, NO_WAY_BACK
 */
export function poweroff(target: Host, commands: PowerCommands, run: RunCommand): Fault {
  const { powerCommand, restoreCommand, timeoutMs = 60_000 } = commands;
  if (restoreCommand === undefined && !powerCommand.includes('{action}')) {
    throw new Problem('the power command can’t switch the host on again', {
      code: 'NO_WAY_BACK',
      hint: 'Write {action} where it takes off and on, or give a restore-command.',
    });
  }
  const argvOf = (command: string, action: 'off' | 'on') =>
    fillWords(splitWords(command), { action, host: target.name, address: target.address });
  const off = argvOf(powerCommand, 'off');
  const on = argvOf(restoreCommand ?? powerCommand, 'on');
  const execute = async (argv: readonly string[], verb: string): Promise<void> => {
    if (argv.length === 0) throw new Problem('the power command is empty', { code: 'COMMAND_INVALID' });
    const { status, stderr } = await run(argv, { timeoutMs });
    if (status === 0) return;
    throw new Problem(`failed to ${verb} ${target.name}: the command ended with ${status}`, {
      code: 'POWER_COMMAND_FAILED',
      host: target.name,
      detail: redactLines(stderr).slice(-5),
    });
  };
  return {
    name: 'poweroff',
    severs: true,
    inject: async () => await execute(off, 'switch off'),
    restore: async () => await execute(on, 'switch on'),
  };
}
