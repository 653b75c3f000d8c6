import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { filesMatching, textOf } from './tree.ts';

const blocks = Array.from(textOf('README.md').matchAll(/^```yaml\n(.*?)^```$/gms), ([, text = '']) => text);

test('The README shows the cluster file of examples/seed, without the additions of the lab’s seed', () => {
  const [shown, ...more] = blocks.filter((text) => /^hosts:/m.test(text)).map((text) => parse(text));
  const seed = parse(textOf('examples/seed/cluster.yaml'));
  const hosts = seed.hosts.map(({ hostname: _, ...host }: Record<string, unknown>) => host);
  expect(more).toEqual([]);
  expect(shown).toEqual({ name: seed.name, kubernetesVersion: seed.kubernetesVersion, hosts });
});

test('The README shows the end of examples/apply.yml, word for word', () => {
  const [shown = '', ...more] = blocks.filter((text) => /^jobs:/m.test(text));
  expect(more).toEqual([]);
  expect(textOf('examples/apply.yml').endsWith(`\n${shown}`)).toBe(true);
});

test('Getting started downloads every workflow of examples/ under its own name', () => {
  const guide = textOf('docs/getting-started.md');
  const address = 'https://raw.githubusercontent.com/org/k8s-ha-action/v1/examples';
  expect(guide).toContain(`-o .github/workflows/$name.yml ${address}/$name.yml\n`);
  const single = Array.from(guide.matchAll(/ -o \.github\/workflows\/(\w\S*) (\S+)$/gm));
  expect(single.map(([, file, source]) => [`${address}/${file}`, source])).toEqual(
    single.map(([, , source]) => [source, source]),
  );
  const [, names = ''] = /^for name in (.*); do$/m.exec(guide) ?? [];
  const files = [...names.split(' ').map((name) => `${name}.yml`), ...single.map(([, file]) => file)];
  expect(files.map((file) => `examples/${file}`).sort()).toEqual(filesMatching(/^examples\/[^/]+\.yml$/));
});
