import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseCluster } from '../../src/cluster/load.ts';
import { annotatedExample } from '../../src/cluster/reference-example.ts';
import { Problem, problemsOf } from '../../src/errors.ts';

const valid = [
  annotatedExample,
  ...['seed', 'small'].map((name) =>
    readFileSync(new URL(`../../examples/${name}/cluster.yaml`, import.meta.url), 'utf8'),
  ),
];

test('a valid file with any change in its text is read or refused, and never crashes', () => {
  const snippet = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      ': ',
      '- ',
      '\n',
      '\t',
      '{',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '!x ',
      '|',
      '>',
      '#',
      '---\n',
      '<<: ',
      '__proto__',
      '\r\n',
      '0',
      '${{',
      '\u2028',
    ),
  );
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), insert: snippet });
  fc.assert(
    fc.property(fc.constantFrom(...valid), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
      expectSound(
        edits.reduce((now, { at, remove, insert }) => splice(now, at % (now.length + 1), remove, insert), text),
      );
    }),
    { numRuns: 400 },
  );
});

test('a valid file with any value at any key is read or refused, and never crashes', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      '10.0.0.0/33',
      '0.0.0.0/0',
      '255.255.255.255/32',
      '::/0',
      '1.2.3',
      '0-0',
      '99999-1',
      '/',
      '..',
      'http:',
      'a:b',
      '',
      -1,
      1e21,
      Number.NaN,
      65536,
    ),
  );
  const key = fc.constantFrom(
    'serviceSubnet',
    'podSubnet',
    'nodeCidrMaskSize',
    'serviceNodePortRange',
    'plugin',
    'dnsDomain',
  );
  const hostKey = fc.constantFrom('name', 'address', 'roles', 'hostname', 'labels', 'taints', 'ssh');
  const top = fc.constantFrom(
    'kubernetesVersion',
    'versions',
    'mirror',
    'proxy',
    'ssh',
    'api',
    'etcd',
    'kubelet',
    'containerd',
    'addons',
    'hosts',
  );
  fc.assert(
    fc.property(
      fc.dictionary(key, value),
      fc.dictionary(hostKey, value),
      fc.dictionary(top, value),
      (network, host, rest) => {
        const first = { name: 'a', address: '10.0.0.1', roles: ['etcd', 'master', 'node'], ...host };
        expectSound(stringify({ name: 'lab', network, hosts: [first], ...rest }));
      },
    ),
    { numRuns: 400 },
  );
});

test('a cluster that is written and read again is unchanged', () => {
  for (const text of valid) expect(parseCluster(text, 'again')).toEqual(parseCluster(text, 'cluster.yaml'));
});

/** Read, or refused by problems that each have a place in the file, a hint, and are in the order of the file. */
function expectSound(text: string): void {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  let before = { line: 1, column: 1 };
  for (const problem of problemsIn(text)) {
    if (!(problem instanceof Problem)) throw problem;
    const { code, hint, file, line = 0, column = 0 } = problem.fields;
    expect(code).toMatch(/^CLUSTER_[A-Z0-9_]+$/);
    expect(hint).toMatch(/\S/);
    expect(problem.message).not.toMatch(/undefined|\[object|NaN\b.*NaN/);
    expect(file).toBe('cluster.yaml');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(line > before.line || (line === before.line && column >= before.column)).toBe(true);
    before = { line, column };
  }
}

function problemsIn(text: string): readonly unknown[] {
  try {
    const cluster = parseCluster(text, 'cluster.yaml');
    expect(cluster.serviceAddress).toMatch(/^\d+\.\d+\.\d+\.1$|\.\d+$/);
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

function splice(text: string, at: number, remove: number, insert: string): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}
