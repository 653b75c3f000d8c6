import { expect, test } from '@jest/globals';
import { bundledPackages } from '../../.github/release/licences.ts';

const allowed = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'Unlicense']);
/** Its package.json names the licence in an older way; the text is MIT's. */
const older = ['ssh2'];

function mayBundle(licence: string): boolean {
  const choices = licence.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((each) => allowed.has(each)));
}

test('every package in the bundles has a known licence that allows bundling', async () => {
  const packages = await bundledPackages();
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['zod', 'ssh2', 'age-encryption']));
  const odd = packages.filter(({ name, licence, text }) => !(mayBundle(licence) || (older.includes(name) && text)));
  expect(odd.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
}, 60_000);

test('code that only zipped artifacts and other runs need is not bundled', async () => {
  const names = (await bundledPackages()).map(({ name }) => name);
  expect(names.filter((name) => /^(archiver|unzip-stream|buffers|@octokit\/.*|@actions\/github)$/.test(name))).toEqual(
    [],
  );
}, 60_000);
