import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openKubectl } from '../../lab/kubectl.ts';
import { prepareCache } from '../../lab/prepare.ts';
import { administratorOf } from '../lab/administrator.ts';
import { changedCluster } from '../lab/cluster-file.ts';
import { longestGap } from '../lab/etcd-users.ts';
import { clientsOf, serviceClientOf } from '../lab/node-clients.ts';
import { note, seconds } from '../lab/note.ts';
import { figuresOf, isGood, type Sample } from '../lab/requests.ts';
import { act, bareHosts, lab } from '../lab/seed-lab.ts';
import { webWorkload } from '../lab/web-workload.ts';

// An upgrade by one minor version that nothing disturbs, with its report, several times: the seed's seven hosts and a second node, so that a drain
// has a place for the pods. etcd gets another setting in the same run, so that its members restart too.
const [from, to] = ['1.36.3', '1.37.2'];
const rounds = [1, 2, 3, 4, 5];
const nodes = ['node-1', 'node-2'];
const hosts = [
  ...[1, 2, 3].map((number) => ({ name: `master-${number}`, role: 'master', at: 210 + number })),
  ...[1, 2, 3].map((number) => ({ name: `etcd-${number}`, role: 'etcd', at: 214 + number })),
  ...nodes.map((name, index) => ({ name, role: 'node', at: 221 + index })),
];
const cluster = `name: measured
kubernetesVersion: ${from}
addons: { metricsServer: false }
hosts:
${hosts.map(({ name, role, at }) => `  - { name: ${name}, address: 192.168.1.${at}, roles: [${role}] }`).join('\n')}
`;
/** What must hold: for masters and etcd together, and for a node besides its drain. */
const [mastersLimitMs, nodeLimitMs] = [90_000, 10_000];

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-upgrade-measured-'));
let stop: (() => Promise<readonly Sample[]>)[] = [];

beforeAll(async () => {
  await prepareCache((line) => console.log(line));
  await prepareCache((line) => console.log(line), from);
}, 1_800_000);

beforeEach(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  const { status } = await act('deploy');
  expect(status).toBe(0);
  const kubectl = await openKubectl(lab);
  await kubectl.must(['apply', '-f', '-'], { input: webWorkload({ replicas: 20, maxUnavailable: 5 }) });
  for (const one of ['deployment/web', 'daemonset/client', '-n=kube-system deployment/coredns'])
    await kubectl.must(['rollout', 'status', ...one.split(' '), '--timeout=180s'], { timeout: 190_000 });
  const administrator = await administratorOf(lab, 'master-1');
  stop = await Promise.all(
    nodes.flatMap((name) => [clientsOf(name, administrator), serviceClientOf(name, administrator)]),
  );
}, 600_000);

afterEach(async () => {
  await Promise.all(stop.splice(0).map((end) => end()));
});

afterAll(async () => {
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

/** The moments at which the log of a run had its first line with each of some texts. */
function stopwatch() {
  const seen: { readonly text: string; readonly at: number }[] = [];
  const first = (part: string, since = 0) => {
    const at = seen.find((line) => line.at >= since && line.text.includes(part))?.at;
    if (at === undefined) throw new Error(`no line with ${part}`);
    return at;
  };
  return { first, onLine: ({ text }: { text: string }) => void seen.push({ text, at: performance.now() }) };
}

test.each(rounds)(
  'upgrade %i: no request fails, and the report says so',
  async (round) => {
    const file = changedCluster(lab, 'changed', (text) =>
      Object.assign(text, {
        kubernetesVersion: to,
        etcd: { extraArgs: [{ name: 'max-request-bytes', value: '2000000' }] },
      }),
    );
    const { first, onLine } = stopwatch();
    const run = await act('deploy', { cluster: file, report: 'true', 'report-dir': place }, { onLine });
    const samples = (await Promise.all(stop.splice(0).map((end) => end()))).flat();
    const errors = run.lines.filter(({ kind }) => kind === 'error').map(({ text }) => text);
    for (const error of errors) note(`upgrade ${round}: error: ${error}`);
    for (const target of [...nodes, 'service']) {
      const own = samples.filter((sample) => sample.target === target);
      note(`${target}: ${figuresOf(own)}, longest gap ${longestGap(own)} ms`);
    }
    note(`report: ${JSON.stringify(run.outputs)}`);
    const masters = first('Apply access rules') - first('Apply etcd');
    const others = nodes.map((name) => {
      const restart = first(`${name}: restarting`);
      const [begin, end] = [first(`${name}: upgrade: `), first(`${name}: Ready`, restart)];
      return { name, drainMs: restart - begin, restMs: end - restart };
    });
    note(`upgrade ${round}: ${seconds(run.milliseconds)}; masters and etcd ${seconds(masters)}`);
    for (const { name, drainMs, restMs } of others) note(`${name}: drain ${seconds(drainMs)}, then ${seconds(restMs)}`);
    const page = readFileSync(join(place, 'report.html'), 'utf8');
    for (const { name } of hosts) expect(page).toContain(name);
    expect(samples.filter((sample) => !isGood(sample))).toEqual([]);
    // A runner without processor time measures itself, and its report says so.
    if (!errors.some((text) => text.includes('the runner itself stopped'))) {
      expect(errors).toEqual([]);
      const none = { 'failed-requests': '0', 'failed-writes': '0', 'failed-service-requests': '0' };
      expect(run.outputs).toMatchObject(none);
    }
    expect(masters).toBeLessThan(mastersLimitMs);
    for (const { restMs } of others) expect(restMs).toBeLessThan(nodeLimitMs);
  },
  600_000,
);
