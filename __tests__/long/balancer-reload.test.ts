import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { prepareCache } from '../../lab/prepare.ts';
import { base, beginCluster, failures, fileWith, line, watch, wholeFile } from '../lab/combinations.ts';
import { eventually } from '../lab/repeatedly.ts';
import { act, bareHosts, lab, onHost, succeeded } from '../lab/seed-lab.ts';

// The list of masters changes: each node’s load balancer continues, and keeps its connections.
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-balancer-reload-'));
const balancer = 'kube-haproxy.service';

beforeAll(async () => {
  await prepareCache((text) => console.log(text), '1.36.3');
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, wholeFile);
  await bareHosts(file);
  await beginCluster();
}, 900_000);

afterAll(async () => {
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

/** The client's ports of established connections to the node's load balancer, 127.0.0.1:5002, by the kernel's table (proc(5)). */
async function openOn(node: string): Promise<readonly string[]> {
  const rows = await onHost(node, `awk '$3 == "0100007F:138A" && $4 == "01" { print $2 }' /proc/net/tcp`);
  return rows.trim().split('\n').filter(Boolean);
}

const invocation = async (node: string) => await onHost(node, `systemctl show -p InvocationID --value ${balancer}`);
const workers = async (node: string) => Number(await onHost(node, 'pgrep -u haproxy -c haproxy'));

test('a master joins: no new connection fails', async () => {
  const { done } = await watch();
  const began = await invocation('n2');
  const lines = [...base, line('m4', { roles: ['master'] })];
  const run = succeeded(await act('deploy', fileWith(lines)));
  expect(await invocation('n2')).toBe(began);
  await done('a master added', lines, run.milliseconds);
  expect(failures).toEqual([]);
}, 600_000);

test('open connections outlive a reload, and are closed when their API server is frozen', async () => {
  await eventually(async () => (await workers('n2')) === 1);
  const open = await openOn('n2');
  expect(open.length).toBeGreaterThan(1);
  await onHost('n2', `systemctl reload ${balancer}`);
  await delay(2000);
  expect(await openOn('n2')).toEqual(expect.arrayContaining([...open]));
  expect(await workers('n2')).toBe(2);
  for (const master of ['m1', 'm2', 'm3', 'm4']) {
    await onHost(master, 'systemctl kill --signal=STOP kube-apiserver');
    // Two checks, half a second, and the replaced worker asks twice a second.
    await delay(5000);
    await onHost(master, 'systemctl kill --signal=CONT kube-apiserver');
    await eventually(async () => (await onHost(master, 'curl -sk https://127.0.0.1:6443/readyz || :')) === 'ok');
    await delay(3000);
  }
  expect((await openOn('n2')).filter((port) => open.includes(port))).toEqual([]);
  // Without connections it ends.
  await eventually(async () => (await workers('n2')) === 1);
}, 300_000);

test('a master leaves: no new connection fails', async () => {
  failures.length = 0;
  const { done } = await watch();
  const lines = [...base, line('m4', { roles: ['master'], state: 'removed' })];
  const run = succeeded(await act('deploy', fileWith(lines)));
  await done('a master removed', lines, run.milliseconds);
  expect(failures).toEqual([]);
}, 600_000);
