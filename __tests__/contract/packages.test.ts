import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { textOf } from './tree.ts';

// A dependency of jest's; npm judges engines by it too.
const semver = createRequire(import.meta.url)('semver') as {
  satisfies(version: string, range: string): boolean;
};

interface Locked {
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
}

test('Every package runs on the oldest Node that the project allows, so that npm ci prints no warning there', () => {
  const allowed: string = JSON.parse(textOf('package.json')).engines.node;
  const major = /^>=(\d+)$/.exec(allowed)?.[1];
  expect(major).toBeDefined();
  // The last release of that line is what a machine that keeps it up to date has.
  const oldest = `${major}.20.0`;
  const packages = Object.entries<Locked>(JSON.parse(textOf('package-lock.json')).packages);
  expect(packages.length).toBeGreaterThan(300);
  const refusing = packages.filter(([, { engines }]) => engines?.node && !semver.satisfies(oldest, engines.node));
  expect(refusing.map(([name, { engines }]) => `${name}: ${engines?.node}`)).toEqual([]);
});
