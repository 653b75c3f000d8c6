import { expect, test } from '@jest/globals';
import { heldBy } from '../../../src/failover/check/claim.ts';
import { changesIn } from '../../../src/failover/instruments/balancer-log.ts';
import { clockOffset } from '../../../src/failover/instruments/clock-offset.ts';
import type { HostSession } from '../../../src/host/engine.ts';
import type { Lease } from '../../../src/kubernetes/objects.ts';

const entry = (micros: number, message: unknown) =>
  JSON.stringify({ MESSAGE: message, __REALTIME_TIMESTAMP: String(micros) });

test('a load balancer’s journal shows when each master went and came, once', () => {
  const down = 'Server masters/master-2 is DOWN, reason: Layer6 timeout, check duration: 300ms. 2 active servers left.';
  const up = 'Server masters/master-2 is UP, reason: Layer7 check passed, code: 200, check duration: 3ms.';
  const journal = [
    entry(1_000_500, `[WARNING]  (11494) : ${down}`),
    entry(1_000_500, down),
    entry(2_000_000, 'Connections to the silent server masters/master-2 are closed'),
    entry(3_000_000, [1, 2, 3]),
    entry(4_250_000, up),
    '-- No entries --',
    '',
    '{"MESSAGE":',
    '{}',
    '{"MESSAGE":"x","__REALTIME_TIMESTAMP":{}}',
    JSON.stringify({ MESSAGE: down, __REALTIME_TIMESTAMP: '1e999' }),
    JSON.stringify({ MESSAGE: down, __REALTIME_TIMESTAMP: -1 }),
    '['.repeat(100_000),
  ];
  expect(changesIn(journal.join('\n'), 'node-1')).toEqual([
    { at: 1000.5, what: 'node-1: master-2 is DOWN (Layer6 timeout)' },
    { at: 4250, what: 'node-1: master-2 is UP (Layer7 check passed)' },
  ]);
});

test('a clock’s offset is taken from the measurement with the shortest round trip', async () => {
  const delays = [60, 5, 40];
  const run = async () => {
    const half = (delays.shift() ?? 0) / 2;
    await new Promise((resolve) => setTimeout(resolve, half));
    const stdout = `${(performance.timeOrigin + performance.now() + 2000) / 1000}\n`;
    await new Promise((resolve) => setTimeout(resolve, half * 1.5));
    return { status: 0, stdout, stderr: '' };
  };
  const { offsetMs, errorMs } = await clockOffset({ host: { name: 'a' }, run } as unknown as HostSession);
  expect(Math.abs(offsetMs - 2000)).toBeLessThanOrEqual(errorMs + 1);
  expect(errorMs).toBeLessThan(25);
});

test.each(['', 'now', 'NaN', '1e999', '-5.5', `${'9'.repeat(400)}.1`])(
  'a clock that says “%s” is nonsense',
  async (stdout) => {
    const run = async () => ({ status: 0, stdout, stderr: '' });
    const asking = clockOffset({ host: { name: 'a' }, run } as unknown as HostSession);
    await expect(asking).rejects.toMatchObject({ code: 'HOST_NONSENSE', fields: { host: 'a' } });
  },
);

function claim(holderIdentity: string, renewed: string): Lease {
  const spec = { holderIdentity, leaseDurationSeconds: 30, renewTime: renewed };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'check' }, spec };
}

test('another check holds the cluster until it releases the lease, the lease expires, or it is this check', () => {
  const at = Date.parse('2026-11-23T01:00:20Z');
  expect(heldBy(claim('run 7', '2026-11-23T01:00:00.000000Z'), 'run 8', at)).toBe('run 7');
  expect(heldBy(claim('run 7', '2026-11-23T00:59:49.000000Z'), 'run 8', at)).toBeUndefined();
  expect(heldBy(claim('run 8', '2026-11-23T01:00:00.000000Z'), 'run 8', at)).toBeUndefined();
  expect(heldBy(claim('', '2026-11-23T01:00:00.000000Z'), 'run 8', at)).toBeUndefined();
});
