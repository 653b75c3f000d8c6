import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { type Connected, sessionOf } from './stages.ts';

/** The output of lines on an etcd host that make its data again. @throws Problem RECOVERY_FAILED with what they said */
export async function onStore(
  run: Connected,
  host: Host,
  lines: string,
  options: Parameters<HostSession['run']>[1],
): Promise<string> {
  const { status, stdout, stderr } = await sessionOf(run, host).run(lines, options);
  if (status === 0) return stdout;
  const said = redactLines(stderr.slice(-4096)).filter((line) => line.trim() !== '');
  throw new Problem(`the data of etcd was not made: ${said.at(-1) ?? `status ${status}`}`, {
    code: 'RECOVERY_FAILED',
    host: host.name,
    detail: said.slice(-10),
    hint: 'The former data is where it was, or beside it in a directory before-…: nothing was deleted. Correct the cause and run again: it continues.',
  });
}
