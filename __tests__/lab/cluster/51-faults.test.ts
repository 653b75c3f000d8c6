import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { note } from '../note.ts';
import { act, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { smallDisk } from '../small-disk.ts';
import { untilWhole } from '../whole.ts';

const figure = ({ outputs }: ActionResult, name: string): number => Number(outputs[name] || Number.NaN);

beforeAll(async () => {
  await standingCluster();
}, 600_000);

/**
 * What each fault may cost, with room for a machine that has more to do: how long the leases may take, and how many new
 * connections were inside of the master when it happened, which no balancer can save.
 */
const faults = [
  ['stop-services', { transferMs: 6000, failed: 0 }],
  ['kill', { transferMs: 8000, failed: 3 }],
  ['freeze', { transferMs: 25_000, failed: 15 }],
  ['cut-network', { transferMs: 25_000, failed: 3 }],
] as const;

describe.each(faults)('%s of the leading master', (fault, most) => {
  let result: ActionResult;

  beforeAll(async () => {
    const failed = { 'max-failed-requests': String(most.failed), 'max-failed-writes': String(most.failed) };
    const inputs = { fault, target: 'leader', ...failed, 'heal-after-seconds': '120' };
    result = await act('verify-failover', inputs);
    const names = ['transfer', 'placed', 'slowest', 'longest-gap', 'kept-gap', 'write-gap', 'watch-gap', 'rejoin'];
    const figures = names.map((name) => `${name} ${figure(result, `${name}-ms`)} ms`).join(', ');
    note(`${fault}: ${figures}, ${result.outputs['failed-requests']} of ${result.outputs.requests} failed`);
  }, 600_000);

  test('is survived, and its leases move in time', () => {
    succeeded(result);
    expect(figure(result, 'transfer-ms')).toBeLessThan(most.transferMs);
  });

  test('stalls neither a kept connection nor a watch for longer than 3 s', () => {
    expect(figure(result, 'kept-gap-ms')).toBeLessThan(3000);
    expect(figure(result, 'watch-gap-ms')).toBeLessThan(3000);
  });

  test('lets a new Deployment have its pod placed within 5 s of the leases’ move', () => {
    expect(figure(result, 'placed-ms') - figure(result, 'transfer-ms')).toBeLessThan(5000);
  });

  test('leaves nothing behind', async () => {
    await untilWhole(30);
    expect(
      await onHost(result.outputs.target ?? '', 'systemctl list-units --all --plain "k8s-ha-action-*"'),
    ).not.toContain('.timer');
  });
});

describe('disk-full of an etcd host', () => {
  let result: ActionResult;
  let told: string;

  beforeAll(async () => {
    await using _disk = await smallDisk('etcd-3');
    const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-faults-'));
    result = await act('verify-failover', { fault: 'disk-full', target: 'etcd-3', 'report-dir': temp });
    told = readFileSync(join(temp, 'report.json'), 'utf8');
    rmSync(temp, { recursive: true });
    note(`disk-full: ${result.outputs['failed-requests']} of ${result.outputs.requests} failed, ${logOf(result)}`);
  }, 300_000);

  test('is noticed by its member and by nobody else', () => {
    succeeded(result);
    expect(told).toContain('etcd-3: no answer');
    expect(told).toContain('etcd-3: healthy');
    expect(told).not.toMatch(/etcd-[12]: (no answer|without quorum)/);
    expect(figure(result, 'failed-requests')).toBe(0);
  });

  test('leaves nothing behind', async () => {
    await untilWhole(30);
  });
});

describe('a check is refused', () => {
  test('while another one runs', async () => {
    const begun = Promise.withResolvers<void>();
    const inputs = { fault: 'freeze', target: 'leader', 'max-failed-requests': '100', 'max-failed-writes': '100' };
    const first = act('verify-failover', inputs, {
      onLine: ({ text }) => {
        if (text.includes('freeze of ')) begun.resolve();
      },
    });
    await begun.promise;
    const second = await act('verify-failover', { fault: 'kill', target: 'leader' });
    expect(second.status).toBe(1);
    expect(logOf(second)).not.toContain('is done');
    succeeded(await first);
  }, 240_000);

  test('while a node’s balancer is stopped, and while a node is not Ready', async () => {
    const refused = async (reason: RegExp) => {
      const result = await act('verify-failover', { fault: 'kill', target: 'leader' });
      expect(result.status).toBe(1);
      expect(logOf(result)).toMatch(reason);
      expect(logOf(result)).not.toContain('is done');
    };
    const ready = (status: string) =>
      onHost(
        'master-1',
        `kubectl --kubeconfig=/etc/kubernetes/admin.conf wait --timeout=90s --for=condition=Ready=${status} nodes --all`,
      );
    await onHost('node-1', 'systemctl stop kube-haproxy');
    await refused(/node-1: its balancer leads to no API server/);
    await onHost('node-1', 'systemctl start kube-haproxy; systemctl stop kubelet');
    await ready('Unknown');
    await refused(/node-1: NodeStatusUnknown/);
    await onHost('node-1', 'systemctl start kubelet');
    await ready('True');
  }, 300_000);

  test('outside of its window', async () => {
    const hour = (offset: number) => `${String((new Date().getUTCHours() + offset) % 24).padStart(2, '0')}:00`;
    const result = await act('verify-failover', { fault: 'kill', window: `${hour(2)}-${hour(3)}` });
    expect(result.status).toBe(1);
    expect(logOf(result)).toContain(`outside of ${hour(2)}-${hour(3)}`);
  }, 60_000);

  test('when the disk is too large to be filled', async () => {
    const result = await act('verify-failover', { fault: 'disk-full' });
    expect(result.status).toBe(1);
    expect(logOf(result)).toMatch(/refused to fill the disk of etcd: \d+ GiB are free on it/);
  }, 60_000);
});
