import type { Argv, CommandOptions, CommandResult } from '../../lab/command.ts';
import * as networks from '../../lab/networks.ts';
import { lab } from './seed-lab.ts';

// The same as of lab/networks.ts, for the lab that the tests share.
export { cmdlineOf, familyOf } from '../../lab/networks.ts';

export const initOf = (host: string): number => networks.initOf(lab, host);

export const inNetworkOf = (host: string, argv: readonly string[]): Argv => networks.inNetworkOf(lab, host, argv);

export const inContainer = (host: string, command: readonly string[], argv: readonly string[]): Argv =>
  networks.inContainer(lab, host, command, argv);

export const runInNetworkOf = (
  host: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> => networks.runInNetworkOf(lab, host, argv, options);
