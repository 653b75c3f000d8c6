import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { askReadiness, askThroughBalancer, readinessEveryMs } from '../balancer-client.ts';
import { note, seconds } from '../note.ts';
import { badWindows, figuresOf, isGood, overlapping, type Sample, type Window } from '../requests.ts';
import { masters, seedHosts } from '../seed-hosts.ts';
import { act, clusterText, lab, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { absences, overlaps, unitEvents } from '../starts.ts';
import { restartedBetween, unitStarts } from '../unit-starts.ts';

const apiservers = masters.map(({ name }) => `${name}/kube-apiserver`);

/** The observations of a roll, from before its first to after its last restart. */
interface Roll {
  readonly result: ActionResult;
  readonly restarted: readonly string[];
  readonly clients: readonly Sample[];
  readonly unready: readonly Window[];
  readonly since: number;
}

async function roll(inputs: Readonly<Record<string, string>>): Promise<Roll> {
  const before = await unitStarts();
  const since = Date.now();
  const [stopClients, stopReadiness] = [await askThroughBalancer(), await askReadiness()];
  const marks: [at: number, text: string][] = [];
  const result = await act('deploy', inputs, { onLine: ({ text }) => void marks.push([Date.now() - since, text]) });
  const [clients, readiness] = await Promise.all([stopClients(), stopReadiness()]);
  succeeded(result);
  const unready = badWindows(readiness);
  await tell({ result, clients, unready, since }, marks);
  return { result, restarted: restartedBetween(before, await unitStarts()), clients, unready, since };
}

/** Data for a reader, if this is slower than expected. */
async function tell(
  { result, clients, unready, since }: Omit<Roll, 'restarted'>,
  marks: readonly (readonly [number, string])[],
): Promise<void> {
  note(`three API servers rolled in ${seconds(result.milliseconds)}; new connections: ${figuresOf(clients)}`);
  for (const { target, from, to } of unready)
    note(`  ${target} was not ready from ${from - since} to ${to - since} ms`);
  const events = await unitEvents(
    seedHosts.map(({ name }) => name),
    since,
  );
  const seen = events.map(({ host, unit, what, at }) => [Math.round(at - since), `${host} ${unit} ${what}`] as const);
  for (const [at, text] of [...marks, ...seen].toSorted(([one], [other]) => one - other))
    if (/kube-|restart| s$/.test(text)) note(`  ${String(at).padStart(6)} ms ${text}`);
}

/**
 * A leader whose API server is away for longer than its 10 s to renew ends, and systemd starts it again. A quiet machine is
 * not that slow: there, this excuses nothing. An API server that never came back is never excused.
 */
function gaveUpItsLead(unit: string, { unready }: Roll): boolean {
  const [host, name] = unit.split('/');
  const away = unready.filter(({ target }) => target === host).map(({ from, to }) => to - from);
  const longest = Math.max(0, ...away);
  const excused =
    longest > 10_000 && longest < 60_000 && (name === 'kube-controller-manager' || name === 'kube-scheduler');
  if (excused) note(`${unit} restarted: its API server was away for ${longest} ms`);
  return excused;
}

describe.each([
  ['a new flag of the API servers', true],
  ['the same flag removed again', false],
])('%s', (_, added) => {
  let seen: Roll;

  beforeAll(async () => {
    if (added) await standingCluster();
    const file = join(lab.stateDir, 'changed.yaml');
    const apiServer = { extraArgs: [{ name: 'v', value: '1' }] };
    writeFileSync(file, stringify({ ...parse(clusterText()), apiServer }));
    seen = await roll(added ? { cluster: file } : {});
  }, 600_000);

  test('restarts each of them, and no other unit in the cluster', async () => {
    expect(seen.restarted.filter((unit) => !gaveUpItsLead(unit, seen)).toSorted()).toEqual(apiservers);
    const reported = JSON.parse(seen.result.outputs.restarted ?? '').toSorted();
    expect(reported).toEqual(apiservers.map((unit) => `${unit}.service`));
    for (const { name } of masters) {
      const flags = await onHost(name, `tr '\\0' '\\n' </proc/$(systemctl show -P MainPID kube-apiserver)/cmdline`);
      expect(/^--v=1$/m.test(flags)).toBe(added);
    }
  });

  test('restarts them one at a time', async () => {
    const events = await unitEvents(
      masters.map(({ name }) => name),
      seen.since,
    );
    expect(
      absences(events, 'kube-apiserver.service')
        .map(({ host }) => host)
        .toSorted(),
    ).toEqual(masters.map(({ name }) => name));
    expect(overlaps(events, 'kube-apiserver.service')).toEqual([]);
    // Seen from outside: never two that are not ready.
    expect(new Set(seen.unready.map(({ target }) => target)).size).toBe(3);
    expect(overlapping(seen.unready, readinessEveryMs)).toEqual([]);
  });

  test('fails none of the new connections of a client on the node', () => {
    expect(seen.clients.length).toBeGreaterThan(50);
    expect(seen.clients.filter((sample) => !isGood(sample))).toEqual([]);
  });

  test('is complete in time', () => {
    expect(seen.result.milliseconds).toBeLessThan(120_000);
  });
});
