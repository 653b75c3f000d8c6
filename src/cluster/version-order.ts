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
