import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { type Election, onHost, onLab, type Stage, say, setStage } from '../stage.ts';

const options = {
  election: { type: 'string', default: 'default' },
  trials: { type: 'string', default: '10' },
  keep: { type: 'boolean', default: false },
} as const;

const leases = ['kube-controller-manager', 'kube-scheduler'] as const;
const units = leases.join(' ');

/** What an administrator does: stops the leaders' units, or shuts the host down. */
const ways = {
  'systemctl stop': `systemctl stop --no-block ${units}`,
  'systemctl poweroff': 'systemctl poweroff',
} as const;
type Way = keyof typeof ways;

/** How long it takes until other hosts hold both leases when a host that holds both is stopped in a planned way. */
export async function plannedStops(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  await onLab(values.keep, async (lab) => {
    for (const election of values.election.split(',') as Election[]) {
      const stage = await setStage(lab, election);
      for (const way of Object.keys(ways) as Way[]) await series(stage, way, Number(values.trials));
    }
  });
}

async function series(stage: Stage, way: Way, trials: number): Promise<void> {
  const took: number[] = [];
  for (let turn = 0; turn < trials; turn += 1) {
    const target = await giveBothLeases(stage);
    // Followers should be at a random point between two of their checks.
    await delay(5000 + Math.random() * 5000);
    const ms = await stopOnce(stage, target, way);
    took.push(ms);
    say(`${way} of ${target}, election ${stage.cluster.election}: both leases elsewhere after ${ms} ms`);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  say(
    `${way}, election ${stage.cluster.election}, ${trials} trials: median ${median} ms, worst ${sorted.at(-1)} ms, load average ${loadavg()[0]?.toFixed(1)}`,
  );
}

interface Held {
  readonly by: string | undefined;
  readonly acquiredAt: number;
}

async function readLease({ kubectl, cluster }: Stage, name: string): Promise<Held> {
  const { spec } = JSON.parse(await kubectl.must(['get', 'lease', '-n', 'kube-system', name, '-o', 'json']));
  const nodeName = String(spec.holderIdentity).split('_')[0];
  return {
    by: cluster.hosts.find((host) => host.nodeName === nodeName)?.name,
    acquiredAt: Date.parse(spec.acquireTime),
  };
}

/** Makes the controller-manager's leader also the scheduler's: the other candidates stop for a moment. */
async function giveBothLeases(stage: Stage): Promise<string> {
  const { by: target = '' } = await readLease(stage, leases[0]);
  const others = hostsWith(stage.cluster, 'master').filter(({ name }) => name !== target);
  const all = (line: string) => Promise.all(others.map(({ name }) => onHost(stage.lab, name, line)));
  if ((await readLease(stage, leases[1])).by === target) return target;
  await all(`systemctl stop ${leases[1]}`);
  while ((await readLease(stage, leases[1])).by !== target) await delay(250);
  await all(`systemctl start ${leases[1]}`);
  return target;
}

/** One stop, by the clock that all hosts of the lab share; the host runs again when this returns. */
async function stopOnce(stage: Stage, target: string, way: Way): Promise<number> {
  const { lab } = stage;
  const began = Number(await onHost(lab, target, `date +%s%3N; ${ways[way]}`));
  const ready = 'timeout 3 kubectl --kubeconfig=/etc/kubernetes/admin.conf get --raw /readyz';
  if (way === 'systemctl poweroff') {
    await lab.powerOff(target);
    await lab.powerOn(target);
    await onHost(lab, target, `until ${ready} >/dev/null 2>&1; do sleep 0.5; done`);
  }
  // The lease itself records when it was taken, so it can be read later.
  const taken = await Promise.all(leases.map((name) => takenBy(stage, name, target)));
  await onHost(lab, target, `systemctl start ${units}`);
  return Math.max(...taken) - began;
}

/** When another host took a lease, from the lease itself. */
async function takenBy(stage: Stage, name: string, from: string): Promise<number> {
  for (;;) {
    const { by, acquiredAt } = await readLease(stage, name).catch((): Held => ({ by: undefined, acquiredAt: 0 }));
    if (by !== undefined && by !== from) return acquiredAt;
    await delay(200);
  }
}
