import { expect, test } from '@jest/globals';
import { backupFindings } from '../../src/check/backups.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const now = new Date('2026-11-28T12:00:00Z');
const backup = { recipients: ['age1…'], keep: 14, artifactDays: 30, maxAgeHours: 26 };
const cluster = { ...seedCluster(), backup };
const record = (hours: number) => ({
  made: new Date(now.getTime() - hours * 3_600_000),
  revision: 12,
  name: `k8s-ha-backup-seed_${hours}.age`,
});

type Said = ReturnType<typeof record> | 'none' | undefined;
const found = (one: Said, two: Said, three: Said) =>
  backupFindings(
    cluster,
    new Map([
      ['master-1', one],
      ['master-2', two],
      ['master-3', three],
    ]),
    now,
  );

test.each<[string, readonly [Said, Said, Said], readonly string[]]>([
  ['new on one master', [record(90), 'none', record(26)], []],
  ['new on one master, and the others silent', [undefined, record(1), undefined], []],
  ['old on all', [record(90), record(27), 'none'], ['backup-old/seed']],
  ['nowhere', ['none', 'none', 'none'], ['backup-old/seed']],
  ['old, and perhaps new on a silent master', [record(90), record(27), undefined], ['unknown/seed/the-newest-backup']],
  ['not known at all', [undefined, undefined, undefined], ['unknown/seed/the-newest-backup']],
  ['of a clock that is a day ahead', [record(-24), 'none', 'none'], ['backup-old/seed']],
])('a backup that is recorded %s', (_, said, ids) => {
  expect(found(...said).map(({ id }) => id)).toEqual(ids);
});

test('the finding names the newest one and its age; a file without recipients has none', () => {
  expect(found(record(90), record(27.5), 'none')).toMatchObject([
    {
      severity: 'warning',
      message: 'the newest backup is 27 hours old: k8s-ha-backup-seed_27.5.age, revision 12',
    },
  ]);
  expect(backupFindings(seedCluster(), new Map([['master-1', 'none']]), now)).toEqual([]);
});
