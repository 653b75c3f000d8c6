import { expect, test } from '@jest/globals';
import { stateFor } from '../../src/components/roles.ts';
import { changeMs } from '../../src/host/change-limit.ts';
import { inspectMs, openMs, usualLimits } from '../../src/host/limits.ts';
import type { Unit } from '../../src/host/state.ts';
import type { Step } from '../../src/host/step.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const minutes = (milliseconds: number) => milliseconds / 60_000;
const steps = (kind: string, count: number) => Array.from({ length: count }, () => ({ do: kind }) as unknown as Step);

test('a session opens within its start, its lock and its claim', () => {
  expect(openMs(usualLimits, 60, 0)).toBe(1000 * (120 + 2 * 360));
  expect(openMs(usualLimits, 60, 360)).toBe(1000 * (120 + 2 * 360 + 360));
});

test('a question adds its own limit to an inspection', () => {
  expect(inspectMs(usualLimits, 0)).toBe(180_000);
  expect(inspectMs(usualLimits, 2)).toBe(242_000);
});

test('a change’s limit is the sum of the limits of its parts', () => {
  const base = changeMs(usualLimits, [], []);
  expect(base).toBe(180_000);
  const more = (...all: readonly Step[]) => minutes(changeMs(usualLimits, all, []) - base);
  expect(more(...steps('file', 100))).toBe(0);
  expect(more(...steps('download', 7))).toBe(30);
  // At most two runs of the package manager for all.
  expect(more(...steps('package', 5))).toBe(30);
  const ready = { command: 'true', timeoutSeconds: 120, hint: '' };
  const unit = { name: 'a.service', content: '', reads: [], ready } as unknown as Unit;
  expect(minutes(changeMs(usualLimits, [], [unit, unit]) - base)).toBe(10);
});

test('the limit of the seed’s changes is a few hours at most', () => {
  const cluster = seedCluster();
  const secrets = { cluster: 'seed', host: '', authorities: {}, files: [] };
  for (const host of cluster.hosts) {
    for (const role of host.roles) {
      const state = stateFor(cluster, host, role, { ...secrets, host: host.name }, { architecture: 'amd64' });
      const all = [...steps('download', state.downloads.length), ...steps('package', state.packages.length)];
      expect(minutes(changeMs(usualLimits, all, state.units))).toBeLessThan(240);
    }
  }
});
