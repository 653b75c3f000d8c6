import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { markedPowerCommand, powerCommandRan, provePowerCommand } from '../marked-power.ts';
import { note } from '../note.ts';
import { refusal } from '../refusals.ts';
import { seedHosts } from '../seed-hosts.ts';
import { act, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { smallDisk } from '../small-disk.ts';
import { unitEvents } from '../starts.ts';
import { untilWhole } from '../whole.ts';

const figure = ({ outputs }: ActionResult, name: string): number => Number(outputs[name] || Number.NaN);

beforeAll(async () => {
  await standingCluster();
}, 600_000);

/**
 * The limits of each fault, with a margin for a busy machine: how long the leases may take, and how many new
 * connections the master may have accepted before, which no load balancer can save. The verdict's own limits are those for users.
 */
const faults = [
  ['stop-services', { transferMs: 6000, failed: 0 }],
  ['kill', { transferMs: 8000, failed: 3 }],
  ['freeze', { transferMs: 25_000, failed: 9 }],
  ['cut-network', { transferMs: 25_000, failed: 3 }],
] as const;

describe.each(faults)('%s of the leading master', (fault, most) => {
  let result: ActionResult;

  beforeAll(async () => {
    result = await act('verify-failover', { fault, target: 'leader', 'heal-after-seconds': '120' });
    const names = ['transfer', 'placed', 'slowest', 'longest-gap', 'kept-gap', 'write-gap', 'watch-gap', 'rejoin'];
    const figures = names.map((name) => `${name} ${figure(result, `${name}-ms`)} ms`).join(', ');
    note(`${fault}: ${figures}, ${result.outputs['failed-requests']} of ${result.outputs.requests} failed`);
  }, 600_000);

  test('is survived, and its leases move in time', () => {
    succeeded(result);
    expect(figure(result, 'transfer-ms')).toBeLessThan(most.transferMs);
  });

  test('fails no more requests than the master may have accepted, and slows none', () => {
    expect(figure(result, 'failed-requests')).toBeLessThanOrEqual(most.failed);
    expect(figure(result, 'failed-writes')).toBeLessThanOrEqual(most.failed);
    expect(figure(result, 'slowest-ms')).toBeLessThan(2500);
    expect(figure(result, 'longest-gap-ms')).toBeLessThan(2500);
    expect(figure(result, 'write-gap-ms')).toBeLessThan(3000);
    expect(figure(result, 'rejoin-ms')).toBeLessThan(60_000);
  });

  test('stalls neither a kept connection nor a watch for longer than 3 s', () => {
    expect(figure(result, 'kept-gap-ms')).toBeLessThan(3000);
    expect(figure(result, 'watch-gap-ms')).toBeLessThan(3000);
  });

  test('does not keep the pod of a new Deployment from being placed within 5 s of the leases’ move', () => {
    expect(figure(result, 'placed-ms') - figure(result, 'transfer-ms')).toBeLessThan(5000);
  });

  test('leaves nothing behind', async () => {
    await untilWhole(30);
    expect(
      await onHost(result.outputs.target ?? '', 'systemctl list-units --all --plain "k8s-ha-action-*"'),
    ).not.toContain('.timer');
  });
});

describe('a check whose limit is passed', () => {
  let result: ActionResult;
  const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-verdict-'));

  beforeAll(async () => {
    const limit = { 'max-transfer-seconds': '0', 'report-dir': folder };
    result = await act('verify-failover', { fault: 'stop-services', target: 'leader', ...limit });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('fails its job, for each lease by name and with its limit', () => {
    const { codes, errors } = refusal(result);
    expect(codes).toEqual(['FAILOVER_VERDICT', 'FAILOVER_VERDICT']);
    for (const lease of ['kube-controller-manager', 'kube-scheduler'])
      expect(errors.join('\n')).toMatch(new RegExp(`${lease} went to master-\\d after [\\d.]+ s \\(limit 0 s\\)`));
  });

  test('leaves its outputs, its report and a healthy cluster nevertheless', async () => {
    expect(figure(result, 'transfer-ms')).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ figures: { passed: false } });
    expect(result.summary).toContain('❌');
    await untilWhole(30);
  });
});

describe('a dry run', () => {
  test.each(['poweroff', 'kill'])(
    'of %s says what it would take down, and touches nothing',
    async (fault) => {
      await provePowerCommand();
      const since = Date.now();
      const power = fault === 'poweroff' ? { 'power-command': markedPowerCommand } : {};
      const dry = succeeded(await act('verify-failover', { fault, target: 'leader', 'dry-run': 'true', ...power }));
      expect(logOf(dry)).toMatch(new RegExp(`would take master-\\d down by ${fault}`));
      expect(Object.values(dry.state)).not.toContain('master-1');
      expect(powerCommandRan()).toBe(false);
      expect(
        await unitEvents(
          seedHosts.map(({ name }) => name),
          since,
        ),
      ).toEqual([]);
    },
    60_000,
  );

  test('refuses a fault that would heal before its minimum duration is over', async () => {
    const inputs = { fault: 'kill', 'dry-run': 'true', 'hold-seconds': '60', 'heal-after-seconds': '60' };
    const { codes, errors } = refusal(await act('verify-failover', inputs));
    expect(codes).toEqual(['FAILOVER_REFUSED']);
    expect(errors.join()).toContain('heals by itself after 60 s, and is to last for 60 s');
  }, 60_000);
});

describe('disk-full of an etcd host', () => {
  let result: ActionResult;
  let reported: string;

  beforeAll(async () => {
    await using _disk = await smallDisk('etcd-3');
    const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-faults-'));
    result = await act('verify-failover', { fault: 'disk-full', target: 'etcd-3', 'report-dir': temp });
    reported = readFileSync(join(temp, 'report.json'), 'utf8');
    rmSync(temp, { recursive: true });
    note(`disk-full: ${result.outputs['failed-requests']} of ${result.outputs.requests} failed, ${logOf(result)}`);
  }, 300_000);

  test('affects only its member, and no client', () => {
    succeeded(result);
    expect(reported).toContain('etcd-3: no answer');
    expect(reported).toContain('etcd-3: healthy');
    expect(reported).not.toMatch(/etcd-[12]: (no answer|without quorum)/);
    expect(figure(result, 'failed-requests')).toBe(0);
  });

  test('leaves nothing behind', async () => {
    await untilWhole(30);
  });
});

describe('a check is refused', () => {
  test('while another one runs', async () => {
    const begun = Promise.withResolvers<void>();
    const inputs = { fault: 'freeze', target: 'leader' };
    const first = act('verify-failover', inputs, {
      onLine: ({ text }) => {
        if (text.includes('freeze of ')) begun.resolve();
      },
    });
    await begun.promise;
    const second = await act('verify-failover', { fault: 'kill', target: 'leader' });
    const { codes, log } = refusal(second);
    expect(new Set(codes)).toEqual(new Set(['HOST_LOCKED']));
    expect(log).not.toContain('is done');
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

  test('outside its window', async () => {
    const hour = (offset: number) => `${String((new Date().getUTCHours() + offset) % 24).padStart(2, '0')}:00`;
    const result = await act('verify-failover', { fault: 'kill', window: `${hour(2)}-${hour(3)}` });
    expect(result.status).toBe(1);
    expect(logOf(result)).toContain(`outside of ${hour(2)}-${hour(3)}`);
  }, 60_000);

  test('if the disk is too large to be filled', async () => {
    const result = await act('verify-failover', { fault: 'disk-full' });
    expect(result.status).toBe(1);
    expect(logOf(result)).toMatch(/refused to fill the disk of etcd: \d+ GiB are free on it/);
  }, 60_000);
});
