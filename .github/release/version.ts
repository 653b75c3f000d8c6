// Whether a version can be released from this commit: `node .github/release/version.ts 1.2.3 >notes.md`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gt, prerelease, valid } from 'semver';

/** What the release says about itself: the version's part of the changelog. @throws Error that names what is missing */
export function releaseNotes(version: string, texts: { readonly package: string; readonly changelog: string }): string {
  if (!isVersion(version)) throw new Error(`${version} is no version like 1.2.3`);
  const { version: said } = JSON.parse(texts.package);
  if (said !== version) throw new Error(`package.json says ${said}, not ${version}`);
  const [, ...parts] = texts.changelog.split(/^## (?=\S)/m);
  const part = parts.find((each) => /^\S+/.exec(each)?.[0].replace(/[[\]]/g, '') === version);
  const notes = part?.replace(/^.*\n/, '').trim();
  if (!notes) throw new Error(`CHANGELOG.md says nothing under "## ${version}"`);
  return `${notes}\n`;
}

/**
 * The versions that a branch releases, as their beginning: all of them on main, `1.` on maintenance/1, `1.2.` on maintenance/1.2.
 * @param ref as in GITHUB_REF
 * @throws Error for every other branch and for tags
 */
export function lineOf(ref: string): string {
  if (ref === 'refs/heads/main') return '';
  const [, line] = /^refs\/heads\/maintenance\/(\d+(?:\.\d+)?)$/.exec(ref) ?? [];
  if (line === undefined)
    throw new Error(`Releases are made from main, maintenance/1 or maintenance/1.2, not from ${ref}`);
  return `${line}.`;
}

/**
 * A release is above all others of its line, so that a fix for 1.1 can follow 1.2.0, from its own branch.
 * @throws Error when the version is not of this line, when it has no usual form, or when it is not above a release of its line
 */
export function mustBeNewest(version: string, line: string, tags: readonly string[]): void {
  if (!version.startsWith(line)) throw new Error(`${version} is not released from the branch of ${line}x`);
  // A pre-release that ends with a number can be followed by the next one.
  if (prerelease(version)?.every((part) => typeof part === 'string'))
    throw new Error(`${version} is a pre-release without a number; write ${version}.1`);
  for (const tag of tags) {
    const released = tag.slice(1);
    if (!isVersion(released) || !released.startsWith(line)) continue;
    if (!gt(version, released)) throw new Error(`${tag} is released; take a version above it`);
  }
}

/** Without build metadata, which does not count in comparisons. */
function isVersion(text: string): boolean {
  return /^\d/.test(text) && !text.includes('+') && valid(text) === text;
}

if (import.meta.main) {
  const [version = ''] = process.argv.slice(2);
  const { stdout } = spawnSync('git', ['tag', '--list', 'v*'], { encoding: 'utf8' });
  mustBeNewest(version, lineOf(process.env.GITHUB_REF ?? ''), stdout.split('\n').filter(Boolean));
  const texts = { package: readFileSync('package.json', 'utf8'), changelog: readFileSync('CHANGELOG.md', 'utf8') };
  process.stdout.write(releaseNotes(version, texts));
}
