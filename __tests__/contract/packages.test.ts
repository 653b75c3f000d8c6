import { expect, test } from '@jest/globals';
import semver from 'semver';
import { textOf } from './tree.ts';

interface Locked {
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
}

test('Every package runs on the oldest Node that the project allows, so that npm ci prints no warning there', () => {
  const allowed: string = JSON.parse(textOf('package.json')).engines.node;
  const major = /^>=(\d+)$/.exec(allowed)?.[1];
  expect(major).toBeDefined();
  // A machine with updates has the last release of that line.
  const oldest = `${major}.20.0`;
  const packages = Object.entries<Locked>(JSON.parse(textOf('package-lock.json')).packages);
  expect(packages.length).toBeGreaterThan(300);
  const refusing = packages.filter(([, { engines }]) => engines?.node && !semver.satisfies(oldest, engines.node));
  expect(refusing.map(([name, { engines }]) => `${name}: ${engines?.node}`)).toEqual([]);
});
