import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { note } from '../note.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

/** Holds while a master's control plane is whole: it serves, its leaders run, nothing is stopped, cut off or frozen. */
const whole = [
  'timeout 3 kubectl --kubeconfig=/etc/kubernetes/admin.conf get --raw /readyz >/dev/null 2>&1',
  'systemctl --quiet is-active kube-apiserver kube-controller-manager kube-scheduler',
  '! grep -lE "^State:.T" $(for name in apiserver controller-manager scheduler; do systemctl show --property=MainPID --value kube-$name; done | sed "s|.*|/proc/&/status|") 2>/dev/null | grep -q .',
  '! nft list table inet k8s_ha_action_fault >/dev/null 2>&1',
].join(' && ');

/** The seconds until a host is whole, looked at from the outside. */
async function untilWhole(host: string, withinSeconds: number): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const { status } = await lab.exec(host, ['sh', '-c', whole]);
    const seconds = (performance.now() - begin) / 1000;
    if (status === 0) return seconds;
    if (seconds > withinSeconds) throw new Error(`${host} is not whole after ${withinSeconds} s`);
    await sleep(250);
  }
}

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
    await untilWhole(result.outputs.target ?? '', 30);
    expect(
      await onHost(result.outputs.target ?? '', 'systemctl list-units --all --plain "k8s-ha-action-*"'),
    ).not.toContain('.timer');
  });
});

describe('the runner dies in the middle', () => {
  test.each(faults.map(([fault]) => fault))(
    '%s heals without anyone',
    async (fault) => {
      const inputs = { fault, target: 'master-1', 'heal-after-seconds': '15' };
      let kill: (() => void) | undefined;
      const result = await act('verify-failover', inputs, {
        onStart: (child) => {
          kill = () => child.kill('SIGKILL');
        },
        onLine: ({ text }) => {
          if (text.includes(`${fault} of master-1 is done`)) kill?.();
        },
      });
      expect(result.status).toBe(137);
      note(`${fault}: whole again ${(await untilWhole('master-1', 60)).toFixed(1)} s after the runner died`);
      // The dead run's claim on the cluster runs out.
      await sleep(32_000);
    },
    240_000,
  );
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
