import { describe, expect, test } from '@jest/globals';
import type { Host } from '../../src/cluster/cluster.ts';
import { abortedBefore, describeProblem, Problem, problemsOf } from '../../src/errors.ts';
import type { gatherFacts } from '../../src/phases/gather-facts.ts';
import { onHosts } from '../../src/phases/on-hosts.ts';
import type { AnyPhase, InOrder, Phase, StagePhase } from '../../src/phases/phase.ts';
import { allTargets, newRun, type Run, targetsOf } from '../../src/phases/run.ts';
import { runPhases } from '../../src/phases/run-phases.ts';
import { type Connected, inspectionOf, type Prepared, secretsOf, sessionOf } from '../../src/phases/stages.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const phase = (title: string, run: Phase['run'] = async () => undefined): Phase => ({ title, run });
const fieldsOf = (error: unknown) => problemsOf(error).map((part) => (part instanceof Problem ? part.fields : part));

describe('The hosts of a run', () => {
  test('are all of the cluster if no role is named, each once even with several roles', () => {
    const { run } = sceneOf(smallCluster());
    expect(allTargets(run)).toEqual(run.cluster.hosts);
    expect(targetsOf(run, 'etcd').map(({ name }) => name)).toEqual(['master-1', 'master-2', 'master-3']);
  });

  test('are those of a matrix job, in the order of the file for any request', () => {
    const { run } = sceneOf(seed, { targets: new Map([['master', ['master-3', 'master-1']]]) });
    expect(allTargets(run).map(({ name }) => name)).toEqual(['master-1', 'master-3']);
    expect(targetsOf(run, 'node')).toEqual([]);
  });
});

describe('Phases', () => {
  test('run in order under their titles, and their times are kept', async () => {
    const { run, log } = sceneOf(seed);
    await runPhases(run, [phase('One', async () => log.info('work of one')), phase('Two')]);
    expect(log.lines).toEqual(['== One', 'work of one', '== Two']);
    expect(run.timings.map((timing) => timing.phase)).toEqual(['One', 'Two']);
  });

  test('stop at the first that fails; its problems have its title, and its time is kept as well', async () => {
    const { run, log } = sceneOf(seed);
    const broken = phase('Two', async () => {
      throw new Problem('no', { code: 'HOST_CLOCK', host: 'node-1' });
    });
    const error = await errorOf(() => runPhases(run, [phase('One'), broken, phase('Three')]));
    expect(fieldsOf(error)).toEqual([expect.objectContaining({ code: 'HOST_CLOCK', host: 'node-1', phase: 'Two' })]);
    expect(log.lines).toEqual(['== One', '== Two']);
    expect(run.timings).toHaveLength(2);
  });

  test('without work are skipped without a heading and without a time', async () => {
    const { run, log } = sceneOf(seed);
    const never = { ...phase('Two', () => Promise.reject(new Error('never'))), when: () => false };
    await runPhases(run, [phase('One'), never, { ...phase('Three'), when: ({ dryRun }: Run) => !dryRun }]);
    expect(log.lines).toEqual(['== One', '== Three']);
    expect(run.timings.map((timing) => timing.phase)).toEqual(['One', 'Three']);
  });

  test('keep a defect unchanged, with its stack', async () => {
    const { run } = sceneOf(seed);
    const defect = new TypeError('x is not a function');
    const error = await errorOf(() => runPhases(run, [phase('One', () => Promise.reject(defect))]));
    expect(problemsOf(error)).toEqual([defect]);
  });

  test.each([
    ['all went well', false],
    ['one failed', true],
  ])('close every connection if %s, even if one does not close', async (_, fails) => {
    const { run } = sceneOf(seed);
    const closed: string[] = [];
    for (const host of seed.hosts) {
      const close = async (): Promise<void> => {
        closed.push(host.name);
        if (host.name === 'master-1') throw new Error('the connection is gone');
      };
      run.sessions.set(host.name, closable(host, close));
    }
    const work = phase('One', () => (fails ? Promise.reject(new Error('no')) : Promise.resolve()));
    await runPhases(run, [work]).catch(() => undefined);
    expect(closed).toEqual(seed.hosts.map(({ name }) => name));
    expect(run.sessions.size).toBe(0);
  });
});

describe('A run that is cancelled', () => {
  const why = new Problem('the run was cancelled', { code: 'RUN_CANCELLED', hint: 'Run it again.' });
  const never = () => new Promise<never>(() => undefined);

  /** Runs phases of which the first cancels the run. */
  async function cancelledIn(run: Run, first: Phase['run'], graceMs = 50) {
    const controller = new AbortController();
    const work: Phase['run'] = async (stage, signal) => {
      setTimeout(() => controller.abort(why), 10);
      await first(stage, signal);
    };
    const phases = [phase('One', work), phase('Two')];
    return fieldsOf(await errorOf(() => runPhases(run, phases, { signal: controller.signal, graceMs })));
  }

  test('ends with the cancellation as its only problem, once for all awaited hosts, and begins no other phase', async () => {
    const { run, log } = sceneOf(seed);
    const fields = await cancelledIn(run, async (_, signal) => void (await onHosts(seed.hosts, never, signal)));
    expect(fields).toEqual([{ ...why.fields, host: undefined, phase: 'One' }]);
    expect(log.lines).toEqual(['== One']);
  });

  test('names the hosts that were not done, with what they lacked', async () => {
    const { run } = sceneOf(seed);
    const controller = new AbortController();
    const lacking = new Map([['node-1', 'it never registered']]);
    const slow = phase('One', async (_, signal) => {
      setTimeout(() => controller.abort(why), 10);
      const hosts = seed.hosts.filter(({ name }) => name !== 'node-1');
      const done = ({ name }: Host) => (name === 'etcd-1' ? Promise.resolve() : never());
      await onHosts(hosts, done, signal).catch((error: unknown) => {
        throw new AggregateError([error, abortedBefore(signal.reason, lacking)]);
      });
    });
    const error = await errorOf(() => runPhases(run, [slow], { signal: controller.signal }));
    expect(problemsOf(error).map(describeProblem)).toEqual([
      'the run was cancelled; not done: master-1, master-2, master-3, etcd-2, etcd-3, node-1\n  → Run it again.',
    ]);
    expect(fieldsOf(error)).toMatchObject([{ phase: 'One', detail: ['node-1: it never registered'] }]);
  });

  test('waits for the clean-up of its phase, and reports errors of the clean-up', async () => {
    const { run } = sceneOf(seed);
    let cleaned = false;
    const cleaning: Phase['run'] = async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 30));
      cleaned = true;
      throw new Problem('it stays off', { code: 'POWER_COMMAND_FAILED' });
    };
    const fields = await cancelledIn(run, cleaning, 10_000);
    expect(cleaned).toBe(true);
    expect(fields.map((each) => Reflect.get(Object(each), 'code'))).toEqual(['RUN_CANCELLED', 'POWER_COMMAND_FAILED']);
  });

  test('does not wait for a phase that ignores the signal, and cuts every connection', async () => {
    const { run } = sceneOf(seed);
    let closed = 0;
    const close = async (abruptly?: boolean) => {
      if (abruptly) closed += 1;
    };
    for (const host of seed.hosts) run.connections.set(host.name, closable(host, close));
    const begin = performance.now();
    expect(await cancelledIn(run, never)).toHaveLength(1);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(closed).toBe(seed.hosts.length);
  });

  test('does not begin if it was cancelled before', async () => {
    const { run, log } = sceneOf(seed);
    const error = await errorOf(() => runPhases(run, [phase('One')], { signal: AbortSignal.abort(why) }));
    expect(fieldsOf(error)).toMatchObject([{ code: 'RUN_CANCELLED' }]);
    expect(log.lines).toEqual(['== One']);
  });
});

describe('Work on many hosts', () => {
  test('runs on all in parallel, and returns its results in the order of the hosts', async () => {
    let begun = 0;
    const all = Promise.withResolvers<void>();
    const results = await onHosts(seed.hosts, async ({ name }) => {
      begun += 1;
      if (begun === seed.hosts.length) all.resolve();
      await all.promise;
      return name;
    });
    expect(results).toEqual(seed.hosts.map(({ name }) => name));
  });

  test('continues on the others if one fails, and each failure names its host', async () => {
    const done: string[] = [];
    const error = await errorOf(() =>
      onHosts(seed.hosts, async ({ name }) => {
        if (name.startsWith('etcd')) throw new Problem(`${name} is down`, { code: 'HOST_UNREACHABLE' });
        done.push(name);
      }),
    );
    expect(done).toEqual(['master-1', 'master-2', 'master-3', 'node-1']);
    expect(fieldsOf(error).map((fields) => (fields as { host?: string }).host)).toEqual(['etcd-1', 'etcd-2', 'etcd-3']);
    expect(String(error)).toContain('3 of 7 hosts failed');
  });

  test('keeps the host that a problem already names, and separates nested problems', async () => {
    const host = hostOf(seed, 'node-1');
    const inner = [new Problem('a', { code: 'HOST_DISK', host: 'master-1' }), new Problem('b', { code: 'HOST_DISK' })];
    const error = await errorOf(() => onHosts([host], () => Promise.reject(new AggregateError(inner))));
    expect(fieldsOf(error)).toEqual([
      expect.objectContaining({ host: 'master-1' }),
      expect.objectContaining({ host: 'node-1' }),
    ]);
  });

  test('does nothing without hosts', async () => {
    expect(await onHosts([], () => Promise.reject(new Error('never')))).toEqual([]);
  });
});

describe('The results of phases for later ones', () => {
  test('arrive there', async () => {
    const { run } = sceneOf(seed);
    const host = hostOf(seed, 'node-1');
    const session = closable(host, async () => undefined);
    const connect: Connecting = { title: 'Connect', run: async () => ({ sessions: new Map([[host.name, session]]) }) };
    const used: unknown[] = [];
    const use: Phase<Connected> = { title: 'Use', run: async (stage) => void used.push(sessionOf(stage, host)) };
    await runPhases(run, [connect, phase('Between'), use]);
    expect(used).toEqual([session]);
  });

  test('are compared with their needs by the compiler', () => {
    // Assignments that do not compile if a list is judged wrongly.
    const answers: [
      Fits<readonly [Connecting, Facts, Changing]>,
      Fits<readonly [Facts, Connecting]>,
      Fits<readonly [Connecting, Changing]>,
      Fits<readonly [Phase, ...Changing[]]>,
      Fits<readonly [Opening, Connecting, Facts, Phase, ...Changing[]]>,
    ] = ['no', 'no', 'no', 'no', 'yes'];
    expect(answers).toHaveLength(5);
  });

  test('are missing for a host that is not part of the run: a defect', () => {
    const { run } = sceneOf(seed);
    const host = hostOf(seed, 'node-1');
    expect(() => sessionOf(run, host)).toThrow('no connection to node-1');
    expect(() => inspectionOf(run, host)).toThrow('node-1 has not been inspected');
    expect(() => secretsOf(run, host)).toThrow('no secrets for node-1');
  });
});

type Connecting = StagePhase<Run, Pick<Connected, 'sessions'>>;
type Opening = StagePhase<Run, Pick<Prepared, 'secrets'>>;
type Facts = typeof gatherFacts;
type Changing = Phase<Prepared>;
type Fits<List extends readonly AnyPhase[]> = List extends InOrder<List, Run> ? 'yes' : 'no';

test('Two runs share nothing', () => {
  const parts = {
    cluster: seed,
    access: { knownHosts: '' },
    dryRun: false,
    name: 'a run',
    log: sceneOf(seed).log,
    mask: () => undefined,
  };
  const [one, two] = [newRun(parts), newRun(parts)];
  one.objects.push('ConfigMap x');
  expect(two.objects).toEqual([]);
});
