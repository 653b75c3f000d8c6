import { expect, test } from '@jest/globals';
import { type Drill, drillSummary, failuresOf, reportDrill } from '../../src/github/drill-report.ts';
import type { History } from '../../src/github/history.ts';
import { errorOf } from '../phases/scene.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

const manifest: Drill['result']['manifest'] = {
  format: 1,
  cluster: { name: 'seed', etcd: 'ab', authorities: {} as Drill['result']['manifest']['cluster']['authorities'] },
  created: '2026-11-28T02:00:00Z',
  versions: { kubernetes: '1.37.2', etcd: '3.7.3' },
  snapshot: { host: 'etcd-2', revision: 1234, hash: 1, compactRevision: 2, keys: 900 },
  objects: { '/registry/': 500, '/registry/pods/': 7 },
  parts: [],
};
const drill = (parts: Partial<Drill> = {}, differing: readonly string[] = []): Drill => ({
  cluster: 'seed',
  result: { manifest, differing, secrets: 12 },
  began: new Date('2026-11-28T04:47:00Z'),
  milliseconds: 31_240,
  limitMs: 600_000,
  ...parts,
});

const night = (day: number, milliseconds: number, passed = true) => ({
  ...{ schemaVersion: 1 as const, cluster: 'seed', began: `2026-11-${day}T04:47:00.000Z`, keys: 890 },
  ...{ milliseconds, passed },
});

/** A history in memory. */
function historyOf(text: string) {
  const written: string[] = [];
  const history: History = { read: async () => text, write: async (lines) => void written.push(lines) };
  return { history, written };
}

test('the summary has the verdict, what was compared, and the trend', () => {
  const before = [night(24, 30_000), night(25, 29_000), night(26, 31_000), night(27, 300_000, false)];
  const text = drillSummary(drill(), [], before);
  expect(text).toContain('## Restore drill of seed: passed in 31.2 s\n');
  expect(text).toContain('2.8 hours old');
  expect(text).toContain('2 kinds, 0 differ');
  expect(text).toContain('The median of the last drills that passed is 30.0 s.');
  expect(text).not.toContain('slower');
  expect(drillSummary(drill({ milliseconds: 60_000 }), [], before)).toContain('This one is clearly slower.');
});

test('keys that differ and a restore that took too long are failures', () => {
  expect(failuresOf(drill())).toEqual([]);
  expect(failuresOf(drill({ limitMs: 30_000 }, ['/registry/pods/ has 6 keys, and 7 in the backup']))).toEqual([
    '/registry/pods/ has 6 keys, and 7 in the backup',
    'the restore took 31.2 s, and the limit is 30.0 s',
  ]);
});

test('a drill that fails is reported and recorded before the step fails', async () => {
  const { history, written } = historyOf(`${JSON.stringify(night(27, 30_000))}\nno line of ours\n`);
  let error: unknown;
  const lines = await linesOf(async () => {
    error = await errorOf(() => withInputs({}, () => reportDrill(drill({ limitMs: 1000 }), history)));
  });
  expect(error).toMatchObject({ errors: [{ code: 'DRILL_VERDICT' }] });
  expect(lines.join('\n')).toContain('failed');
  const [, kept, last = ''] = written[0]?.split('\n') ?? [];
  expect(kept).toBe('no line of ours');
  expect(JSON.parse(last)).toMatchObject({ cluster: 'seed', milliseconds: 31_240, keys: 900, passed: false });
});
