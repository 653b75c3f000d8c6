import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countLines, valuesUnderKey } from '../../src/etcd/values-under-key.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const stored = { folder: '/registry/secrets/', prefix: 'k8s:enc:secretbox:v1:key1:' };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'values-'));
  mkdirSync(join(folder, 'data'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An etcdctl over a list of keys and values, which fails at the page that begins with a key. */
function count(values: readonly (readonly [key: string, value: string])[], failsFrom = 'none') {
  const keys = values.map(([key]) => `${key}\n\n`).join('');
  writeFileSync(join(folder, 'keys'), keys);
  writeFileSync(join(folder, 'values'), values.map(([key, value]) => `${key}\t${value}\n`).join(''));
  const script = `#!/bin/sh
for word; do last=$word; done
case " $* " in *' --keys-only '*) cat ${folder}/keys; exit ;; esac
from=; for word; do from=$to; to=$word; done
[ "$from" != '${failsFrom}' ] || exit 1
awk -F '\\t' -v from="$from" -v to="$to" '$1 >= from && $1 < to { print $2 }' ${folder}/values`;
  writeFileSync(join(folder, 'etcdctl'), script);
  chmodSync(join(folder, 'etcdctl'), 0o755);
  const lines = countLines({ ...seedCluster(), binDir: folder }, stored);
  return spawnSync('sh', ['-c', lines], { encoding: 'utf8' });
}

const secret = (index: number, key: string): [string, string] => [
  `/registry/secrets/default/s-${String(index).padStart(4, '0')}`,
  `k8s:enc:secretbox:v1:${key}:\x01\x02 not k8s:enc:secretbox:v1:key1: here`,
];

test('values under the key are counted over all pages, and no others', () => {
  const values = Array.from({ length: 350 }, (_, index) => secret(index, index % 2 === 0 ? 'key1' : 'key11'));
  expect(count(values)).toMatchObject({ status: 0, stdout: '175 of 350\n' });
  expect(count(values.map(([key], index) => secret(index, 'key2').with(0, key) as [string, string]))).toMatchObject({
    status: 0,
    stdout: '0 of 350\n',
  });
  expect(count([])).toMatchObject({ status: 0, stdout: '0 of 0\n' });
});

test('a page that was not read to its end is no proof', () => {
  const values = Array.from({ length: 250 }, (_, index) => secret(index, 'key2'));
  expect(count(values, '/registry/secrets/default/s-0100').status).toBe(1);
});

test('an answer without a number is a problem of the host', async () => {
  const session = (status: number, stdout: string) =>
    ({
      host: { name: 'master-1' },
      run: async () => ({ status, stdout, stderr: 'Error: context deadline exceeded' }),
    }) as unknown as HostSession;
  expect(await valuesUnderKey(session(0, '5 of 12\n'), seedCluster(), stored)).toEqual({ under: 5, all: 12 });
  for (const [status, text] of [
    [1, ''],
    [0, ''],
    [1, '5 of 12\n'],
    [0, '5\n'],
    [0, 'many\n'],
  ] as const)
    await expect(valuesUnderKey(session(status, text), seedCluster(), stored)).rejects.toMatchObject({
      code: 'ETCD_UNKNOWN',
      fields: { host: 'master-1' },
    });
});
