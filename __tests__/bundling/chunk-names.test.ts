import { describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { chunkNames, renameImports } from '../../bundling/chunk-names.ts';

type Outputs = Metafile['outputs'];

function output(files: readonly string[], entryPoint?: string): Outputs[string] {
  const inputs = Object.fromEntries(files.map((file) => [file, { bytesInOutput: 1 }]));
  return { bytes: 1, inputs, imports: [], exports: [], ...(entryPoint && { entryPoint }) };
}

function namesOf(outputs: Outputs): readonly string[] {
  return [...chunkNames(outputs).values()];
}

const ssh = 'node_modules/node-ssh/lib/esm/index.mjs';

describe('A chunk is named by', () => {
  test.each<[string, string, Outputs[string]]>([
    ['the room with most of its files', 'host', output(['src/host/a.ts', 'src/host/b.ts', 'src/pki/c.ts'])],
    ['a room of src before a package', 'host', output(['src/host/a.ts', 'node_modules/yaml/a.js'])],
    ['the package, where no room is in it', 'yaml', output(['node_modules/yaml/a.js', 'node_modules/yaml/b.js'])],
    ['a package with a scope', 'actions-exec', output(['node_modules/@actions/exec/lib/exec.js'])],
    ['the package below another', 'curves', output(['node_modules/a/node_modules/curves/index.js'])],
    ['the package that is loaded when it is needed', 'node-ssh', output([ssh, 'node_modules/ssh2/a.js'], ssh)],
    ['the package that it only passes on', 'load-node-ssh-lib-esm', output(['node_modules/ssh2/a.js'], ssh)],
    ['the bundler, where nothing else is in it', 'runtime', output([])],
  ])('%s', (_, name, chunk) => {
    expect(namesOf({ 'dist/chunks/chunk-AAAAAAAA.js': chunk })).toEqual([name]);
  });

  test('its first file, if most of its code is from another room', () => {
    const names = namesOf({
      'dist/deploy/index.js': output(['src/phases/deploy.ts'], 'src/actions/deploy.ts'),
      'dist/chunks/chunk-AAAAAAAA.js': output(['src/phases/join-tokens.ts', 'src/phases/join-nodes.ts']),
      'dist/chunks/chunk-BBBBBBBB.js': output(['src/phases/reach-masters.ts']),
    });
    expect(names).toEqual(['phases-join-nodes', 'phases-reach-masters']);
  });
});

test('Two chunks with the same name are refused', () => {
  const outputs = { 'dist/chunks/a.js': output([]), 'dist/chunks/b.js': output([]) };
  expect(() => chunkNames(outputs)).toThrow('dist/chunks/a.js and dist/chunks/b.js are both named runtime');
});

test('Imports of chunks are renamed, and nothing else', () => {
  const names = new Map([['dist/chunks/chunk-AAAAAAAA.js', 'host']]);
  const text = [
    'import { a } from "./chunk-AAAAAAAA.js";',
    'await import("../chunks/chunk-AAAAAAAA.js");',
    'import "./chunk-BBBBBBBB.js";',
    'const text = "chunk-AAAAAAAA.js";',
  ];
  expect(renameImports(text.join('\n'), names).split('\n')).toEqual([
    'import { a } from "./host.js";',
    'await import("../chunks/host.js");',
    ...text.slice(2),
  ]);
});
