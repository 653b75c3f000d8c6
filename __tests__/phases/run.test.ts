import { describe, expect, test } from '@jest/globals';
import { Problem, problemsOf } from '../../src/errors.ts';
import {
  allTargets,
  inspectionOf,
  newRun,
  onHosts,
  type Phase,
  runPhases,
  secretsOf,
  sessionOf,
  targetsOf,
} from '../../src/phases/run.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const phase = (title: string, run: Phase['run'] = async () => undefined): Phase => ({ title, run });
const fieldsOf = (error: unknown) => problemsOf(error).map((part) => (part instanceof Problem ? part.fields : part));

describe('The hosts of a run', () => {
  test('are all of the cluster when no role is named, each once though it has several roles', () => {
    const { run } = sceneOf(smallCluster());
    expect(allTargets(run)).toEqual(run.cluster.hosts);
    expect(targetsOf(run, 'etcd').map(({ name }) => name)).toEqual(['master-1', 'master-2', 'master-3']);
  });

  test('are those of a matrix job, in the order of the file whatever was asked', () => {
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

  test('stop at the first that fails; its problems carry its title, and its time is kept as well', async () => {
    const { run, log } = sceneOf(seed);
    const broken = phase('Two', async () => {
      throw new Problem('no', { code: 'HOST_CLOCK', host: 'node-1' });
    });
    const error = await errorOf(() => runPhases(run, [phase('One'), broken, phase('Three')]));
    expect(fieldsOf(error)).toEqual([expect.objectContaining({ code: 'HOST_CLOCK', host: 'node-1', phase: 'Two' })]);
    expect(log.lines).toEqual(['== One', '== Two']);
    expect(run.timings).toHaveLength(2);
  });

  test('keep a defect as it is, with its stack', async () => {
    const { run } = sceneOf(seed);
    const defect = new TypeError('x is not a function');
    const error = await errorOf(() => runPhases(run, [phase('One', () => Promise.reject(defect))]));
    expect(problemsOf(error)).toEqual([defect]);
  });

  test.each([
    ['all went well', false],
    ['one failed', true],
  ])('close every connection when %s, also past one that does not close', async (_, fails) => {
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

describe('Work on many hosts', () => {
  test('is done on all at once, and gives its results in the order of the hosts', async () => {
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

  test('is done on the others though one fails, and each failure names its host', async () => {
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

  test('keeps the host that a problem names itself, and takes nested ones apart', async () => {
    const host = hostOf(seed, 'node-1');
    const inner = [new Problem('a', { code: 'HOST_DISK', host: 'master-1' }), new Problem('b', { code: 'HOST_DISK' })];
    const error = await errorOf(() => onHosts([host], () => Promise.reject(new AggregateError(inner))));
    expect(fieldsOf(error)).toEqual([
      expect.objectContaining({ host: 'master-1' }),
      expect.objectContaining({ host: 'node-1' }),
    ]);
  });

  test('on no host is no work', async () => {
    expect(await onHosts([], () => Promise.reject(new Error('never')))).toEqual([]);
  });
});

test('What no earlier phase has brought is a defect, told by the phase that is missing', () => {
  const { run } = sceneOf(seed);
  const host = hostOf(seed, 'node-1');
  expect(() => sessionOf(run, host)).toThrow('connect-hosts');
  expect(() => inspectionOf(run, host)).toThrow('gather-facts');
  expect(() => secretsOf(run, host)).toThrow('prepare-secrets or open-bundles');
});

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
