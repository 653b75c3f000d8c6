import { expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import type { Problem } from '../../src/errors.ts';
import { roles } from '../../src/layout/roles.ts';
import { freeEtcdSpace } from '../../src/phases/free-etcd-space.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const hosts = hostsWith(cluster, 'etcd');
const lasts = [157, 158, 159];
const endpoint = (last: number) => `https://192.168.1.${last}:2379`;

interface Case {
  readonly alarm?: boolean;
  /** Of each member, in MB: the file, its contents, the quota. */
  readonly space?: readonly [number, number, number];
  /** A member that does not answer. */
  readonly lost?: number;
  /** The hosts of the job. Default: all. */
  readonly job?: readonly string[];
  readonly byChoice?: boolean;
  readonly dryRun?: boolean;
  /** MB of each database after its defragmentation. */
  readonly after?: number;
  /** A member finds wrong data after the history was removed. */
  readonly corrupts?: boolean;
}

/** Runs the phase on members of which 158 leads. Returns the commands that change something, and the log. */
async function freed({ alarm = false, space = [200, 90, 2000], after = 90, ...given }: Case) {
  const { run, log } = sceneOf(cluster, { dryRun: given.dryRun ?? false });
  const defragmented = new Set<number>();
  const commands: string[] = [];
  let full = alarm;
  const health = () =>
    lasts.map((last) => ({
      endpoint: endpoint(last),
      health: last !== given.lost && !full,
      ...(full && {
        error: `Active Alarm(s): NOSPACE NOSPACE NOSPACE ${given.corrupts && commands.includes('compact') ? 'CORRUPT ' : ''}`,
      }),
      ...(last === given.lost && { error: 'refused' }),
    }));
  const status = () =>
    lasts.map((last) => ({
      Endpoint: endpoint(last),
      Status: {
        leader: 7,
        header: { member_id: last === 158 ? 7 : last },
        dbSize: (defragmented.has(last) ? after : space[0]) * 1e6,
        dbSizeInUse: (defragmented.has(last) ? after : space[1]) * 1e6,
        dbSizeQuota: space[2] * 1e6,
      },
    }));
  const answer = (command: string): string => {
    if (command.includes('endpoint health')) return `${JSON.stringify(health())}\n---\n${JSON.stringify(status())}`;
    const isOf = (last: number) => command.includes('defrag') && command.includes(`=${endpoint(last)} `);
    const member = lasts.find(isOf);
    if (member !== undefined) defragmented.add(member);
    if (command.includes('alarm disarm')) full = false;
    const what = ['compact', 'defrag', 'disarm'].find((word) => command.includes(word)) ?? command;
    commands.push(`${command.includes(' lock ') ? 'locked ' : ''}${what}${member === undefined ? '' : ` ${member}`}`);
    return '';
  };
  for (const host of hosts) {
    const said = `wal a.wal\nunit active\n${alarm ? 'alarm NOSPACE\n' : ''}`;
    run.inspections.set(
      host.name,
      inspectionOf(host, {}, { scopes: ['etcd'], answers: [{ status: 0, stdout: said }] }),
    );
    run.sessions.set(host.name, {
      ...closable(host, async () => undefined),
      run: async (command) => ({ status: 0, stdout: answer(command), stderr: '' }),
    });
  }
  const names = given.job ?? hosts.map(({ name }) => name);
  const targets = new Map(
    roles.map((role) => [role, hosts.filter(({ name }) => role === 'etcd' && names.includes(name))]),
  );
  const phase = freeEtcdSpace(given.byChoice ?? false);
  const stage = { ...run, targets };
  const runs = phase.when?.(stage) ?? true;
  const error = runs
    ? await errorOf(async () => void (await phase.run(stage, notCancelled))).catch(() => undefined)
    : undefined;
  return { runs, commands, lines: log.lines.join('\n'), error: error as Problem | undefined };
}

test('etcd with space is left alone without the choice', async () => {
  expect(await freed({})).toMatchObject({ runs: false, commands: [] });
});

test('by choice, members with much free space are defragmented under the lock, the leader last', async () => {
  const { commands, lines } = await freed({ byChoice: true });
  expect(commands).toEqual(['locked defrag 157', 'locked defrag 159', 'locked defrag 158']);
  expect(lines).toMatch(/etcd-2: its etcd member is defragmented: 200\.0 MB → 90\.0 MB, \d+ ms$/);
});

test.each<[string, Case, RegExp]>([
  ['little is free', { space: [200, 180, 2000] }, /nothing is defragmented/],
  ['a member does not answer', { lost: 159 }, /not freed: 2 of 3 members healthy/],
  ['another job has the leader’s host', { job: ['etcd-1'] }, /the job of its leader etcd-2 does it/],
  ['it is a dry run', { dryRun: true }, /would free space of etcd on etcd-1, etcd-3, etcd-2/],
])('by choice nothing is defragmented if %s', async (_, given, reason) => {
  const { commands, lines } = await freed({ ...given, byChoice: true });
  expect(commands).toEqual([]);
  expect(lines).toMatch(reason);
});

test('after NOSPACE a run removes the history, defragments without the lock, and disarms the alarm', async () => {
  const { commands, lines, error } = await freed({ alarm: true, space: [100, 100, 100], after: 20 });
  expect(commands).toEqual(['compact', 'defrag 157', 'defrag 159', 'defrag 158', 'disarm']);
  expect(lines).toContain('it takes writes');
  expect(error).toBeUndefined();
});

test('an alarm CORRUPT that comes meanwhile is not disarmed', async () => {
  const { commands, error } = await freed({ alarm: true, space: [100, 100, 100], after: 20, corrupts: true });
  expect(commands).not.toContain('disarm');
  expect(error?.message).toContain('etcd-1: alarm NOSPACE CORRUPT');
});

test('without room the alarm stays, and the run fails with what to do', async () => {
  const { commands, error } = await freed({ alarm: true, space: [100, 100, 100], after: 96 });
  expect(commands).not.toContain('disarm');
  expect(error?.code).toBe('ETCD_SPACE');
  expect(error?.message).toContain('no room on etcd-1, etcd-2, etcd-3');
  // Other jobs may still raise the quota of their members.
  const job = await freed({ alarm: true, space: [100, 100, 100], after: 96, job: ['etcd-2'] });
  expect(job.error).toBeUndefined();
  expect(job.lines).toContain('there is no room on etcd-1');
});
