import { expect, test } from '@jest/globals';
import { planRestore, type RestoreHost } from '../../src/plan/restore.ts';

const sha256 = 'a'.repeat(64);
const backup = {
  name: 'seed',
  authorities: { kubernetes: 'k', etcd: 'e' },
  revision: 1000,
  created: '2026-11-27T02:00:00Z',
  sha256,
};
const bare = (host: string): RestoreHost => ({ host, owners: [], authorities: {} });
/** An etcd host of the cluster, whose data has this revision. */
const member = (host: string, revision: number | undefined, parts: Partial<RestoreHost['data']> = {}): RestoreHost => ({
  host,
  owners: ['seed'],
  authorities: { etcd: 'e' },
  data: { revision, begun: undefined, serves: false, ...parts },
});
const outcome = (hosts: readonly RestoreHost[], discardNewer = false) => {
  const plan = planRestore(backup, hosts, discardNewer);
  return 'refusals' in plan ? plan.refusals.map(({ code, host }) => `${host} ${code}`) : plan.do;
};

test('bare hosts, and hosts of the cluster with older data, are restored', () => {
  expect(outcome([bare('e1'), bare('m1')])).toBe('restore');
  expect(outcome([member('e1', 1000), member('e2', 3)])).toBe('restore');
});

test('a host of another cluster is refused, also if newer data may be discarded', () => {
  const owned = { ...bare('m1'), owners: ['other'] };
  const trusting = { ...bare('n1'), authorities: { kubernetes: 'x' } };
  expect(outcome([owned, bare('e1'), trusting], true)).toEqual([
    'm1 RESTORE_OTHER_CLUSTER',
    'n1 RESTORE_OTHER_CLUSTER',
  ]);
});

test('newer data, and data that cannot be read, is refused unless the user gives it up', () => {
  const hosts = [member('e1', 1042), member('e2', undefined), bare('e3')];
  expect(outcome(hosts)).toEqual(['e1 RESTORE_NEWER_DATA', 'e2 RESTORE_NEWER_DATA']);
  const plan = planRestore(backup, hosts, false);
  const [first] = 'refusals' in plan ? plan.refusals : [];
  expect(first?.message).toContain('its revision is 1042, 42 more than 1000 in the backup of 2026-11-27T02:00:00Z');
  expect(first?.hint).toContain('survivor: e1 loses less');
  expect(outcome(hosts, true)).toBe('restore');
});

test('a restore that was killed is done again, or completed when etcd serves; never with another backup’s data', () => {
  const begun = { begun: sha256, serves: false };
  expect(outcome([member('e1', 1_000_001_000, begun), member('e2', 900)])).toBe('restore');
  const all = [member('e1', 1_000_001_050, { begun: sha256, serves: true }), member('e2', 1_000_001_050, begun)];
  expect(outcome(all)).toBe('continue');
  // A killed run is run again with the same inputs.
  expect(outcome(all, true)).toBe('continue');
  const other = [member('e1', 1_000_001_000, { begun: 'b'.repeat(64) })];
  expect(outcome(other)).toEqual(['e1 RESTORE_NEWER_DATA']);
});
