import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../docs/action-manifests.ts';
import { namingTexts, pins, publishedName, withPins, withPublishedName } from '../../docs/published-name.ts';

const other = { owner: 'acme', tag: 'v2' };

test.each([
  ['uses: org/k8s-ha-action@v1', 'uses: acme/k8s-ha-action@v2'],
  ['uses: org/k8s-ha-action/etcd@v1', 'uses: acme/k8s-ha-action/etcd@v2'],
  [
    'uses: org/k8s-ha-action/.github/workflows/cluster.yml@v1',
    'uses: acme/k8s-ha-action/.github/workflows/cluster.yml@v2',
  ],
  [
    'https://raw.githubusercontent.com/org/k8s-ha-action/v1/cluster.schema.json',
    'https://raw.githubusercontent.com/acme/k8s-ha-action/v2/cluster.schema.json',
  ],
  ['(`org/k8s-ha-action@v1`)', '(`acme/k8s-ha-action@v2`)'],
  ['--repo org/k8s-ha-action --x', '--repo acme/k8s-ha-action --x'],
  ['https://github.com/org/k8s-ha-action/actions', 'https://github.com/acme/k8s-ha-action/actions'],
  [
    'https://img.shields.io/github/v/release/org/k8s-ha-action',
    'https://img.shields.io/github/v/release/acme/k8s-ha-action',
  ],
  ['"github>org/k8s-ha-action//renovate/versions#v1"', '"github>acme/k8s-ha-action//renovate/versions#v2"'],
  ['* @org/maintainers', '* @acme/maintainers'],
  // A commit or a full version is the user's own choice.
  ['uses: org/k8s-ha-action@v1.2.3', 'uses: acme/k8s-ha-action@v1.2.3'],
])('%s becomes %s', (text, expected) => {
  expect(withPublishedName(text, other)).toBe(expected);
});

test.each([
  '`/var/lib/k8s-ha-action/kept`',
  "join('run/k8s-ha-action')",
  '~/.cache/k8s-ha-action/mirror',
  '/etc/modules-load.d/k8s-ha-action.conf',
  'flannel-io/flannel@v1',
])('%s is left as it is', (text) => {
  expect(withPublishedName(text, other)).toBe(text);
});

test('The owner and the major version are written in one place: another name reaches every text', () => {
  const { owner, tag } = publishedName();
  const texts = namingTexts().map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
  const old = new RegExp(`(?<![\\w.-])${owner}/(?:k8s-ha-action|maintainers)|k8s-ha-action[^\\s@]*@${tag}\\b(?!\\.)`);
  const before = texts.filter(([, text]) => old.test(text));
  expect(before.length).toBeGreaterThan(25);
  expect(before.filter(([, text]) => old.test(withPublishedName(text, other))).map(([path]) => path)).toEqual([]);
});

test('No file that git tracks names the repository without being found', () => {
  const { owner } = publishedName();
  const args = [
    'grep',
    '--untracked',
    '-lE',
    `(^|[^/.[:alnum:]_-])${owner}/k8s-ha-action`,
    '--',
    '.',
    ':!dist',
    ':!__tests__/docs',
  ];
  const { stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const known = new Set([...namingTexts(), 'package.json']);
  expect(stdout.split('\n').filter((path) => path !== '' && !known.has(path))).toEqual([]);
});

test('An example has the pin of the workflows', () => {
  const known = pins();
  const [name, pin] = ['actions/checkout', known.get('actions/checkout') ?? ''];
  expect(pin).toMatch(/^actions\/checkout@[0-9a-f]{40} # v\d/);
  for (const old of ['v5', '0'.repeat(40), `${'0'.repeat(40)} # v7.0.0`])
    expect(withPins(`- uses: ${name}@${old}\n  with: {}`, known)).toBe(`- uses: ${pin}\n  with: {}`);
  expect(withPins('- uses: other/action@v1', known)).toBe('- uses: other/action@v1');
});
