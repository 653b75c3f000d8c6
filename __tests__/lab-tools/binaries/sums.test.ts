import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allReleases } from '../../../lab/binaries/releases.ts';
import { findSum, sha256, sumText } from '../../../lab/binaries/sums.ts';
import { scratchFolder } from '../scratch.ts';

const sum = 'a'.repeat(64);
const other = 'b'.repeat(64);

test('sum files are written as upstream writes them', () => {
  const bare = { file: 'dl.k8s.io/v1/kubelet', sum: { file: '', style: 'bare' } } as const;
  expect(sumText(bare, sum)).toBe(sum);
  const listed = { file: 'github.com/x/runc.amd64', sum: { file: '', style: 'listed' } } as const;
  expect(sumText(listed, sum)).toBe(`${sum}  runc.amd64\n`);
  const github = { file: 'github.com/x/flanneld-amd64', sum: { file: '', style: 'github' } } as const;
  expect(findSum(sumText(github, sum), 'flanneld-amd64')).toBe(sum);
  expect(findSum(sumText(github, sum), 'flanneld-arm64')).toBeUndefined();
});

test("a file's sum is found in every style that upstream projects use", () => {
  expect(findSum(sum, 'kubelet')).toBe(sum);
  expect(findSum(`${other}  runc.arm64\n${sum}  runc.amd64\n`, 'runc.amd64')).toBe(sum);
  expect(findSum(`${sum} *runc.amd64\n`, 'runc.amd64')).toBe(sum);
  expect(findSum(`${sum}  ./runc.amd64\n`, 'runc.amd64')).toBe(sum);
  expect(findSum(`${other}  runc.arm64\n`, 'runc.amd64')).toBeUndefined();
});

test('the SHA-256 of a file is the one that sha256sum prints', async () => {
  await using folder = await scratchFolder();
  const path = join(folder.path, 'abc');
  await writeFile(path, 'abc');
  expect(await sha256(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('no two releases share a file, and every file has its sum beside it or on GitHub', () => {
  const releases = allReleases('v1.37.2');
  expect(new Set(releases.map(({ file }) => file)).size).toBe(releases.length);
  for (const { file, sum: beside } of releases) {
    if (beside.style === 'github') expect(beside.file).toMatch(/^api\.github\.com\/repos\/.+\/releases\/tags\/v/);
    else expect(beside.file.slice(0, beside.file.lastIndexOf('/'))).toBe(file.slice(0, file.lastIndexOf('/')));
  }
});
