import parse from 'semver/functions/parse.js';

// Loose: a version of cluster.yaml may have leading zeros.
const read = (version: string) => parse(version, { loose: true });

/**
 * Whether a version is older than another, as semver orders them.
 *
 * @returns false for a text that is not a version: the schema reports that.
 */
export function isOlder(version: string, than: string): boolean {
  return (read(version)?.compare(than) ?? 0) < 0;
}

/** 37 of `1.37.2`; 0 for a text that is not a version. */
export function minorOf(version: string): number {
  return read(version)?.minor ?? 0;
}

/** Major, minor and patch of `1.37.2` or `v1.37.2-rc.0+build`; undefined for another text. */
export function versionParts(version: string): readonly [major: number, minor: number, patch: number] | undefined {
  const { major, minor, patch } =
    /^v?(?<major>\d{1,6})\.(?<minor>\d{1,6})\.(?<patch>\d{1,6})/.exec(version)?.groups ?? {};
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return [Number(major), Number(minor), Number(patch)];
}

/** Below 0 if the first version is older, above 0 if it is newer. A version that can't be read is older than any other. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [versionParts(one) ?? [-1, 0, 0], versionParts(other) ?? [-1, 0, 0]];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The newest of some versions; undefined when there is none. */
export function newestOf(versions: readonly string[]): string | undefined {
  return versions.toSorted(compareVersions).at(-1);
}
