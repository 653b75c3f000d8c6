import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { problemsOf } from '../../src/errors.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { readRecord, waitForApiServer } from '../../src/kubernetes/index.ts';
import { applyMasters } from '../../src/phases/apply-masters.ts';
import type { GateCommand, Run } from '../../src/phases/run.ts';
import { paths, secretFile } from '../../src/pki/index.ts';
import { everySecret } from '../components/support.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from '../phases/scene.ts';
import { type ControlPlane, localTunnel, startControlPlane } from './local-control-plane.ts';

// The roll of masters with upgrade.gate: real API servers, which restart when their host is changed. Only the hosts are invented.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ masters: 2 });
}, 600_000);
afterAll(async () => await plane?.[Symbol.asyncDispose]());

/** Another version than that of the API servers here. */
const clusterOf = () =>
  parseCluster(
    `name: gated
kubernetesVersion: 1.37.9
api: { port: ${plane.port} }
upgrade: { gate: 'true' }
hosts:
  - { name: etcd, address: 10.1.2.20, roles: [etcd, node] }
${plane.masters.map(({ name, address }) => `  - { name: ${name}, address: ${address}, roles: [master] }`).join('\n')}
`,
    'cluster.yaml',
  );

/** A run of the masters job of some hosts; each step is recorded. */
function jobOf(names: readonly string[], attempt: string, gate: GateCommand) {
  const cluster = clusterOf();
  const steps: string[] = [];
  const { run, log } = sceneOf(cluster, { name: 'run 1', attempt, targets: new Map([['master', names]]), gate });
  for (const master of plane.masters) {
    const host = hostOf(cluster, master.name);
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: ['master'] }));
    const secrets = everySecret(cluster, host);
    const others = secrets.files.filter(({ path }) => path !== paths.adminConf);
    run.secrets.set(host.name, { ...secrets, files: [...others, secretFile(paths.adminConf, plane.adminConf)] });
    run.sessions.set(host.name, {
      ...closable(host, async () => undefined),
      forward: localTunnel(master).forward,
      apply: restarting(host.name, steps),
    });
  }
  return { run, log, steps, work: () => applyMasters.run(run, notCancelled) };
}

/** As the host does it: one API server at a time, until it is ready again. */
function restarting(name: string, steps: string[]): HostSession['apply'] {
  return async () => {
    steps.push(`${name} changed`);
    const master = plane.masters.find((each) => each.name === name);
    await master?.end('SIGKILL');
    master?.start();
    if (master) await waitForApiServer(master.api, { timeoutMs: 60_000 });
    return { changes: [], started: [], restarted: [], milliseconds: 1 };
  };
}

/** A gate that records for which hosts it ran, and ends with these statuses in turn. */
function gateOf(steps: () => string[], ...statuses: readonly number[]): GateCommand {
  const left = [...statuses];
  return async (_cluster, { name }, role) => {
    steps().push(`gate of ${name} (${role})`);
    return { status: left.shift() ?? 0, output: 'password=hunter2222\u001b[31m\nthe site is slow\n' };
  };
}

const kept = async () => [...(await readRecord(plane.api, 'k8s-ha-action-upgrade'))];
const pending = async () => (await kept()).filter(([key]) => key.startsWith('gate.'));
const codes = (error: unknown) => problemsOf(error).map((each) => Reflect.get(Object(each), 'code'));

test('masters follow one after the other, with the gate after each; a gate that fails stops the roll', async () => {
  const job: { steps: string[]; run: Run; work: () => Promise<void> } = jobOf(
    ['master-1', 'master-2'],
    'attempt 1',
    gateOf(() => job.steps, 3),
  );
  const error = await errorOf(job.work);
  expect(job.steps).toEqual(['master-1 changed', 'gate of master-1 (master)']);
  expect(problemsOf(error)).toEqual([
    expect.objectContaining({
      message: 'upgrade.gate ended with the exit status 3 after the upgrade of master-1: no other host is upgraded',
      fields: expect.objectContaining({
        code: 'UPGRADE_HELD',
        host: 'master-1',
        detail: ['password=[removed]', 'the site is slow'],
      }),
    }),
  ]);
  expect(await pending()).toEqual([['gate.master-1', 'master']]);
  expect(await kept()).toContainEqual(['seconds.master', expect.stringMatching(/^\d+$/)]);
}, 120_000);

test('a job of the same attempt does not begin, and one of a later attempt begins only when the gate lets the former host pass', async () => {
  const second = (attempt: string, ...statuses: readonly number[]) => {
    const job: ReturnType<typeof jobOf> = jobOf(
      ['master-2'],
      attempt,
      gateOf(() => job.steps, ...statuses),
    );
    return job;
  };
  const same = second('attempt 1');
  expect(codes(await errorOf(same.work))).toEqual(['TURN_REFUSED']);
  expect(same.steps).toEqual([]);

  const held = second('attempt 2', 1);
  expect(problemsOf(await errorOf(held.work))).toEqual([
    expect.objectContaining({ fields: expect.objectContaining({ code: 'UPGRADE_HELD', host: 'master-1' }) }),
  ]);
  expect(held.steps).toEqual(['gate of master-1 (master)']);

  const passed = second('attempt 3');
  await passed.work();
  expect(passed.steps).toEqual(['gate of master-1 (master)', 'master-2 changed', 'gate of master-2 (master)']);
  expect(await pending()).toEqual([]);
}, 120_000);

test('jobs on several runners take turns, and the gate of one ends before the next begins', async () => {
  const all: string[] = [];
  const slow: GateCommand = async (_cluster, { name }) => {
    all.push(`${name} in its gate`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    all.push(`${name} passed`);
    return { status: 0, output: '' };
  };
  const jobs = ['master-1', 'master-2'].map((name) => {
    const job = jobOf([name], 'attempt 4', slow);
    const session = job.run.sessions.get(name);
    if (session) job.run.sessions.set(name, { ...session, apply: restarting(name, all) });
    return job.work();
  });
  await Promise.all(jobs);
  const [first, other] = all[0] === 'master-1 changed' ? ['master-1', 'master-2'] : ['master-2', 'master-1'];
  const stepsOf = (name: string) => [`${name} changed`, `${name} in its gate`, `${name} passed`];
  expect(all).toEqual([...stepsOf(first), ...stepsOf(other)]);
}, 120_000);

test('a cancelled run ends the gate, and the host waits for it in the next run', async () => {
  const controller = new AbortController();
  const cut: GateCommand = async (_cluster, _host, _role, signal) => {
    controller.abort(new Error('cancelled'));
    expect(signal.aborted).toBe(true);
    return { status: 143, output: '' };
  };
  const job = jobOf(['master-1'], 'attempt 5', cut);
  expect(problemsOf(await errorOf(() => applyMasters.run(job.run, controller.signal)))).toEqual([
    new Error('cancelled'),
  ]);
  expect(await pending()).toEqual([['gate.master-1', 'master']]);
}, 60_000);
