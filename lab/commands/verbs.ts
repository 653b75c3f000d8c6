import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { passThrough } from '../command.ts';
import { LabError } from '../error.ts';
import { diskRoot } from '../hosts/disk.ts';
import { consoleFile, guestInit, insideArgv, requireOn } from '../hosts/guest.ts';
import { type Lab, requireHost, requireUp, runnerEnv } from '../lab.ts';
import { insideNetwork } from '../network/netns.ts';
import { prepareCache } from '../prepare.ts';
import { timedProgress } from '../progress.ts';
import { formatStatus } from '../status.ts';
import { action } from './action.ts';
import { checkpoint } from './checkpoint.ts';
import { VERBS } from './help.ts';
import type { Verb } from './verb.ts';

function misused(verb: string, problem: string): LabError {
  return new LabError(problem, { hint: `npm run lab -- ${VERBS[verb]?.usage ?? '--help'}` });
}

/** Splits "HOST -- COMMAND" at the dashes, which are optional. */
function splitCommand(args: readonly string[]): { before: string[]; command: string[] } {
  const dashes = args.indexOf('--');
  if (dashes < 0) return { before: args.slice(0, 1), command: args.slice(1) };
  return { before: args.slice(0, dashes), command: args.slice(dashes + 1) };
}

const toStdout = (text: string): boolean => process.stdout.write(text);

const up: Verb = async (lab, _, args) => {
  const options = { cluster: { type: 'string' }, from: { type: 'string' }, stale: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.cluster !== undefined && values.from !== undefined)
    throw misused('up', 'a checkpoint has the hosts of its own cluster file: give one of --cluster and --from');
  await lab.up({ ...values, progress: timedProgress(toStdout) });
  return 0;
};

const prepare: Verb = async (_lab, _paths, args) => {
  const { values } = parseArgs({ args, options: { kubernetes: { type: 'string' } } });
  await prepareCache(timedProgress(toStdout), values.kubernetes);
  return 0;
};

const down: Verb = async (lab, _, args) => {
  parseArgs({ args, options: {} });
  await lab.down({ progress: timedProgress(toStdout) });
  return 0;
};

const status: Verb = async (lab, _, args) => {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
  const now = await lab.status();
  toStdout(values.json ? `${JSON.stringify(now, null, 2)}\n` : formatStatus(now));
  return now.up ? 0 : 3;
};

const exec: Verb = async (_, paths, args) => {
  const { before, command } = splitCommand(args);
  const [host, ...more] = before;
  if (host === undefined || more.length > 0 || command.length === 0)
    throw misused('exec', 'a host and a command are needed');
  return await passThrough(insideArgv(requireOn(paths, requireHost(paths, host).name), command));
};

const shell: Verb = async (_, paths, args) => {
  const host = requireHost(paths, args[0] ?? requireUp(paths)[0]?.name ?? '');
  const terminal = `TERM=${process.env.TERM ?? 'dumb'}`;
  return await passThrough(insideArgv(requireOn(paths, host.name), [terminal, 'bash', '--login']));
};

const run: Verb = async (_, paths, args) => {
  const [file, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (file === undefined) throw misused('run', 'a command is needed');
  requireUp(paths);
  return await passThrough(insideNetwork(paths, [file, ...rest]), runnerEnv(paths));
};

const kubectl: Verb = async (lab, paths, args) => {
  // Only this verb needs the cluster's schema.
  const { openKubectl } = await import('../kubectl.ts');
  const { binary, kubeconfig } = await openKubectl(lab);
  const given = args[0] === '--' ? args.slice(1) : args;
  return await passThrough(insideNetwork(paths, [binary, `--kubeconfig=${kubeconfig}`, ...given]));
};

async function setPower(lab: Lab, action: string, host: string, hard: boolean): Promise<string> {
  const start = Date.now();
  const acted = action === 'on' ? await lab.powerOn(host) : await lab.powerOff(host, { hard });
  if (action === 'cycle') await lab.powerOn(host);
  const now = action === 'off' ? 'off' : 'on';
  return acted
    ? `${host}: ${now} after ${Date.now() - start} ms`
    : `${host}: ${action === 'cycle' ? 'was off, now' : 'already'} ${now}`;
}

const power: Verb = async (lab, paths, args) => {
  const { values, positionals } = parseArgs({ args, options: { hard: { type: 'boolean' } }, allowPositionals: true });
  const [action, ...hosts] = positionals;
  if (!['on', 'off', 'cycle'].includes(action ?? '') || hosts.length === 0) {
    throw misused('power', 'on, off or cycle and a host are needed');
  }
  const names = hosts.map((host) => requireHost(paths, host).name);
  const lines = await Promise.all(names.map((name) => setPower(lab, action ?? '', name, values.hard ?? false)));
  for (const line of lines) toStdout(`${line}\n`);
  return 0;
};

const reimage: Verb = async (lab, paths, args) => {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
  if (positionals.length === 0) throw misused('reimage', 'a host is needed');
  const names = positionals.map((host) => requireHost(paths, host).name);
  const start = Date.now();
  await Promise.all(names.map((name) => lab.reimage(name)));
  toStdout(`${names.join(', ')}: on with an empty disk after ${Date.now() - start} ms\n`);
  return 0;
};

const logs: Verb = async (_, paths, args) => {
  const options = { follow: { type: 'boolean', short: 'f' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name] = positionals;
  if (name === undefined) throw misused('logs', 'a host is needed');
  const host = requireHost(paths, name).name;
  const follow = values.follow ? ['--follow'] : [];
  const init = guestInit(paths, host);
  if (init) return await passThrough(insideArgv(init, ['journalctl', '--no-pager', ...follow]));
  // The disk of a host that is off is readable on this machine.
  const journal = join(diskRoot(paths, host), 'var/log/journal');
  if (existsSync(journal)) return await passThrough(['journalctl', '--no-pager', `--directory=${journal}`]);
  return await passThrough(['cat', consoleFile(paths, host)]);
};

/** Every verb by its name. */
export const verbs: Readonly<Record<string, Verb>> = {
  up,
  prepare,
  down,
  status,
  exec,
  shell,
  run,
  kubectl,
  power,
  reimage,
  checkpoint,
  action,
  logs,
};
