import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startDriver } from '../driver.ts';
import { onHost, onLab, type Stage, say, setStage } from '../stage.ts';
import type { Asked, InstrumentsSpec } from './driver.ts';

const options = {
  seconds: { type: 'string', default: '60' },
  keep: { type: 'boolean', default: false },
} as const;

/** What runs on hosts of each role, beginning with what carries the instruments themselves. */
const units = {
  etcd: ['ssh', 'etcd'],
  master: ['ssh', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  node: ['ssh', 'kube-haproxy', 'kubelet', 'kube-proxy'],
} as const;

/** CPU by host and unit, in nanoseconds. */
type Spent = ReadonlyMap<string, number>;

/**
 * What the instruments cost each host: CPU time of units over a while without a runner, with its connections alone, and with
 * the instruments. What the SSH server spends is the instruments' own; the rest is what the cluster spends on answering them.
 */
export async function instrumentsLoad(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const seconds = Number(values.seconds);
  await onLab(values.keep, async (lab) => {
    const stage = await setStage(lab, 'default');
    await count(stage);
    // The deployment's own work settles.
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
  // What making the connections costs is no part of what keeping them does.
  await delay(3000);
  const spent = await over(stage, seconds);
  return { spent, asked: await stop() };
}

/** Has systemd count CPU time for each unit. */
async function count({ lab, cluster }: Stage): Promise<void> {
  for (const { name, roles } of cluster.hosts) {
    const names = roles.flatMap((role) => units[role]);
    await onHost(
      lab,
      name,
      `for unit in ${names.join(' ')}; do systemctl set-property --runtime $unit.service CPUAccounting=yes; done`,
    );
  }
}

async function over(stage: Stage, seconds: number): Promise<Spent> {
  const before = await read(stage);
  await delay(seconds * 1000);
  const after = await read(stage);
  return new Map([...after].map(([unit, spent]) => [unit, spent - (before.get(unit) ?? 0)]));
}

async function read({ lab, cluster }: Stage): Promise<Spent> {
  const lines = await Promise.all(
    cluster.hosts.map(async ({ name, roles }) => {
      const show = roles
        .flatMap((role) => units[role])
        .map((unit) => `echo ${name} ${unit} $(systemctl show --property=CPUUsageNSec --value ${unit}.service)`);
      return (await onHost(lab, name, show.join('; '))).trim().split('\n');
    }),
  );
  return new Map(
    lines.flat().map((line) => {
      const [host = '', unit = '', spent = ''] = line.split(' ');
      return [`${host} ${unit}`, Number(spent)];
    }),
  );
}

function table(columns: readonly Spent[], seconds: number): string {
  const share = (spent: number | undefined) => `${(((spent ?? 0) / 1e9 / seconds) * 100).toFixed(2)} %`;
  const rows = [...(columns[0]?.keys() ?? [])].map((unit) => [
    ...unit.split(' '),
    ...columns.map((column) => share(column.get(unit))),
  ]);
  const head = ['host', 'unit', 'without', 'connected', 'with instruments'];
  return `CPU of one core\n${[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}
