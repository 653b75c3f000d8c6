// Whether a version can be released from this commit: `node .github/release/version.ts 1.2.3 >notes.md`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the release says about itself: the version's part of the changelog. @throws Error that names what is missing */
export function releaseNotes(version: string, texts: { readonly package: string; readonly changelog: string }): string {
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/.test(version)) throw new Error(`${version} is no version like 1.2.3`);
  const { version: said } = JSON.parse(texts.package);
  if (said !== version) throw new Error(`package.json says ${said}, not ${version}`);
  const [, ...parts] = texts.changelog.split(/^## (?=\S)/m);
  const part = parts.find((each) => /^\S+/.exec(each)?.[0].replace(/[[\]]/g, '') === version);
  const notes = part?.replace(/^.*\n/, '').trim();
  if (!notes) throw new Error(`CHANGELOG.md says nothing under "## ${version}"`);
  return `${notes}\n`;
}

/** @throws Error when the version is not above all of the releases of its major version. */
export function mustBeNewest(version: string, tags: readonly string[]): void {
  const key = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number);
  const [major = 0, minor = 0, patch = 0] = key(version);
  for (const tag of tags) {
    const released = /^v(\d+\.\d+\.\d+(?:-.+)?)$/.exec(tag)?.[1];
    if (released === undefined) continue;
    const [otherMajor = 0, otherMinor = 0, otherPatch = 0] = key(released);
    const above = minor > otherMinor || (minor === otherMinor && patch > otherPatch);
    // A pre-release may be followed by others and by its release.
    const follows = minor === otherMinor && patch === otherPatch && released.includes('-') && released !== version;
    if (major === otherMajor && !above && !follows) throw new Error(`${tag} is released; take a version above it`);
  }
}

if (import.meta.main) {
  const [version = ''] = process.argv.slice(2);
  const { stdout } = spawnSync('git', ['tag', '--list', 'v*'], { encoding: 'utf8' });
  mustBeNewest(version, stdout.split('\n').filter(Boolean));
  const texts = { package: readFileSync('package.json', 'utf8'), changelog: readFileSync('CHANGELOG.md', 'utf8') };
  process.stdout.write(releaseNotes(version, texts));
}
