import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ValidationConfig } from '@actions/languageservice';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { scratchFolder } from '../scratch.ts';
import { loadValidator } from './validator.ts';

// GitHub's own validator: contexts of each key, types of inputs, `$/x`, secrets and permissions of called workflows.

const root = join(import.meta.dirname, '../../..');
const below = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yml'))
    .map((file) => join(folder, file));
const workflows = [...below('.github/workflows'), ...below('examples')];
const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const manifests = ['.', ...folders.map(({ name }) => name)]
  .map((folder) => join(folder, 'action.yml'))
  .filter((file) => existsSync(join(root, file)));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
/** Complete workflows in documents, to be copied. */
const written = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => join('docs', file))]
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) =>
    Array.from(textOf(file).matchAll(/^```yaml\n(.*?)^```$/gms), ([, text = '']) => [file, text] as const),
  )
  .filter(([, text]) => /^on:/m.test(text) && /^jobs:/m.test(text));

const isOurs = (owner: string, name: string) => `${owner}/${name}` === 'org/k8s-ha-action';

/** A workflow that is called by its path is a copy of an example, if there is one of its name. */
function copied(path: string): string {
  const example = join('examples', basename(path));
  return path.startsWith('.github/workflows/') && existsSync(join(root, example)) ? example : path;
}

/** This repository for `$/x` and for `org/k8s-ha-action/x@v1`; nothing is known of other actions. */
const config: ValidationConfig = {
  fileProvider: {
    async getFileContent(reference) {
      if ('repository' in reference && !isOurs(reference.owner, reference.repository)) throw new Error('not ours');
      return {
        name: reference.path,
        content: textOf('repository' in reference ? reference.path : copied(reference.path)),
      };
    },
  },
  actionsMetadataProvider: {
    async fetchActionMetadata({ owner, name, path = '' }) {
      const nothing = { name, description: '' };
      return isOurs(owner, name) ? parse(textOf(join(path, 'action.yml'))) : nothing;
    },
  },
};

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let service: Awaited<ReturnType<typeof loadValidator>>;
let documents = 0;

beforeAll(async () => {
  scratch = await scratchFolder();
  service = await loadValidator(scratch.path);
});

afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
});

async function foundIn(file: string, text: string): Promise<readonly string[]> {
  documents += 1;
  // The service keeps what it has parsed under an address.
  const document = service.TextDocument.create(`file:///${documents}/${file}`, 'yaml', 1, text);
  const found = await service.validate(document, config);
  return found.map(({ message, range }) => `${file}:${range.start.line + 1}: ${message}`);
}

/** As in the repository that it is copied to. */
const placeOf = (file: string) => `.github/workflows/${file.split('/').at(-1)}`;

test.each(workflows)('GitHub’s validator finds nothing in %s', async (file) => {
  expect(await foundIn(placeOf(file), textOf(file))).toEqual([]);
});

test.each(written)('GitHub’s validator finds nothing in the workflow of %s', async (_, text) => {
  expect(await foundIn('.github/workflows/a.yml', text)).toEqual([]);
});

test('a document has a workflow to be copied', () => {
  expect(written.map(([file]) => file)).toContain('docs/enterprise-server.md');
});

test.each(manifests)('GitHub’s validator finds nothing in %s', async (file) => {
  expect(await foundIn(file, textOf(file))).toEqual([]);
});

const called = 'uses: org/k8s-ha-action/.github/workflows/cluster.yml@v1';
const job = (...lines: readonly string[]) =>
  `on: push\njobs:\n  one:\n${lines.map((line) => `    ${line}\n`).join('')}`;

test.each([
  ['an input that a called workflow does not have', job(called, 'with: { known-host: a }'), /known-host/],
  ['a context that is not available', job('runs-on: ${{ secrets.A }}', 'steps: [{ run: a }]'), /secrets/],
  [
    'an input that an action does not have',
    job('runs-on: a', 'steps: [{ uses: org/k8s-ha-action/plan@v1, with: { ssh-keys: a } }]'),
    /ssh-keys/,
  ],
  ['an action that the commit does not have', job('runs-on: a', 'steps: [{ uses: $/etdc }]'), /\$\/etdc/],
])('it finds %s', async (_, text, message) => {
  expect(await foundIn('.github/workflows/a.yml', text)).toContainEqual(expect.stringMatching(message));
});

test('it finds a wrong key of an action', async () => {
  expect(await foundIn('etcd/action.yml', textOf('etcd/action.yml').replace('using:', 'uses:'))).not.toEqual([]);
});
