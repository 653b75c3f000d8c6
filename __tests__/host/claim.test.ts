import { readFileSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import type { Claim, HostSession, OpenOptions } from '../../src/host/engine.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

const first = { as: 'first', waitSeconds: 1 } as const;
const later = { as: 'later', holdSeconds: 60 } as const;
const last = { as: 'last', holdSeconds: 60 } as const;

/** A job of a run, from its first exchange to its end. */
async function job(host: LocalHost, holder: string, claim: Claim, more: Partial<OpenOptions> = {}): Promise<void> {
  const session = await host.open({ holder, claim, ...more });
  if (!more.readOnly) await session.inspect({ claim: true });
  await session.close();
}

/** The first job of a run with more to come. */
async function begin(host: LocalHost, holder: string): Promise<void> {
  const session = await host.open({ holder, claim: first });
  await session.inspect({ claim: true });
  await session.holdClaim(60);
  await session.close();
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw new Error('there was no problem');
}

describe.each(shells)('the claim on a host under %s', (_, shell) => {
  test('keeps another run out between the jobs of a run, until its last job releases the host', async () => {
    using host = new LocalHost(shell);
    await begin(host, 'org/a run 1');
    await job(host, 'org/a run 1', later);
    const refused = await problemOf(host.open({ holder: 'org/b run 2', claim: first }));
    expect(refused.code).toBe('RIVAL_RUN');
    expect(refused.message).toMatch(/org\/a run 1; unless it continues, the reservation ends in (5\d|60) s$/);
    expect(host.log.lines).toContain('local: waiting for org/a run 1 to leave the host');
    await job(host, 'org/a run 1', last, { readOnly: true });
    await job(host, 'org/b run 2', first);
  });

  test('lets a waiting run in as soon as the host is released, and a waiting run holds no lock', async () => {
    using host = new LocalHost(shell);
    await begin(host, 'org/a run 1');
    const waiting = host.open({ holder: 'org/b run 2', claim: { as: 'first', waitSeconds: 40 } });
    await job(host, 'org/a run 1', later);
    await job(host, 'org/a run 1', last, { readOnly: true });
    await (await waiting).close();
  });

  test('ends the later jobs of an overtaken run, even if the other run has released the host', async () => {
    using host = new LocalHost(shell);
    await job(host, 'org/a run 1', first);
    await job(host, 'org/b run 2', first);
    const before = readFileSync(host.path('/run/k8s-ha-action/claim'), 'utf8');
    for (const claim of [later, last]) {
      for (const readOnly of [false, true]) {
        const overtaken = await problemOf(host.open({ holder: 'org/a run 1', claim, readOnly }));
        expect([overtaken.code, overtaken.message]).toEqual([
          'RUN_OVERTAKEN',
          'another run has changed this cluster since: org/b run 2',
        ]);
      }
    }
    expect(readFileSync(host.path('/run/k8s-ha-action/claim'), 'utf8')).toBe(before);
  });

  test('lets a single-job run in, if no other run has the host', async () => {
    using host = new LocalHost(shell);
    await begin(host, 'org/a run 1');
    const refused = await problemOf(host.open({ holder: 'org/b run 2', claim: last, readOnly: true, lockSeconds: 1 }));
    expect(refused.code).toBe('RIVAL_RUN');
    await job(host, 'org/a run 1', last, { readOnly: true });
    await job(host, 'org/b run 2', last, { readOnly: true });
    expect((await problemOf(host.open({ holder: 'org/a run 1', claim: later }))).code).toBe('RUN_OVERTAKEN');
    await job(host, 'org/a run 1', first);
    await job(host, 'org/a run 1', later);
  });

  test('is not taken by a first job that ends before its first exchange', async () => {
    using host = new LocalHost(shell);
    await job(host, 'org/a run 1', { as: 'later', holdSeconds: 0 });
    const looked: HostSession = await host.open({ holder: 'org/b run 2', claim: first });
    await looked.close();
    await job(host, 'org/a run 1', later);
  });

  test('does not affect dry runs, read-only sessions, and a host that has booted since', async () => {
    using host = new LocalHost(shell);
    await (await host.open({ holder: 'org/b run 2', dryRun: true })).close();
    await (await host.open({ holder: 'org/b run 2', readOnly: true })).close();
    expect(() => readFileSync(host.path('/run/k8s-ha-action/claim'))).toThrow('ENOENT');
    await job(host, 'org/a run 1', later);
    expect(readFileSync(host.path('/run/k8s-ha-action/claim'), 'utf8')).toMatch(/^\d+\norg\/a run 1\n$/);
    await (await host.open({ holder: 'org/b run 2', dryRun: true })).close();
  });

  test('refuses a run that was started again after a newer one with another commit: it would bring back an old file', async () => {
    using host = new LocalHost(shell);
    const applies = (id: string) => ({ commit: { id, began: new Date('2026-11-27T20:00:00Z') } });
    await job(host, 'org/a run 11', { ...first, ...applies('aaaa') });
    await job(host, 'org/a run 12', { ...first, ...applies('bbbb') });
    const before = readFileSync(host.path('/run/k8s-ha-action/claim'), 'utf8');
    expect(before).toMatch(/^\d+ bbbb 2026-11-27T20:00:00.000Z\norg\/a run 12\norg\/a run 11\n$/);
    // Run 9 has never had the host.
    for (const run of ['org/a run 11', 'org/a run 9']) {
      for (const claim of [first, last]) {
        const refused = await problemOf(host.open({ holder: run, claim: { ...claim, ...applies('aaaa') } }));
        expect([refused.code, refused.message]).toEqual([
          'RUN_OVERTAKEN',
          'another run has changed this cluster since: org/a run 12, with commit bbbb, at 2026-11-27T20:00:00.000Z',
        ]);
      }
    }
    expect(readFileSync(host.path('/run/k8s-ha-action/claim'), 'utf8')).toBe(before);
  });

  test('lets an older run in that applies the same commit, a newer one, one of another repository, and one by hand', async () => {
    using host = new LocalHost(shell);
    const applies = (id: string) => ({ commit: { id, began: new Date() } });
    await job(host, 'org/a run 11', { ...first, ...applies('aaaa') });
    await job(host, 'org/a run 100', { ...first, ...applies('aaaa') });
    await job(host, 'org/a run 11', { ...first, ...applies('aaaa') });
    await job(host, 'org/a run 101', { ...first, ...applies('bbbb') });
    await job(host, 'org/b run 5', { ...first, ...applies('cccc') });
    await job(host, 'a run by hand on laptop', first);
    // What a run without a commit has applied is not known.
    await job(host, 'org/a run 11', { ...first, ...applies('aaaa') });
  });

  test('expires by itself', async () => {
    using host = new LocalHost(shell);
    await job(host, 'org/a run 1', { as: 'later', holdSeconds: 2 });
    await job(host, 'org/b run 2', { as: 'first', waitSeconds: 30 });
    const problem = await problemOf(host.open({ holder: 'org/a run 1', claim: later }));
    expect(problem).toMatchObject({ code: 'RUN_OVERTAKEN' });
  });
});
