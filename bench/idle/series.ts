import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { inNetworkOf } from '../../lab/networks.ts';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { startDriver } from '../driver.ts';
import { type Election, onHost, onLab, type Stage, say, setStage } from '../stage.ts';
import { restarted, startsOf } from '../unit-starts.ts';
import type { StormFigures, StormSpec } from './storm-driver.ts';

const options = {
  minutes: { type: 'string', default: '10' },
  election: { type: 'string', default: 'fast' },
  burners: { type: 'string', default: '2' },
  'per-second': { type: 'string', default: '20' },
  keep: { type: 'boolean', default: false },
} as const;

const leases = ['kube-controller-manager', 'kube-scheduler'];

/** Whether leases stay with their holders while the only trouble is a high load. */
export async function idleElection(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const election: Election = values.election === 'default' ? 'default' : 'fast';
  const [minutes, burners, perSecond] = [Number(values.minutes), Number(values.burners), Number(values['per-second'])];
  await onLab(values.keep, async (lab) => {
    const stage = await setStage(lab, election);
    const masters = hostsWith(stage.cluster, 'master');
    // Until the deployment's own work and the start of the first leaders are over.
    await delay(15_000);
    await burn(stage, burners, minutes);
    const spec: StormSpec = {
      adminConf: readFileSync(stage.kubectl.kubeconfig, 'utf8'),
      port: stage.cluster.api.localPort,
      perSecond,
    };
    const stop = await startDriver<readonly StormFigures[]>(
      'idle/storm-driver.ts',
      (argv) => inNetworkOf(lab, stage.node, argv),
      spec,
    );
    const [before, starts] = [await transitions(stage), await startsOf(lab, masters)];
    const loads = await watchFor(stage, minutes * 60_000, before);
    const [after, restarts] = [await transitions(stage), restarted(starts, await startsOf(lab, masters))];
    const storm = await stop();
    const moved = leases.map((lease, index) => `${lease} ${(after[index] ?? 0) - (before[index] ?? 0)}`).join(', ');
    say(
      `election ${election}, ${minutes} min, ${burners} burners, load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
    );
    for (const { kind, requests, failed, medianMs, slowestMs, errors } of storm) {
      const words = errors.map(({ error, count }) => `, ${count} by: ${error}`).join('');
      say(`${kind}: ${failed} of ${requests} failed, median ${medianMs} ms, slowest ${slowestMs} ms${words}`);
    }
    say(`leases with a new holder: ${moved}; restarted units: ${restarts.join(', ') || 'none'}`);
  });
}

/** Busy loops on the masters in turn, which systemd ends when the time is over. */
async function burn({ lab, cluster }: Stage, count: number, minutes: number): Promise<void> {
  const masters = hostsWith(cluster, 'master');
  for (let index = 0; index < count; index += 1) {
    const host = masters[index % masters.length]?.name ?? '';
    const most = `--property=RuntimeMaxSec=${Math.ceil(minutes * 60 + 60)}`;
    await onHost(
      lab,
      host,
      `systemd-run --quiet --collect --unit=bench-burner-${index} ${most} sh -c 'while :; do :; done'`,
    );
  }
}

/** Logs the state from time to time during a long run; returns the machine's load averages. */
async function watchFor(stage: Stage, ms: number, before: readonly number[]): Promise<readonly number[]> {
  const end = performance.now() + ms;
  const loads: number[] = [];
  while (performance.now() < end) {
    await delay(Math.min(30_000, Math.max(0, end - performance.now())));
    loads.push(loadavg()[0] ?? 0);
    const now = await transitions(stage);
    const moved = now.map((count, index) => count - (before[index] ?? 0));
    say(`load average ${loads.at(-1)?.toFixed(1)}, leases that went over so far: ${moved.join(' and ')}`);
  }
  return loads;
}

async function transitions({ kubectl }: Stage): Promise<readonly number[]> {
  const path = '-o=jsonpath={.spec.leaseTransitions}';
  const counts = leases.map(async (lease) =>
    Number(await kubectl.must(['get', 'lease', '-n', 'kube-system', lease, path])),
  );
  return await Promise.all(counts);
}
