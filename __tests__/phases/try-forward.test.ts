import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { Problem, problemsOf } from '../../src/errors.ts';
import { hostChecks } from '../../src/phases/check-hosts.ts';
import { tryForward } from '../../src/phases/try-forward.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const forbidden = new Problem('the host’s SSH server forwards no connection', { code: 'FORWARD_FORBIDDEN' });
const closed = new Problem('the host cannot reach 10.0.0.1:6443: Connection refused', { code: 'FORWARD_FAILED' });

/** The hosts that were asked, and what the phase said. `answer`: of a host's forward. */
async function tried(answer: Problem | PassThrough, inPlace: readonly string[] = []) {
  const { run } = sceneOf(cluster, { dryRun: true });
  const asked: string[] = [];
  for (const host of cluster.hosts) {
    const scopes = inPlace.includes(host.name) ? host.roles : [];
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: [...scopes] }));
    const forward = async (address: string, port: number) => {
      asked.push(`${host.name} ${address}:${port}`);
      if (answer instanceof Problem) throw answer.within({ host: host.name });
      return answer;
    };
    run.sessions.set(host.name, { ...closable(host, async () => undefined), forward });
  }
  const work = async () => {
    if (tryForward.when?.(run) ?? true) await tryForward.run(run, notCancelled);
    return [];
  };
  const problems = await work().catch((error: unknown) => problemsOf(error));
  return { asked, said: problems.map((each) => [(each as Problem).code, (each as Problem).fields.host]) };
}

const masters = ['master-1', 'master-2', 'master-3'];
const endpoint = (name: string) => `${name} ${hostOf(cluster, name).address}:6443`;

test('a new master whose SSH server keeps the runner from the API is refused, by a plan too', async () => {
  expect(hostChecks).toContain(tryForward);
  const { asked, said } = await tried(forbidden);
  expect(asked).toEqual(masters.map(endpoint));
  expect(said).toEqual(masters.map((name) => ['FORWARD_FORBIDDEN', name]));
});

test('a port on which nothing listens yet says that the way is open, and an open one is closed again', async () => {
  expect((await tried(closed)).said).toEqual([]);
  const stream = new PassThrough();
  expect((await tried(stream)).said).toEqual([]);
  expect(stream.destroyed).toBe(true);
});

test('masters that are in place are not asked for it', async () => {
  expect((await tried(forbidden, masters)).asked).toEqual([]);
  expect((await tried(closed, ['master-1', 'master-3'])).asked).toEqual([endpoint('master-2')]);
});
