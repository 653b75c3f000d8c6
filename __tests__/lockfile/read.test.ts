import { expect, test } from '@jest/globals';
import { problemsOf } from '../../src/errors.ts';
import { lockText } from '../../src/lockfile/make.ts';
import { parseLock } from '../../src/lockfile/read.ts';
import { errorOf } from '../phases/scene.ts';

const sum = 'a'.repeat(64);
const url = 'https://dl.k8s.io/v1.37.2/bin/linux/amd64/kubectl';
const image = 'registry.k8s.io/pause:3.10.2';
const text = lockText({
  file: '',
  binaries: new Map([[url, sum]]),
  images: new Map([[image, `sha256:${sum}`]]),
});

test('A lock that was written is read as it was', () => {
  const lock = parseLock(text, 'prod/cluster.lock.yaml');
  expect(lock).toEqual({
    file: 'prod/cluster.lock.yaml',
    binaries: new Map([[url, sum]]),
    images: new Map([[image, `sha256:${sum}`]]),
  });
  expect(parseLock(`\uFEFF${text.replaceAll('\n', '\r\n')}`, '')).toEqual({ ...lock, file: '' });
});

test.each<[what: string, text: string, line: number, message: RegExp]>([
  ['a checksum that was cut off', text.replace(`kubectl: ${sum}`, `kubectl: ${sum.slice(1)}`), 4, /kubectl.*SHA-256/],
  ['a digest without its algorithm', text.replace('sha256:', ''), 6, /pause.*digest/],
  ['a file by http', text.replace('https:', 'http:'), 4, /https:\/\/host\/path/],
  ['a file with a path in the URL that leads elsewhere', text.replace('/bin/', '/bin?x/'), 4, /https:\/\/host\/path/],
  ['an image without a tag', text.replace(':3.10.2', ''), 6, /registry\/name:tag/],
  ['an unknown key', `${text}charts: {}\n`, 7, /no key charts/],
  ['no images', 'binaries: {}\n', 1, /images/],
  ['an entry twice', text.replace(/^( {2}https.*\n)/m, '$1$1'), 5, /second time/],
  ['a merge conflict', text.replace('images:', '<<<<<<< HEAD\nimages:'), 5, /./],
  ['nothing', '', 1, /The file/],
  ['a list', '- x\n', 1, /The file/],
  ['an alias to a great many', `a: &a [x]\n${text}b: *c\n`, 8, /anchor/],
  ['endless nesting', `a:${'\n- '.repeat(10_000)}`, 1, /./],
  ['brackets without an end', `a: ${'[\n'.repeat(15_000)}`, 2, /./],
  ['an endless line', `${text}# ${'x'.repeat(2000)}\n`, 7, /1024 characters/],
  ['too much', `# ${'x\n# '.repeat(100_000)}`, 1, /32768 characters/],
])('%s is refused, with its line and the fix', async (_, wrong, line, message) => {
  const [problem] = problemsOf(await errorOf(() => parseLock(wrong, 'cluster.lock.yaml')));
  expect(problem).toMatchObject({
    code: 'LOCKFILE_INVALID',
    message: expect.stringMatching(message),
    fields: { file: 'cluster.lock.yaml', line, hint: expect.stringContaining('lock: true') },
  });
});
