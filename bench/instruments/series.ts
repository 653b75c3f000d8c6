import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { familyOf, initOf } from '../../lab/networks.ts';
import { childrenOf } from '../../lab/process.ts';
import { startDriver } from '../driver.ts';
import { onLab, type Stage, say, setStage } from '../stage.ts';
import type { Asked, InstrumentsSpec } from './driver.ts';

const options = {
  seconds: { type: 'string', default: '60' },
  keep: { type: 'boolean', default: false },
} as const;

/** The measured programs on hosts of each role, by process name, beginning with the one that carries the instruments themselves. */
const programs = {
  etcd: ['sshd', 'etcd'],
  master: ['sshd', 'kube-apiserver', 'kube-controller', 'kube-scheduler'],
  node: ['sshd', 'haproxy', 'kubelet', 'kube-proxy'],
} as const;

/** CPU by host and program, in seconds. */
type Spent = ReadonlyMap<string, number>;

/**
 * The cost of the instruments on each host: CPU time of its programs during a period without a runner, with only its connections, and with
 * the instruments. The CPU time of sshd is the instruments' own; the rest is what the cluster needs to answer them.
 */
export async function instrumentsLoad(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const seconds = Number(values.seconds);
  await onLab(values.keep, async (lab) => {
    const stage = await setStage(lab, 'default');
    // Until the deployment's own work is over.
    await delay(20_000);
    const without = await over(stage, seconds);
    const connected = await withDriver(stage, seconds, false);
    const watched = await withDriver(stage, seconds, true);
    say(table([without, connected.spent, watched.spent], seconds));
    say(
      `asked meanwhile: ${Object.entries(watched.asked)
        .map(([who, times]) => `${who} ${times}`)
        .join(', ')}`,
    );
  });
}

async function withDriver(stage: Stage, seconds: number, started: boolean): Promise<{ spent: Spent; asked: Asked }> {
  const { lab, clusterFile, kubectl } = stage;
  const spec: InstrumentsSpec = {
    clusterFile,
    sshKey: lab.sshKey,
    knownHosts: lab.knownHosts,
    adminConf: readFileSync(kubectl.kubeconfig, 'utf8'),
    started,
  };
  const stop = await startDriver<Asked>(
    'instruments/driver.ts',
    (argv) => ['nsenter', `--net=${lab.netns}`, ...argv],
    spec,
  );
  // The cost of making the connections is not part of the cost of keeping them.
  await delay(3000);
  const spent = await over(stage, seconds);
  return { spent, asked: await stop() };
}

async function over(stage: Stage, seconds: number): Promise<Spent> {
  const before = read(stage);
  await delay(seconds * 1000);
  const after = read(stage);
  return new Map([...after].map(([unit, spent]) => [unit, spent - (before.get(unit) ?? 0)]));
}

/** Read on this machine, so that the measurement costs the hosts nothing. */
function read({ lab, cluster }: Stage): Spent {
  const spent = new Map<string, number>();
  for (const { name, roles } of cluster.hosts) {
    const services = childrenOf(initOf(lab, name));
    for (const program of new Set(roles.flatMap((role) => [...programs[role]]))) {
      const own = services.filter((pid) => statOf(pid).name === program);
      spent.set(
        `${name} ${program}`,
        own.flatMap(familyOf).reduce((sum, pid) => sum + statOf(pid).seconds, 0),
      );
    }
  }
  return spent;
}

/** A process' name, and its CPU time with that of its ended children: the sum over a process tree is complete. */
function statOf(pid: number): { readonly name: string; readonly seconds: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), seconds: ticks / 100 };
  } catch {
    return { name: '', seconds: 0 };
  }
}

function table(columns: readonly Spent[], seconds: number): string {
  const share = (spent: number | undefined) => `${(((spent ?? 0) / seconds) * 100).toFixed(2)} %`;
  const rows = [...(columns[0]?.keys() ?? [])].map((unit) => [
    ...unit.split(' '),
    ...columns.map((column) => share(column.get(unit))),
  ]);
  const head = ['host', 'program', 'without', 'connected', 'with instruments'];
  return `CPU of one core\n${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}
