import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readActionManifests } from '../../docs/action-manifests.ts';
import { root } from './tree.ts';

const manifests = readActionManifests();
const empty = mkdtempSync(join(tmpdir(), 'k8s-ha-contract-'));

afterAll(() => rmSync(empty, { recursive: true, force: true }));

test('dist has one bundle for each action, and no other file', () => {
  const entries = readdirSync(join(root, 'dist')).filter((name) => name !== 'chunks' && name !== 'package.json');
  expect(entries.sort()).toEqual(manifests.map((manifest) => manifest.id).sort());
});

test('dist has at most 6.3 MB', () => {
  const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const sizes = files.map((file) => statSync(join(file.parentPath, file.name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_300_000);
});

describe.each(manifests.map((manifest) => [manifest.id] as const))('The bundle of %s', (id) => {
  const { status, stdout, stderr } = start(id);

  test('starts, and without inputs reports in one line what is missing and what to do', () => {
    const errors = stdout.split('\n').filter((line) => line.startsWith('::error'));
    const missing = /^::error title=(CLUSTER_FILE_MISSING|INPUT_\w+)[^:]*::.*%0A {2}→ \S/;
    expect({ status, errors }).toEqual({ status: 1, errors: [expect.stringMatching(missing)] });
  });

  test('prints no stack trace, no warning and nothing to stderr', () => {
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => /^\s+at |Warning:|node:internal/.test(line))).toEqual([]);
  });

  test('loads no package at its start that only some runs need', () => {
    const packages = packagesAtStart(join(root, 'dist', id, 'index.js'));
    // Shows that the pattern finds packages.
    expect(packages).toContain('@actions/core');
    const heavy =
      /^(@actions\/(artifact|http-client)|@azure\/.*|age-encryption|dns-packet|node-forge|node-ssh|ssh2|undici)$/;
    expect([...packages].filter((name) => heavy.test(name))).toEqual([]);
  });

  test('loads the code of its work only after cluster.yaml and the inputs have been read', () => {
    const sources = sourcesAtStart(join(root, 'dist', id, 'index.js'));
    // What hides secrets, and the form of a matrix.
    const small = ['src/host/redact-keys.ts', 'src/host/redact.ts', 'src/phases/matrix.ts'];
    expect(sources).toEqual(expect.arrayContaining(small.slice(0, 2)));
    const work = /^src\/(actions\/work|components|etcd|failover|host|kubernetes|observe|phases|pki|plan)\//;
    expect(sources.filter((path) => work.test(path) && !small.includes(path))).toEqual([]);
  });
});

test('The post step of a failover check that failed at its inputs says nothing and begins no check', () => {
  const state = join(empty, 'state');
  writeFileSync(state, '');
  const first = start('verify-failover', { GITHUB_STATE: state });
  expect([first.status, readFileSync(state, 'utf8')]).toEqual([1, expect.stringMatching(/^begun<</)]);
  const { status, stdout, stderr } = start('verify-failover', { STATE_begun: 'true', INPUT_FAULT: 'stop-services' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  const left = start('verify-failover', { STATE_begun: 'true', 'STATE_switched-off': 'master-1' });
  expect([left.status, left.stdout]).toEqual([1, expect.stringContaining('CLUSTER_FILE_MISSING')]);
});

test('The gate, which reads no cluster.yaml, does not load its schema', () => {
  const gate = join(root, 'dist/gate/index.js');
  expect(sourcesAtStart(gate).filter((path) => path.startsWith('src/cluster/'))).toEqual([]);
  expect([...packagesAtStart(gate)]).not.toContain('yaml');
});

/** The packages in a bundle and in the chunks that it imports statically. */
function packagesAtStart(file: string): ReadonlySet<string> {
  const names = sourcesAtStart(file).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}

/** Paths of the files in a bundle and in the chunks that it imports statically, from the comments of the bundler. */
function sourcesAtStart(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const code = readFileSync(file, 'utf8');
  const own = Array.from(code.matchAll(/^\/\/ ((?:src|node_modules)\/\S+)$/gm), ([, path = '']) => path);
  const chunks = Array.from(
    code.matchAll(/^(?:import .*from|import|\} from) "(\.[^"]+)";$/gm),
    ([, path = '']) => path,
  );
  return [...own, ...chunks.flatMap((path) => sourcesAtStart(join(dirname(file), path), seen))];
}

interface Started {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Like a runner in an empty workspace: without inputs, and without this machine's environment. */
function start(id: string, more: Readonly<Record<string, string>> = {}): Started {
  const env = { PATH: process.env.PATH ?? '', HOME: empty, GITHUB_WORKSPACE: empty, ...more };
  const main = join(root, 'dist', id, 'index.js');
  return spawnSync(process.execPath, [main], { cwd: empty, env, encoding: 'utf8', timeout: 30_000 });
}
