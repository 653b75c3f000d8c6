import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { must } from '../../lab/command.ts';
import { fetchPackages } from '../../lab/packages/apt-source.ts';
import { places } from '../../src/layout/paths.ts';
import { checkedByHaproxy } from '../components/haproxy-check.ts';
import { state } from '../components/support.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

// The oldest haproxy that the product is for, and the newest one in a release of Debian. The suite itself uses Debian 12's 2.6.
const versions = [
  ['2.2', 'bullseye'],
  ['3.0', 'trixie'],
] as const;

const configurations = [
  ['API servers', state(smallCluster(), 'master-1', 'node'), places.balancerConfig],
  ['stacked etcd', state(smallCluster(), 'master-1', 'master'), places.etcdBalancerConfig],
  ['external etcd', state(seedCluster(), 'master-1', 'master'), places.etcdBalancerConfig],
] as const;

describe.each(versions)('haproxy %s of Debian %s', (version, suite) => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let program: readonly [string, ...string[]];

  // Not installed: it runs with the libraries of its own release.
  beforeAll(async () => {
    scratch = await scratchFolder();
    const tree = join(scratch.path, 'tree');
    const folder = await fetchPackages(scratch.path, undefined, ['haproxy'], suite);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
      await must(['dpkg-deb', '-x', join(folder, file), tree]);
    const libraries = ['lib', 'usr/lib'].map((name) => join(tree, name, 'x86_64-linux-gnu'));
    const loader = libraries.map((directory) => join(directory, 'ld-linux-x86-64.so.2')).find(existsSync) ?? '';
    program = [loader, '--library-path', libraries.join(':'), join(tree, 'usr/sbin/haproxy')];
  }, 300_000);

  afterAll(async () => await scratch[Symbol.asyncDispose]());

  test.each(configurations)('accepts the configuration for %s without a message', async (_, given, path) => {
    expect(await must([...program, '-v'])).toContain(`version ${version}.`);
    const { status, stderr } = checkedByHaproxy(given, path, program);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
