import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openKubectl } from '../../lab/kubectl.ts';
import { administratorOf } from '../lab/administrator.ts';
import { etcdLeader } from '../lab/etcd-users.ts';
import { clientsOf } from '../lab/node-clients.ts';
import { note, seconds } from '../lab/note.ts';
import { figuresOf, isGood, type Sample } from '../lab/requests.ts';
import { act, bareHosts, lab, succeeded } from '../lab/seed-lab.ts';

// Hosts of each role die, come back as empty machines, and are replaced by one run, while clients on a node open connections.
const masters = ['m1', 'm2', 'm3'];
const members = [...masters, 'e1', 'e2'].map((name) => ({ name }));
const cluster = `name: replace
kubernetesVersion: 1.37.2
addons: { metricsServer: false }
hosts:
${masters.map((name, index) => `  - { name: ${name}, address: 192.168.1.${211 + index}, roles: [etcd, master] }`).join('\n')}
  - { name: e1, address: 192.168.1.221, roles: [etcd] }
  - { name: e2, address: 192.168.1.222, roles: [etcd] }
  - { name: n1, address: 192.168.1.231, roles: [node] }
  - { name: n2, address: 192.168.1.232, roles: [node] }
`;
/** From the moment when the new machine has SSH. */
const limitMs = 45_000;

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-replace-test-'));
let stop: () => Promise<readonly Sample[]> = async () => [];

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  succeeded(await act('deploy'));
}, 900_000);

afterAll(async () => {
  await stop();
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

/** Replaces a host by one run and judges it: time, failed connections, and that a second run changes nothing. */
async function replaced(what: string, host: string, inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  const survivor = masters.find((name) => name !== host) ?? '';
  stop = await clientsOf('n1', await administratorOf(lab, survivor));
  const from = Date.now();
  await lab.powerOff(host, { hard: true });
  const to = Date.now();
  await lab.reimage(host);
  const { milliseconds } = succeeded(await act('deploy', inputs));
  const samples = await stop();
  stop = async () => [];
  note(`${what} (${host}): ${seconds(milliseconds)}; new connections: ${figuresOf(samples)}`);
  // What an API server had accepted when its power was cut gets no answer.
  const isLost = ({ at, ms }: Sample) => masters.includes(host) && at <= to && at + ms >= from;
  const lost = samples.filter((sample) => isLost(sample) && !isGood(sample));
  if (lost.length > 0) note(`of these, ${lost.length} had begun when its power was cut`);
  expect(samples.filter((sample) => !isGood(sample) && !isLost(sample))).toEqual([]);
  expect(milliseconds).toBeLessThan(limitMs);
  const kubectl = await openKubectl(lab);
  const nodes = (await kubectl.must(['get', 'nodes', '--no-headers'])).trim().split('\n');
  expect(nodes.map((line) => line.split(/\s+/)[1])).toEqual(['Ready', 'Ready']);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}

test('the first master with its member of etcd', async () => {
  await replaced('first master', 'm1');
}, 300_000);

test('the host that leads etcd', async () => {
  await replaced('leader of etcd', await etcdLeader(lab, members));
}, 300_000);

test('a host of etcd alone', async () => {
  await replaced('host of etcd', 'e1');
}, 300_000);

test('a node', async () => {
  await replaced('node', 'n2', { rejoin: 'n2' });
}, 300_000);
