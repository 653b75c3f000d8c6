import { describe, expect, test } from '@jest/globals';
import type { HostState } from '../../src/host/state.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, flagsOf, state, unitOf } from './support.ts';

const cluster = seedCluster();
const etcd = state(cluster, 'etcd-1', 'etcd');
const master = state(cluster, 'master-1', 'master');
const node = state(cluster, 'node-1', 'node');
const apiserver = unitOf(master, 'kube-apiserver');
const controllerManager = unitOf(master, 'kube-controller-manager');
const scheduler = unitOf(master, 'kube-scheduler');
const member = unitOf(etcd, 'etcd');
const kubelet = JSON.parse(fileOf(node, '/var/lib/kubelet/config.yaml'));

const modeOf = (given: HostState, path: string) => {
  const file = given.files.find((each) => each.path === path);
  return file && `${file.mode} ${file.owner}`;
};

/** kube-bench cis-1.12: id → its check. Unit files are 600 root:root by the engine (1.1.1 to 1.1.8, 4.1.1, 4.1.2); for 1.1.9 see flannel.test.ts. */
const benchmark: Readonly<Record<string, () => void>> = {
  '1.1.11': () => expect(etcd.directories).toContainEqual({ path: '/var/lib/etcd', mode: '700', owner: 'etcd:etcd' }),
  '1.1.13': () => expect(modeOf(master, '/etc/kubernetes/admin.conf')).toBe('600 root:root'),
  '1.1.15': () => expect(modeOf(master, '/etc/kubernetes/scheduler.conf')).toBe('600 root:root'),
  '1.1.17': () => expect(modeOf(master, '/etc/kubernetes/controller-manager.conf')).toBe('600 root:root'),
  '1.1.20': () => expect(modeOf(master, '/etc/kubernetes/pki/apiserver.crt')).toBe('644 root:root'),
  '1.1.21': () => expect(modeOf(master, '/etc/kubernetes/pki/apiserver.key')).toBe('600 root:root'),
  '1.2.2': () => expect(flagsOf(apiserver).has('token-auth-file')).toBe(false),
  '1.2.4': () => expect(flag(apiserver, 'kubelet-client-certificate')).toBeDefined(),
  '1.2.5': () => expect(flag(apiserver, 'kubelet-certificate-authority')).toBe('/etc/kubernetes/pki/ca.crt'),
  '1.2.6 to 1.2.8': () => expect(flag(apiserver, 'authorization-mode')).toBe('Node,RBAC'),
  '1.2.14': () => expect(flag(apiserver, 'enable-admission-plugins')).toContain('NodeRestriction'),
  '1.2.15': () => expect(flag(apiserver, 'profiling')).toBe('false'),
  '1.2.16': () => expect(flag(apiserver, 'audit-log-path')).toBeDefined(),
  '1.2.17': () => expect(Number(flag(apiserver, 'audit-log-maxage'))).toBeGreaterThanOrEqual(30),
  '1.2.18': () => expect(Number(flag(apiserver, 'audit-log-maxbackup'))).toBeGreaterThanOrEqual(10),
  '1.2.19': () => expect(Number(flag(apiserver, 'audit-log-maxsize'))).toBeGreaterThanOrEqual(100),
  '1.2.21': () => expect(flag(apiserver, 'service-account-lookup')).not.toBe('false'),
  '1.2.22': () => expect(flag(apiserver, 'service-account-key-file')).toBeDefined(),
  '1.2.23': () => expect(flag(apiserver, 'etcd-certfile') && flag(apiserver, 'etcd-keyfile')).toBeDefined(),
  '1.2.24': () => expect(flag(apiserver, 'tls-cert-file') && flag(apiserver, 'tls-private-key-file')).toBeDefined(),
  '1.2.25': () => expect(flag(apiserver, 'client-ca-file')).toBeDefined(),
  '1.2.26': () => expect(flag(apiserver, 'etcd-cafile')).toBeDefined(),
  '1.2.27': () => expect(flag(apiserver, 'encryption-provider-config')).toBeDefined(),
  '1.2.29': () => expect(flag(apiserver, 'tls-cipher-suites')).not.toMatch(/CBC|RC4|3DES|TLS_RSA/),
  '1.2.30': () => expect(flag(apiserver, 'service-account-extend-token-expiration')).toBe('false'),
  '1.3.1': () => expect(flag(controllerManager, 'terminated-pod-gc-threshold')).toBeDefined(),
  '1.3.2': () => expect(flag(controllerManager, 'profiling')).toBe('false'),
  '1.3.3': () => expect(flag(controllerManager, 'use-service-account-credentials')).toBe('true'),
  '1.3.4': () => expect(flag(controllerManager, 'service-account-private-key-file')).toBeDefined(),
  '1.3.5': () => expect(flag(controllerManager, 'root-ca-file')).toBeDefined(),
  '1.3.6': () =>
    expect(flag(controllerManager, 'feature-gates') ?? '').not.toContain('RotateKubeletServerCertificate=false'),
  '1.3.7': () => expect(flag(controllerManager, 'bind-address')).toBe('127.0.0.1'),
  '1.4.1': () => expect(flag(scheduler, 'profiling')).toBe('false'),
  '1.4.2': () => expect(flag(scheduler, 'bind-address')).toBe('127.0.0.1'),
  '2.1': () => expect(flag(member, 'cert-file') && flag(member, 'key-file')).toBeDefined(),
  '2.2': () => expect(flag(member, 'client-cert-auth')).toBe('true'),
  '2.3': () => expect(flagsOf(member).has('auto-tls')).toBe(false),
  '2.4': () => expect(flag(member, 'peer-cert-file') && flag(member, 'peer-key-file')).toBeDefined(),
  '2.5': () => expect(flag(member, 'peer-client-cert-auth')).toBe('true'),
  '2.6': () => expect(flagsOf(member).has('peer-auto-tls')).toBe(false),
  '2.7': () => {
    expect(flag(member, 'trusted-ca-file')).toBe('/etc/etcd/pki/ca.crt');
    expect(flag(apiserver, 'client-ca-file')).toBe('/etc/kubernetes/pki/ca.crt');
  },
  '3.2.1': () => expect(flag(apiserver, 'audit-policy-file')).toBe('/etc/kubernetes/audit-policy.yaml'),
  '4.1.3': () => expect(modeOf(node, '/etc/kubernetes/proxy.conf')).toBe('600 root:root'),
  '4.1.7': () => expect(modeOf(node, '/etc/kubernetes/pki/ca.crt')).toBe('644 root:root'),
  '4.1.9': () => expect(modeOf(node, '/var/lib/kubelet/config.yaml')).toBe('600 root:root'),
  '4.2.1': () => expect(kubelet.authentication.anonymous.enabled).toBe(false),
  '4.2.2': () => expect(kubelet.authorization.mode).toBe('Webhook'),
  '4.2.3': () => expect(kubelet.authentication.x509.clientCAFile).toBe('/etc/kubernetes/pki/ca.crt'),
  '4.2.4': () => expect(kubelet.readOnlyPort).toBe(0),
  '4.2.5': () => expect(kubelet.streamingConnectionIdleTimeout).not.toMatch(/^0/),
  '4.2.6': () => expect(kubelet.makeIPTablesUtilChains).toBe(true),
  '4.2.7': () => expect(flagsOf(unitOf(node, 'kubelet')).has('hostname-override')).toBe(false),
  '4.2.8': () => expect(kubelet.eventRecordQPS).toBeGreaterThanOrEqual(0),
  '4.2.9': () => expect(kubelet.tlsCertFile && kubelet.tlsPrivateKeyFile).toBeTruthy(),
  '4.2.10': () => expect(kubelet.rotateCertificates).toBe(true),
  '4.2.12': () => expect(kubelet.tlsCipherSuites.join()).not.toMatch(/CBC|RC4|3DES|TLS_RSA/),
  '4.2.13': () => expect(kubelet.podPidsLimit).toBeGreaterThan(0),
  '4.2.14': () => expect(kubelet.seccompDefault).toBe(true),
  '4.3.1': () =>
    expect(JSON.parse(fileOf(node, '/var/lib/kube-proxy/config.yaml')).metricsBindAddress).toMatch(/^127\.0\.0\.1:/),
};

describe('CIS', () => {
  test.each(Object.keys(benchmark))('%s', (id) => benchmark[id]?.());
});

test('every TLS server requires version 1.2 or newer', () => {
  const versions = [apiserver, controllerManager, scheduler].map((unit) => flag(unit, 'tls-min-version'));
  expect(versions).toEqual(['VersionTLS12', 'VersionTLS12', 'VersionTLS12']);
  expect(flag(member, 'tls-min-version')).toBe('TLS1.2');
  expect(kubelet.tlsMinVersion).toBe('VersionTLS12');
  for (const [given, path] of [
    [master, '/etc/kubernetes/etcd-haproxy.cfg'],
    [node, '/etc/kubernetes/haproxy.cfg'],
  ] as const)
    expect(fileOf(given, path)).toContain('ssl-default-server-options ssl-min-ver TLSv1.2');
});
