import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Plugin } from 'esbuild';
import { bundle } from '../../bundling/bundle.ts';

const root = join(import.meta.dirname, '../..');
type Bundles = Awaited<ReturnType<typeof bundle>>;
let made: Bundles;

beforeAll(async () => {
  made = await bundle(root);
}, 60_000);

/** Files in different chunks. */
const changed = ['src/errors.ts', 'src/host/session.ts', 'src/components/etcd.ts', 'src/kubernetes/watch.ts'];

/** Appends a line to each of those files. */
const oneLineMore: Plugin = {
  name: 'one-line-more',
  setup(builder) {
    const files = changed.map((file) => join(root, file));
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      files.includes(path)
        ? { contents: `${readFileSync(path, 'utf8')}\nconsole.log('one line more');\n`, loader: 'ts' }
        : undefined,
    );
  },
};

test('A new line in src is a new line in dist, and every other byte is unchanged', async () => {
  const after = await bundle(root, [oneLineMore]);
  expect([...after.keys()]).toEqual([...made.keys()]);
  const different = [...after].filter(([path, text]) => made.get(path) !== text);
  expect(different).toHaveLength(changed.length);
  for (const [path, text] of different) {
    const without = text.split('\n').filter((line) => !line.includes('one line more'));
    expect(without.join('\n') === made.get(path)).toBe(true);
    expect(text.split('\n').length - without.length).toBe(1);
  }
}, 60_000);

test('Every file that a bundle imports exists, with a name without a hash', () => {
  const imports = [...made].flatMap(([path, text]) =>
    Array.from(text.matchAll(/(?:^import|^\} from|\bimport\() ?"(\.[^"]+)"/gm), ([, to = '']) =>
      join(dirname(path), to),
    ),
  );
  expect(imports.length).toBeGreaterThan(50);
  expect(imports.filter((path) => !made.has(path))).toEqual([]);
  expect([...made.keys()].filter((path) => /-[A-Z0-9]{8}\.js$/.test(path))).toEqual([]);
});
