import { expect, test } from '@jest/globals';
import { restoredKeys } from '../../src/etcd/restored-keys.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf } from '../phases/scene.ts';

const cluster = seedCluster();

/** A member that has so many keys of each kind that it is asked for. */
function memberWith(count: number, status = 0) {
  const asked: { readonly command: string; readonly questions: readonly string[] }[] = [];
  const run: HostSession['run'] = async (command, { input = '' } = {}) => {
    const questions = String(input).split('\n').filter(Boolean);
    asked.push({ command, questions });
    const responses = questions.map(() => ({ Response: { response_range: { count } } }));
    const stdout = status === 0 ? JSON.stringify({ succeeded: true, responses }) : '';
    return { status, stdout, stderr: 'required revision has been compacted\n' };
  };
  return { session: { ...closable(hostOf(cluster, 'etcd-1'), async () => undefined), run }, asked };
}

test('keys are counted at the first revision of the restored data, a hundred kinds in one request', async () => {
  const { session, asked } = memberWith(3);
  const kinds = [
    '/registry/',
    '/registry/ranges/serviceips',
    ...Array.from({ length: 120 }, (_, at) => `/registry/k${at}/`),
  ];
  const counts = await restoredKeys(session, cluster, kinds, 1234);
  expect(Object.keys(counts)).toEqual(kinds);
  expect(asked.map(({ questions }) => questions.length)).toEqual([100, 22]);
  expect(asked[0]?.questions.slice(0, 2)).toEqual([
    'get "/registry/" --prefix --count-only --rev=1000001234',
    'get "/registry/ranges/serviceips" --count-only --rev=1000001234',
  ]);
  expect(asked[0]?.command).toContain('--write-out=json txn');
});

test('a name that is none of ours is not asked for, and an error is no answer', async () => {
  const { session, asked } = memberWith(3);
  expect(await restoredKeys(session, cluster, ['/registry/a" --lease="1/'], 1)).toEqual({});
  expect(asked).toEqual([]);
  const { session: failing } = memberWith(0, 1);
  expect(await errorOf(() => restoredKeys(failing, cluster, ['/registry/'], 1))).toMatchObject({
    code: 'ETCD_UNKNOWN',
    fields: { detail: ['required revision has been compacted'] },
  });
});
