import { describe, expect, test } from '@jest/globals';
import { clusterWith, config, fileWith, refusalsOf, verdictOn, verdictOnText } from './judged.ts';

/** `component, part of its configuration file as YAML`. */
type Cases = readonly (readonly [component: string, part: string])[];

const refused: Cases = [
  ['kubelet', 'authentication: { anonymous: { enabled: true } }'],
  ['kubelet', 'authentication: { anonymous: { enabled: "true" } }'],
  ['kubelet', 'authentication: { anonymous: { enabled: yes } }'],
  ['kubelet', 'authentication: { anonymous: { enabled: 1 } }'],
  ['kubelet', 'authentication: { webhook: { enabled: false } }'],
  ['kubelet', 'authentication: { x509: { clientCAFile: /etc/other.crt } }'],
  ['kubelet', 'authentication: { x509: { clientCAFile: "" } }'],
  ['kubelet', 'authentication: { x509: null }'],
  ['kubelet', 'authentication: null'],
  ['kubelet', 'authentication: []'],
  ['kubelet', 'authentication:'],
  ['kubelet', 'Authentication: { Anonymous: { Enabled: true } }'],
  ['kubelet', '"authentication.anonymous.enabled": true'],
  ['kubelet', '"authentication.anonymous": { enabled: true }'],
  ['kubelet', 'authorization: { mode: AlwaysAllow }'],
  ['kubelet', 'authorization: { mode: alwaysallow }'],
  ['kubelet', 'authorization: AlwaysAllow'],
  ['kubelet', 'readOnlyPort: 10255'],
  ['kubelet', 'readOnlyPort: "10255"'],
  ['kubelet', 'readOnlyPort: 0x280f'],
  ['kubelet', 'readonlyport: 10255'],
  ['kubelet', 'read-only-port: 10255'],
  ['kubelet', 'readOnlyPort: "0"'],
  ['kubelet', 'readOnlyPort: null'],
  ['kubelet', 'rotateCertificates: false'],
  ['kubelet', 'rotateCertificates: null'],
  ['kubelet', 'rotateCertificates: "no"'],
  ['kubelet', 'serverTLSBootstrap: true'],
  ['kubelet', 'tlsMinVersion: VersionTLS10'],
  ['kubelet', 'tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_RC4_128_SHA]'],
  ['kubelet', 'tlsCipherSuites: TLS_RSA_WITH_RC4_128_SHA'],
  ['kubelet', 'tlsCertFile: /etc/other.crt'],
  ['kubelet', 'staticPodURL: http://10.0.0.9/pod.yaml'],
  ['kubelet', 'healthzPort: 0'],
  ['kubelet', 'registerNode: false'],
  ['kubelet', 'kind: CredentialProviderConfig'],
  ['kubelet', 'apiVersion: kubelet.config.k8s.io/v1'],
  ['kubelet', 'registerWithTaints: []'],
  ['kubelet', 'containerRuntimeEndpoint: unix:///tmp/other.sock'],
  ['kubeProxy', 'clientConnection: { kubeconfig: /etc/other.conf }'],
  ['kubeProxy', 'clientConnection: null'],
  ['containerd', 'grpc: { tcp_address: 0.0.0.0:1234 }'],
  ['containerd', 'grpc: { TCP_Address: 0.0.0.0:1234 }'],
  ['containerd', 'grpc: { address: /tmp/other.sock }'],
  [
    'containerd',
    'plugins: { io.containerd.cri.v1.images: { registry: { configs: { a.lab: { auth: { username: u, password: p } } } } } }',
  ],
];

const opening: Cases = [
  ['kubelet', 'streamingConnectionIdleTimeout: 0s'],
  ['kubelet', 'streamingConnectionIdleTimeout: "0"'],
  ['kubelet', 'streamingConnectionIdleTimeout: -1h'],
  ['kubelet', 'streamingConnectionIdleTimeout: .0s'],
  ['kubelet', 'protectKernelDefaults: false'],
  ['kubelet', 'makeIPTablesUtilChains: false'],
  ['kubelet', 'seccompDefault: false'],
  ['kubelet', 'podPidsLimit: -1'],
  ['kubelet', 'staticPodPath: /etc/kubernetes/manifests'],
  ['kubelet', 'staticPodURL: https://example.com/pod.yaml'],
  ['kubelet', 'allowedUnsafeSysctls: ["kernel.msg*"]'],
  ['kubelet', 'healthzBindAddress: 0.0.0.0'],
  ['kubelet', 'enableProfilingHandler: true'],
  ['kubelet', 'enableDebugFlagsHandler: true'],
  ['kubelet', 'enableContentionProfiling: true'],
  ['kubelet', 'enableSystemLogQuery: true'],
  ['kubelet', 'failSwapOn: false'],
  ['kubelet', 'memorySwap: { swapBehavior: LimitedSwap }'],
  ['kubelet', 'featureGates: { AllAlpha: true }'],
  ['kubelet', 'featureGates: { RotateKubeletServerCertificate: false }'],
  ['kubelet', 'imagePullCredentialsVerificationPolicy: NeverVerify'],
  ['kubelet', 'tlsCipherSuites: []'],
  ['kubelet', 'tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]'],
  ['kubelet', 'logging: { verbosity: 9 }'],
  ['kubelet', 'logging: { vmodule: [{ filePattern: round_trippers, verbosity: 8 }] }'],
  ['kubeProxy', 'metricsBindAddress: 0.0.0.0:10249'],
  ['kubeProxy', 'metricsBindAddress: "[::]:10249"'],
  ['kubeProxy', 'MetricsBindAddress: 10.0.0.1'],
  ['kubeProxy', 'enableProfiling: true'],
  ['kubeProxy', 'nodePortAddresses: [0.0.0.0/0]'],
  ['containerd', 'plugins: { io.containerd.cri.v1.runtime: { disable_apparmor: true } }'],
  ['containerd', 'plugins: { io.containerd.grpc.v1.cri: { Disable_AppArmor: true } }'],
  ['containerd', 'plugins: { io.containerd.cri.v1.runtime: { unset_seccomp_profile: unconfined } }'],
  ['containerd', 'plugins: { io.containerd.cri.v1.runtime: { stream_server_address: 0.0.0.0 } }'],
  ['containerd', 'plugins: { io.containerd.grpc.v1.cri: { disable_tcp_service: false } }'],
  ['containerd', 'plugins: { io.containerd.cri.v1.images: { registry: { config_path: /etc/other } } }'],
  [
    'containerd',
    'plugins: { io.containerd.cri.v1.images: { registry: { configs: { a.lab: { tls: { insecure_skip_verify: true } } } } } }',
  ],
  ['containerd', 'imports: [/etc/containerd/conf.d/*.toml]'],
  ['containerd', 'plugins: { io.containerd.cri.v1.runtime: { disable_cgroup: true } }'],
  ['containerd', 'grpc: { gid: 998 }'],
  ['containerd', 'metrics: { address: 0.0.0.0:1338 }'],
];

const silent: Cases = [
  ['kubelet', 'maxPods: 200'],
  ['kubelet', 'failCgroupV1: false'],
  ['kubelet', 'authentication: { anonymous: { enabled: false } }'],
  ['kubelet', 'authentication: {}'],
  ['kubelet', 'authentication: { webhook: { cacheTTL: 1m } }'],
  ['kubelet', 'readOnlyPort: 0'],
  ['kubelet', 'tlsMinVersion: VersionTLS13'],
  ['kubelet', 'seccompDefault: true'],
  ['kubelet', 'staticPodPath: ""'],
  ['kubelet', 'allowedUnsafeSysctls: []'],
  ['kubelet', 'enableProfilingHandler: false'],
  ['kubelet', 'systemReserved: { cpu: 200m, memory: 512Mi }'],
  ['kubeProxy', 'metricsBindAddress: 127.0.0.1:10249'],
  ['kubeProxy', 'conntrack: { maxPerCore: 0, min: 0 }'],
  ['kubeProxy', 'clientConnection: { qps: 10 }'],
  ['containerd', 'plugins: { io.containerd.cri.v1.runtime: { restrict_oom_score_adj: true } }'],
  ['containerd', 'grpc: { address: /run/containerd/containerd.sock }'],
  ['containerd', 'metrics: { address: 127.0.0.1:1338 }'],
];

const fileOf = (component: string, part: string) =>
  `name: lab\n${component}:\n  config:\n    ${part}\nhosts: [{ name: a, address: 10.0.0.1, roles: [etcd, master, node] }]\n`;

describe.each([
  ['refused', refused],
  ['opens', opening],
  ['silent', silent],
] as const)('The verdict %s', (verdict, cases) => {
  test.each(cases)('%s: %s', (component, part) => {
    expect(verdictOnText(fileOf(component, part))).toBe(verdict);
  });
});

test('a refusal names the line and column of the value, the value, and what to do', () => {
  const [problem, ...more] = refusalsOf(fileOf('kubelet', 'authentication: { anonymous: { enabled: true } }'));
  expect(more).toEqual([]);
  expect(problem?.message).toBe(
    'kubelet.config.authentication.anonymous.enabled "true" would open the node’s pods to everyone who reaches it.',
  );
  expect(problem?.fields).toMatchObject({ code: 'CLUSTER_CONFIG', line: 4, column: 45, hint: 'Remove it.' });
});

test('a value of the wrong type is reported: the component would not start with it', () => {
  const [problem] = refusalsOf(fileWith(config('kubelet', { rotateCertificates: 'no' })));
  expect(problem?.message).toBe('kubelet.config.rotateCertificates "no" is not true or false.');
});

test('an alias and an anchor hide nothing', () => {
  const text = `name: lab\nkubeProxy: { config: &open { readOnlyPort: 10255 } }\nkubelet: { config: *open }\nhosts: [{ name: a, address: 10.0.0.1, roles: [etcd, master, node] }]\n`;
  expect(verdictOnText(text)).toBe('refused');
});

test('a reported opening has its place and its value', () => {
  const [opening, ...more] = clusterWith(config('kubelet', { seccompDefault: false })).openings;
  expect(more).toEqual([]);
  expect(opening).toEqual({
    line: 4,
    column: 21,
    setting: 'kubelet.config.seccompDefault "false"',
    effect: 'lets pods make every system call',
    cis: '4.2.14',
  });
});

test('the example of the reference opens nothing', () => {
  expect(verdictOn({})).toBe('silent');
});
