import { describe, expect, test } from '@jest/globals';
import { supportedMinors } from '../../src/cluster/versions.ts';
import { flag, flagsOf, seedWith, state, unitOf } from './support.ts';

const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
/** Flags that are deprecated or removed in one of 1.34 to 1.37, or that must not be on a command line. */
const gone = [
  'insecure-port',
  'insecure-bind-address',
  'apiserver-count',
  'admission-control',
  'kubelet-https',
  'kubelet-port',
  'kubelet-read-only-port',
  'enable-logs-handler',
  'token-auth-file',
  'basic-auth-file',
  'concurrent-service-syncs',
  'pod-eviction-timeout',
  'experimental-encryption-provider-config',
  'logtostderr',
  'log-dir',
  'address',
  'port',
  'master',
  'cloud-provider',
];

describe.each([...supportedMinors])('Kubernetes 1.%i', (minor) => {
  const cluster = seedWith(`kubernetesVersion: 1.${minor}.0`);
  const master = state(cluster, 'master-1', 'master');

  test('has no duplicate and no removed flag', () => {
    for (const name of names) {
      const flags = flagsOf(unitOf(master, name));
      expect(flags.size).toBeGreaterThan(8);
      for (const [flagName, values] of flags) {
        expect({ flagName, times: values.length }).toEqual({ flagName, times: 1 });
        expect(gone).not.toContain(flagName);
      }
    }
  });

  test('releases its lease when it stops, if it supports that', () => {
    const gates = flag(unitOf(master, 'kube-controller-manager'), 'feature-gates');
    expect(gates).toBe(minor >= 36 ? 'ControllerManagerReleaseLeaderElectionLockOnExit=true' : undefined);
  });

  test('downloads its own binaries', () => {
    const urls = master.downloads.map(({ url }) => url);
    for (const name of [...names, 'kubectl']) {
      expect(urls).toContain(`https://dl.k8s.io/v1.${minor}.0/bin/linux/amd64/${name}`);
    }
  });
});

test('kubelet and kube-proxy have flags only for settings without a configuration key', () => {
  const node = state(seedWith(), 'node-1', 'node');
  expect([...flagsOf(unitOf(node, 'kubelet')).keys()]).toEqual([
    'config',
    'kubeconfig',
    'bootstrap-kubeconfig',
    'node-ip',
  ]);
  expect([...flagsOf(unitOf(node, 'kube-proxy')).keys()]).toEqual(['config']);
});
