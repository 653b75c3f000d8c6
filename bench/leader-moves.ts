import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { etcdLeader } from '../__tests__/lab/etcd-users.ts';
import { figuresOf, isGood, requestsDriver, type Sample, startRequests } from '../__tests__/lab/requests.ts';
import type { Host } from '../src/cluster/cluster.ts';
import { hostsWith } from '../src/cluster/cluster.ts';
import { holdOnMaster } from '../src/components/etcd-hold.ts';
import { rollingMember } from '../src/components/etcd-rolling.ts';
import { onLab, type Stage, say, setStage } from './stage.ts';

const options = {
  moves: { type: 'string', default: '20' },
  /** `no`: as if no master were reachable. */
  hold: { type: 'string', default: 'yes' },
  keep: { type: 'boolean', default: false },
} as const;

/** Objects that are written ten times a second through each master. */
const objects = ['moves-0', 'moves-1', 'moves-2', 'moves-3'];

interface Move {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

/** Moves etcd's leadership like a roll, under 120 writes a second through three masters: measures which writes fail, and how long they are delayed. */
export async function leaderMoves(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  await onLab(values.keep, async (lab) => {
    const stage = await setStage(lab, 'default');
    const stop = await write(stage);
    const moves: Move[] = [];
    for (let left = Number(values.moves); left > 0; left -= 1) {
      await delay(1000);
      moves.push(await move(stage, values.hold !== 'no'));
    }
    await delay(2000);
    report(await stop(), moves);
  });
}

async function write({ lab, cluster, kubectl }: Stage): Promise<() => Promise<Sample[]>> {
  const maps = objects.map((name) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }));
  await kubectl.must(['apply', '-f', '-'], { input: maps.join('\n---\n') });
  const part = async (name: string) => {
    const line = `sed -n 's/^ *${name}: "\\?\\([^"]*\\)"\\?$/\\1/p' /etc/kubernetes/admin.conf | base64 -d`;
    return (await lab.exec('master-1', ['sh', '-c', line])).stdout;
  };
  const [ca = '', cert = '', key = ''] = await Promise.all(
    ['certificate-authority-data', 'client-certificate-data', 'client-key-data'].map(part),
  );
  const writes = hostsWith(cluster, 'master').flatMap(({ name, address }) =>
    objects.map((object) => [
      `${name} ${object}`,
      `https://${address}:${cluster.api.port}/api/v1/namespaces/default/configmaps/${object}`,
    ]),
  );
  const spec = { targets: {}, writes: Object.fromEntries(writes), kept: true, everyMs: 100, timeoutMs: 20_000 };
  return await startRequests(['nsenter', `--net=${lab.netns}`, ...requestsDriver], { ...spec, ca, cert, key });
}

/** As in rolling.sh (roll_hold), with the masters reached by the lab. */
async function move({ lab, cluster }: Stage, held: boolean): Promise<Move> {
  const leader = await etcdLeader(lab, hostsWith(cluster, 'etcd'));
  const host = cluster.hosts.find(({ name }) => name === leader) as Host;
  const { hold, before = '' } = rollingMember(cluster, host) ?? {};
  const run = async (on: string, line: string) =>
    (await lab.exec(on, ['sh', '-c', `export TMPDIR=/root\n${line}`])).status;
  const from = Date.now();
  let status = 1;
  let tries = 0;
  while (held && hold && status === 1 && tries < 3) {
    tries += 1;
    await run(leader, hold.needed);
    const masters = hostsWith(cluster, 'master').map((master) => run(master.name, holdOnMaster(cluster, master)));
    [status = 1] = await Promise.all([run(leader, `export HOLD_TRY=${tries}\n${hold.work}`), ...masters]);
  }
  if (status !== 0) await run(leader, before);
  return { from, to: Date.now(), what: status === 0 ? `held, try ${tries}` : 'not held' };
}

function report(samples: readonly Sample[], moves: readonly Move[]): void {
  const seconds = (Math.max(...samples.map(({ at }) => at)) - Math.min(...samples.map(({ at }) => at))) / 1000;
  for (const { from, to, what } of moves) {
    const during = samples.filter(({ at, ms }) => at + ms >= from && at <= to);
    const failed = during.filter((sample) => !isGood(sample)).length;
    say(
      `${what}: ${to - from} ms, ${failed} writes failed, the slowest took ${Math.max(0, ...during.map(({ ms }) => ms))} ms`,
    );
  }
  say(`${Math.round(samples.length / seconds)} writes a second: ${figuresOf(samples)}`);
}
