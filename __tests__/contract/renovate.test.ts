import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { kubernetesMinors, versionNames } from '../../src/cluster/versions.ts';
import { versionsOf } from '../../src/plan/versions.ts';
import { filesMatching, textOf } from './tree.ts';

// renovate/versions.json, applied as Renovate applies it: each regular expression with the flag g, and in the strategy `recursive` the
// second one to what the first one has found. Source: docs.renovatebot.com/modules/manager/regex

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly matchStringsStrategy?: string;
  readonly depNameTemplate: string;
  readonly extractVersionTemplate: string;
}
const preset: {
  readonly customManagers: readonly Manager[];
  readonly packageRules: readonly Record<string, unknown>[];
} = JSON.parse(textOf('renovate/versions.json'));

function found(text: string): Readonly<Record<string, string[]>> {
  const captures = preset.customManagers.map(({ depNameTemplate, matchStrings, matchStringsStrategy }) => {
    expect([matchStrings.length, matchStringsStrategy]).toEqual(
      matchStrings.length === 1 ? [1, undefined] : [2, 'recursive'],
    );
    const [first = /$^/g, second] = matchStrings.map((source) => new RegExp(source, 'g'));
    const matches = [...text.matchAll(first)].flatMap((match) => (second ? [...match[0].matchAll(second)] : [match]));
    return [depNameTemplate, matches.map(({ groups }) => groups?.currentValue ?? '')] as const;
  });
  return Object.fromEntries(captures.filter(([, values]) => values.length > 0));
}

const hosts =
  '\nname: one\nhosts:\n  - { name: a, address: 192.168.1.1, roles: [etcd, master, node], labels: { etcd: 9.9.9 } }\n';

test.each([
  ['in a block', 'versions:\n  etcd: 3.7.2\n\n  # runc: 0.0.1\n  containerd: "2.4.1"\n  metricsServer: v0.8.0'],
  ['in one line', 'versions: { etcd: 3.7.2, containerd: "2.4.1", metricsServer: v0.8.0 }'],
  [
    'with comments',
    'versions: # as tested\n    etcd: 3.7.2 # newest\n    containerd: "2.4.1"\n    metricsServer: v0.8.0\n',
  ],
])('versions %s are found, and nothing else of the file', (_, versions) => {
  const text = `kubernetesVersion: 1.36.4\n${versions}${hosts}etcd: { extraArgs: [] }\ncontainerd:\n  registries: {}\n`;
  const { kubernetes, etcd, containerd, metricsServer } = versionsOf(parseCluster(text, 'cluster.yaml'));
  expect(found(text)).toEqual({
    'kubernetes/kubernetes': [kubernetes],
    'etcd-io/etcd': [etcd],
    'containerd/containerd': [containerd],
    'registry.k8s.io/metrics-server/metrics-server': [metricsServer],
  });
});

test('the version of each cluster file of the examples is found', () => {
  const files = filesMatching(/^examples\/.*cluster\.yaml$/);
  for (const file of files) {
    const [, version] = /^kubernetesVersion: (\S+)$/m.exec(textOf(file)) ?? [];
    expect([file, found(textOf(file))]).toEqual([file, version ? { 'kubernetes/kubernetes': [version] } : {}]);
    const [, pattern = ''] = /^\/(.*)\/$/.exec(preset.customManagers[0]?.managerFilePatterns[0] ?? '') ?? [];
    expect(file).toMatch(new RegExp(pattern));
  }
  expect('cluster.lock.yaml').not.toMatch(/(^|\/)cluster\.ya?ml$/);
});

test('there is a rule for every version that the file can name', () => {
  const keys = preset.customManagers.map(
    ({ matchStrings }) => /(\w+)(\["'\]\?)?:\[ \\t\]/.exec(matchStrings.at(-1) ?? '')?.[1],
  );
  const names = versionNames.map((name) => (name === 'kubernetes' ? 'kubernetesVersion' : name));
  expect(keys.toSorted()).toEqual(names.toSorted());
  for (const { extractVersionTemplate } of preset.customManagers) {
    const tag = extractVersionTemplate.startsWith('^v') ? 'v1.2.3' : '1.2.3';
    expect(new RegExp(extractVersionTemplate).exec(tag)?.groups?.version).toBe('1.2.3');
    expect(`${tag}-rc.1`).not.toMatch(new RegExp(extractVersionTemplate));
  }
});

test('no minor version of Kubernetes is proposed that this release does not support', () => {
  const newest = Math.max(...Object.keys(kubernetesMinors).map(Number));
  const rule = preset.packageRules.find(
    ({ matchPackageNames }) => String(matchPackageNames) === 'kubernetes/kubernetes',
  );
  expect(rule).toMatchObject({ allowedVersions: `<1.${newest + 1}.0`, separateMultipleMinor: true });
});
