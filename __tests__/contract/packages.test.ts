import { describe, expect, test } from '@jest/globals';
import semver from 'semver';
import { filesMatching, importsOf, textOf } from './tree.ts';

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

interface Manifest {
  readonly workspaces: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** `p` of `p/functions/parse.js`, `@scope/p` of `@scope/p/x`. */
const packageOf = (target: string) => /^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? '';

describe('The lab is a workspace', () => {
  const product: Manifest = JSON.parse(textOf('package.json'));
  const lab: Manifest = JSON.parse(textOf('lab/package.json'));

  test('whose package.json lists each package that the lab imports', () => {
    expect(product.workspaces).toEqual(['lab']);
    const targets = filesMatching(/^lab\/.*\.ts$/)
      .flatMap(importsOf)
      .map(({ target }) => target)
      .filter((target) => !/^(node:|lab\/|src\/)/.test(target));
    expect(targets).toContain('yaml');
    expect(targets.map(packageOf).filter((name) => !Object.hasOwn(lab.dependencies, name))).toEqual([]);
  });

  test('with the product’s version of each package that both import', () => {
    const ofProduct = { ...product.dependencies, ...product.devDependencies };
    const others = Object.entries(lab.dependencies).filter(
      ([name, version]) => (ofProduct[name] ?? version) !== version,
    );
    expect(others).toEqual([]);
  });
});
