import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { compareVersions, versionParts } from '../../src/cluster/version-order.ts';
import { defaultVersions } from '../../src/cluster/versions.ts';
import type { ObservedVersions, PlacedVersion, ServedVersion } from '../../src/observe/observed.ts';
import { planVersions } from '../../src/plan/versions.ts';

const hosts = `
hosts:
  - { name: one, address: 192.168.1.11, roles: [etcd, master, node] }
  - { name: two, address: 192.168.1.12, roles: [node] }
`;

const clusterOf = (keys = ''): Cluster => parseCluster(`name: tiny\n${keys}${hosts}`, 'cluster.yaml');

const serves = (component: ServedVersion['component'], host: string, version: string): ServedVersion => ({
  component,
  host,
  version,
});
const lies = (program: string, host: string, version: string, name: PlacedVersion['name'] = 'kubernetes') => ({
  program,
  host,
  version,
  name,
});
const observed = (parts: Partial<ObservedVersions> = {}): ObservedVersions => ({
  served: [],
  placed: [],
  addons: {},
  ...parts,
});

const refusalsOf = (keys: string, parts: Partial<ObservedVersions>) =>
  planVersions(clusterOf(keys), observed(parts)).refusals.map(({ code, message }) => [code, message]);

describe('What cluster.yaml does not name', () => {
  test('is the default where nothing runs', () => {
    expect(planVersions(clusterOf(), observed())).toEqual({ versions: defaultVersions, notes: [], refusals: [] });
  });

  test('stays what runs, and the plan says that the default is newer', () => {
    const plan = planVersions(
      clusterOf(),
      observed({
        served: [serves('kube-apiserver', 'one', '1.36.3')],
        placed: [lies('containerd', 'one', '2.3.0', 'containerd'), lies('etcd', 'one', '3.7.1', 'etcd')],
        addons: { coredns: '1.14.0' },
      }),
    );
    expect(plan.versions).toMatchObject({
      kubernetes: '1.36.3',
      etcd: '3.7.1',
      containerd: '2.3.0',
      coredns: '1.14.0',
    });
    expect(plan.notes).toContain(
      `kubernetesVersion is not in cluster.yaml: the running 1.36.3 stays; the default of this release is ${defaultVersions.kubernetes}`,
    );
    expect(plan.notes).toHaveLength(4);
    expect(plan.refusals).toEqual([]);
  });

  test('is not what a killed run has placed and not started', () => {
    const { versions } = planVersions(
      clusterOf(),
      observed({
        served: [serves('kube-apiserver', 'one', '1.36.3')],
        placed: [lies('kube-apiserver', 'one', '1.37.2'), lies('kubelet', 'two', '1.37.2')],
      }),
    );
    expect(versions.kubernetes).toBe('1.36.3');
  });

  test('is what lies on the hosts while no API server answers', () => {
    const { versions } = planVersions(clusterOf(), observed({ placed: [lies('kube-apiserver', 'one', '1.36.3')] }));
    expect(versions.kubernetes).toBe('1.36.3');
  });

  test('is not chosen by one host for the others', () => {
    const placed = ['one', 'two', 'three'].map((host) =>
      lies('runc', host, host === 'one' ? '99.0.0' : '1.5.1', 'runc'),
    );
    expect(planVersions(clusterOf(), observed({ placed })).versions.runc).toBe('1.5.1');
  });

  test('is refused where this release does not support what runs', () => {
    expect(refusalsOf('', { served: [serves('kube-apiserver', 'one', '1.29.4')] })).toEqual([
      ['VERSION_UNSUPPORTED', 'the cluster runs Kubernetes 1.29.4, which this release of the actions does not support'],
    ]);
  });
});

describe('A version in cluster.yaml', () => {
  test.each([
    ['1.37.2', '1.36.3'],
    ['1.37.2', '1.37.1'],
  ])('is refused when %s runs and it is %s', (runs, wanted) => {
    expect(refusalsOf(`kubernetesVersion: ${wanted}\n`, { served: [serves('kube-apiserver', 'one', runs)] })).toEqual([
      ['VERSION_DOWNGRADE', `kubernetesVersion is ${wanted}, but a newer Kubernetes runs: one: kube-apiserver ${runs}`],
    ]);
  });

  test('is refused when it skips a minor version, and the hint names the next one', () => {
    const { refusals } = planVersions(
      clusterOf('kubernetesVersion: 1.37.2\n'),
      observed({ served: [serves('kube-apiserver', 'one', '1.36.3'), serves('kube-apiserver', 'two', '1.35.9')] }),
    );
    expect(refusals.map(({ code }) => code)).toEqual(['VERSION_SKIPPED']);
    expect(refusals[0]?.message).toMatch(/: two: kube-apiserver 1\.35\.9$/);
    expect(refusals[0]?.fields.hint).toMatch(/^Set kubernetesVersion to a release of 1\.36 first/);
  });

  test('is judged by what lies on a master whose API server does not answer', () => {
    expect(refusalsOf('kubernetesVersion: 1.36.3\n', { placed: [lies('kube-apiserver', 'one', '1.37.2')] })).toEqual([
      [
        'VERSION_DOWNGRADE',
        'kubernetesVersion is 1.36.3, but a newer Kubernetes runs: one: kube-apiserver 1.37.2 (on disk)',
      ],
    ]);
  });

  test('may go back to what serves after a run that only placed the newer one', () => {
    const parts = {
      served: [serves('kube-apiserver', 'one', '1.36.3'), serves('kubelet', 'two', '1.36.3')],
      placed: ['kube-apiserver', 'kube-scheduler', 'kubelet'].map((program) => lies(program, 'one', '1.37.2')),
    };
    expect(refusalsOf('kubernetesVersion: 1.36.3\n', parts)).toEqual([]);
  });

  test.each([
    ['1.37.2', '1.36.3', /^kubelets would be newer than the API servers.*: two: kubelet 1\.37\.2$/],
    ['1.33.9', '1.37.2', /^kubelets would be more than 3 minor versions older.*: two: kubelet 1\.33\.9$/],
  ])('is refused beside a kubelet %s when it is %s', (kubelet, wanted, message) => {
    const served = [serves('kube-apiserver', 'one', '1.36.3'), serves('kubelet', 'two', kubelet)];
    expect(refusalsOf(`kubernetesVersion: ${wanted}\n`, { served })).toEqual([
      ['VERSION_SKEW', expect.stringMatching(message)],
    ]);
  });

  test.each([
    ['3.7.3', '3.6.11', 'VERSION_DOWNGRADE'],
    ['3.5.26', '3.7.3', 'VERSION_SKIPPED'],
    ['3.6.10', '3.7.3', 'VERSION_ETCD_HOP'],
    ['3.5.25', '3.6.11', 'VERSION_ETCD_HOP'],
  ])('is refused for etcd when a member has %s and it is %s', (runs, wanted, code) => {
    const served = [serves('etcd', 'one', runs)];
    const refusals = refusalsOf(`versions: { etcd: ${wanted} }\n`, { served });
    expect(refusals.map(([each]) => each)).toEqual([code]);
    expect(refusals[0]?.[1]).toContain(`one: etcd ${runs}`);
  });

  test('is refused for Kubernetes when the etcd that stays is too old for it', () => {
    const placed = [lies('etcd', 'one', '3.5.20', 'etcd')];
    expect(refusalsOf('kubernetesVersion: 1.37.2\n', { placed })).toEqual([
      ['VERSION_ETCD_HOP', 'Kubernetes 1.37.2 needs etcd 3.5.24 or later, but the members have 3.5.20'],
    ]);
  });

  test.each(['1.36.3', '1.37.2', '1.36.1'])('is taken when API servers run %s and it is 1.37.2', (runs) => {
    const served = [
      serves('kube-apiserver', 'one', runs),
      serves('kubelet', 'two', '1.34.1'),
      serves('etcd', 'one', '3.6.11'),
    ];
    expect(refusalsOf('kubernetesVersion: 1.37.2\nversions: { etcd: 3.7.3 }\n', { served })).toEqual([]);
  });

  test('is not compared with an answer that is no version', () => {
    expect(refusalsOf('kubernetesVersion: 1.37.2\n', { served: [serves('kubelet', 'two', 'unknown')] })).toEqual([]);
  });
});

describe('From any versions that run', () => {
  const version = fc
    .tuple(fc.integer({ min: 33, max: 38 }), fc.integer({ min: 0, max: 4 }))
    .map(([minor, patch]) => `1.${minor}.${patch}`);
  const supported = version.filter((each) => /^1\.3[4-7]\./.test(each));

  test('what is not refused never goes back, never skips and stays within the skew', () => {
    const states = fc.record({
      wanted: fc.option(supported, { nil: undefined }),
      servers: fc.array(version, { maxLength: 3 }),
      kubelets: fc.array(version, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(states, ({ wanted, servers, kubelets }) => {
        const served = [
          ...servers.map((each, index) => serves('kube-apiserver', `m${index}`, each)),
          ...kubelets.map((each, index) => serves('kubelet', `n${index}`, each)),
        ];
        const keys = wanted === undefined ? '' : `kubernetesVersion: ${wanted}\n`;
        const plan = planVersions(clusterOf(keys), observed({ served }));
        if (plan.refusals.length > 0) return;
        const target = plan.versions.kubernetes;
        const minor = (each: string) => versionParts(each)?.[1] ?? 0;
        for (const each of served) expect(compareVersions(each.version, target)).toBeLessThanOrEqual(0);
        for (const each of servers) expect(minor(target) - minor(each)).toBeLessThanOrEqual(1);
        for (const each of kubelets) expect(minor(target) - minor(each)).toBeLessThanOrEqual(3);
        if (wanted === undefined && servers.length > 0) expect(servers).toContain(target);
      }),
      { numRuns: 300 },
    );
  });
});
