import { expect, test } from '@jest/globals';
import { waves } from '../../src/kubernetes/apply-manifests.ts';
import { parseManifests } from '../../src/kubernetes/manifests.ts';

const object = (kind: string, name = 'x') => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;

test('a file may hold several documents, empty ones and Lists', () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Pod, metadata: { name: a } }\n`;
  const text = `# nothing\n---\n${object('Secret')}---\n---\n${list}`;
  expect(parseManifests(text, 'f.yaml').map(({ kind }) => kind)).toEqual(['Secret', 'Pod']);
  expect(parseManifests('', 'f.yaml')).toEqual([]);
});

test('values have the same meaning as for kubectl: octal modes, yes and no, but dates and times stay text', () => {
  const text = `${object('ConfigMap')}values: { mode: 0644, on: yes, date: 2024-01-31, time: 12:30:00, hex: 0x1f }\n`;
  expect(parseManifests(text, 'f.yaml')[0]?.values).toEqual({
    mode: 420,
    true: true,
    date: '2024-01-31',
    time: '12:30:00',
    hex: 31,
  });
});

test.each([
  ['kind: Pod\nmetadata: { name: a }\n', 'the manifest lacks apiVersion or kind', 1],
  [
    `${object('Pod')}---\napiVersion: v1\nkind: Pod\nmetadata: { generateName: a- }\n`,
    'the Pod lacks metadata.name',
    5,
  ],
  ['- a\n- b\n', 'a manifest is a map', 1],
  [`${object('Pod')}spec: { a: 1, a: 2 }\n`, 'Map keys must be unique', 4],
])('a wrong manifest is reported with its line: %j', (text, message, line) => {
  expect(() => parseManifests(text, 'f.yaml')).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(message),
      fields: expect.objectContaining({ code: 'MANIFEST_INVALID', file: 'f.yaml', line }),
    }),
  );
});

test('objects that others need come first, objects that can block others last', () => {
  const kinds = ['MutatingWebhookConfiguration', 'Deployment', 'ClusterRole', 'Namespace', 'ConfigMap', 'Thing'];
  const objects = parseManifests(kinds.map((kind) => object(kind)).join('---\n'), 'f.yaml');
  expect(waves(objects).map((wave) => wave.map(({ kind }) => kind))).toEqual([
    ['Namespace'],
    ['ClusterRole', 'ConfigMap'],
    ['Deployment', 'Thing'],
    ['MutatingWebhookConfiguration'],
  ]);
});
