import { describe, expect, test } from '@jest/globals';
import { clusterWith, fileWith, flags, refusalsOf, verdictOn } from './judged.ts';

type Cases = Readonly<Record<string, readonly string[]>>;

/** Each defeats a promise of SECURITY.md, or breaks the component. */
const refused: Cases = {
  etcd: [
    'listen-client-http-urls=http://0.0.0.0:2382',
    'listen-client-http-urls=https://0.0.0.0:2382',
    'listen-metrics-urls=http://0.0.0.0:2381',
    'listen-metrics-urls=http://127.0.0.1:2381,http://10.0.0.1:2381',
    'listen-metrics-urls=http://127.0.0.1@10.0.0.1:2381',
    'listen-metrics-urls=https://10.0.0.1:2381',
    'tls-min-version=TLS1.0',
    'tls-min-version=TLS1.1',
    'tls-min-version=',
    'cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA',
    'cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
    'auto-tls=true',
    'auto-tls=T',
    'peer-auto-tls=1',
    'client-cert-auth=false',
    'client-cert-auth=F',
    'client-cert-auth= false ',
    'peer-client-cert-auth=0',
    'peer-skip-client-san-verification=true',
    'experimental-peer-skip-client-san-verification=true',
    'unsafe-no-fsync=true',
    'force-new-cluster=true',
    'pre-vote=false',
    'strict-reconfig-check=false',
    'config-file=/etc/etcd.yaml',
    'discovery-insecure-transport=true',
  ],
  apiServer: [
    'tls-min-version=VersionTLS10',
    'tls-min-version=VersionTLS11',
    'tls-min-version= versiontls10',
    'tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA',
    'tls-cipher-suites="TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"',
    'tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
    'audit-policy-file=',
    'audit-log-path=',
    'audit-log-path=/dev/null',
    'audit-log-path=//dev/null',
    'audit-log-path=/proc/self/fd/1',
    'audit-log-path=/var/log/../../dev/null',
    'audit-log-path=audit.log',
    'authorization-mode=AlwaysAllow',
    'authorization-mode=Node,RBAC,AlwaysAllow',
    'authorization-mode="AlwaysAllow",Node,RBAC',
    'authorization-mode=RBAC',
    'enable-admission-plugins=NodeRestriction,AlwaysAdmit',
    'enable-admission-plugins=NodeRestriction,"AlwaysAdmit"',
    'disable-admission-plugins=NodeRestriction',
    'disable-admission-plugins=PodSecurity, CertificateSubjectRestriction',
    'anonymous-auth=true',
    'anonymous-auth=false',
    'anonymous_auth=true',
    'Anonymous-Auth=true',
    'authentication-config=/etc/own.yaml',
    'token-auth-file=/etc/tokens.csv',
    'service-account-lookup=false',
    'service-account-signing-endpoint=@signer',
    'service-account-issuer=https://elsewhere',
    'requestheader-allowed-names=',
    'requestheader-client-ca-file=/etc/kubernetes/pki/ca.crt',
    'requestheader-username-headers=X-User',
    'requestheader-uid-headers=X-Uid',
    'client-ca-file=/etc/other.crt',
    'feature-gates=AnonymousAuthConfigurableEndpoints=false',
    'feature-gates=kube:AnonymousAuthConfigurableEndpoints=false',
    'feature-gates=WatchList=true, StructuredAuthenticationConfiguration = false',
    'feature_gates=StructuredAuthenticationConfiguration=false',
    'insecure-port=8080',
    'insecure-bind-address=0.0.0.0',
    'kubelet-https=false',
    'etcd-servers-overrides=/events#http://10.0.0.9:2379',
    'encryption-provider-config=/etc/none.yaml',
    ...['issuer-url=https://x.example.com', 'client-id=x', 'ca-file=/x', 'username-claim=sub', 'username-prefix=-'].map(
      (arg) => `oidc-${arg}`,
    ),
    ...['groups-claim=g', 'groups-prefix=', 'signing-algs=RS256', 'required-claim=a=b'].map((arg) => `oidc-${arg}`),
  ],
  controllerManager: [
    'use-service-account-credentials=false',
    'authorization-always-allow-paths=/*',
    'authorization-always-allow-paths=/healthz,/debug/pprof',
    'authorization-always-allow-paths=*',
    'cluster-signing-kubelet-client-cert-file=/x.crt',
    'root-ca-file=/x.crt',
    'service-account-private-key-file=/x.key',
    'tls-min-version=VersionTLS10',
    'tls-cipher-suites=TLS_RSA_WITH_AES_256_GCM_SHA384',
    'secure-port=0',
    'leader-elect=false',
    'requestheader-allowed-names=',
  ],
  scheduler: ['authorization-always-allow-paths=/**', 'tls-min-version=VersionTLS11', 'secure-port=0', 'kubeconfig=/x'],
  kubelet: [
    'anonymous-auth=true',
    'anonymous_auth=true',
    'authorization-mode=AlwaysAllow',
    'authentication-token-webhook=false',
    'client-ca-file=/x.crt',
    'read-only-port=10255',
    'rotate-certificates=false',
    'rotate-server-certificates=true',
    'tls-min-version=VersionTLS10',
    'tls-cipher-suites=TLS_RSA_WITH_3DES_EDE_CBC_SHA',
    'config-dir=/etc/kubelet.d',
    'manifest-url=http://10.0.0.9/pod.yaml',
  ],
  kubeProxy: ['master=https://10.0.0.1:6443', 'kubeconfig=/x', 'config=/x'],
  flannel: ['kube-api-url=http://10.0.0.1:8080', 'kubeconfig-file=/x'],
};

/** Each lowers something, and is allowed. */
const opening: Cases = {
  etcd: [
    'listen-metrics-urls=http://127.0.0.1:2381,https://10.0.0.1:2381',
    'enable-pprof=true',
    'cors=*',
    'host-whitelist=a.example.com,*',
    'cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
    'cipher-suites=',
    'socket-reuse-port=true',
    'feature-gates=AllAlpha=true',
  ],
  apiServer: [
    'profiling=true',
    'profiling=1',
    'contention-profiling=true',
    'debug-socket-path=/run/debug.sock',
    'tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
    'tls-cipher-suites=',
    'tls-sni-cert-key=/x.crt,/x.key',
    'audit-policy-file=/etc/own-policy.yaml',
    'audit-log-path=-',
    'audit-log-path=/tmp/audit.log',
    'audit-log-maxage=7',
    'audit-log-maxbackup=2',
    'audit-log-maxsize=1',
    'audit-webhook-config-file=/x',
    'authorization-config=/etc/authorization.yaml',
    'authorization-mode=Node,RBAC,Webhook',
    'authorization-mode=ABAC,Node,RBAC',
    'authentication-token-webhook-config-file=/x',
    'api-audiences=other',
    'service-account-extend-token-expiration=true',
    'service-account-jwks-uri=https://elsewhere/jwks',
    'disable-admission-plugins=PodSecurity',
    'cors-allowed-origins=.*',
    'enable-priority-and-fairness=false',
    'aggregator-reject-forwarding-redirect=false',
    'egress-selector-config-file=/x',
    'etcd-servers-overrides=/events#https://10.0.0.9:2379',
    'runtime-config=api/all=true',
    'runtime-config=apps/v1=true, api/alpha=true',
    'emulated-version=1.34',
    'permit-port-sharing=true',
    'feature-gates=AllAlpha=true',
    'feature-gates=kube:AllAlpha=true',
    'feature-gates=AllBeta=false',
    'feature-gates=ServiceAccountNodeAudienceRestriction=false',
    'v=10',
    'vmodule=round_trippers=9',
  ],
  controllerManager: [
    'bind-address=0.0.0.0',
    'bind-address=::',
    'bind-address=10.0.0.1',
    'profiling=true',
    'contention-profiling=t',
    'authorization-always-allow-paths=/healthz,/readyz,/livez,/metrics',
    'cluster-signing-duration=87600h',
    'cluster-signing-duration=8760h1m',
    'controllers=*',
    'terminated-pod-gc-threshold=0',
    'enable-hostpath-provisioner=true',
    'feature-gates=RotateKubeletServerCertificate=false',
    'v=8',
  ],
  scheduler: ['bind-address=0.0.0.0', 'profiling=true', 'config=/etc/own.yaml'],
  kubelet: [
    'healthz-bind-address=0.0.0.0',
    'streaming-connection-idle-timeout=0',
    'streaming-connection-idle-timeout=0h0m0s',
    'protect-kernel-defaults=false',
    'make-iptables-util-chains=false',
    'seccomp-default=false',
    'pod-max-pids=-1',
    'allowed-unsafe-sysctls=kernel.msg*',
    'pod-manifest-path=/etc/kubernetes/manifests',
    'manifest-url=https://example.com/pod.yaml',
    'fail-swap-on=false',
    'contention-profiling=true',
    'feature-gates=AllAlpha=true',
    'tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  ],
  kubeProxy: [
    'metrics-bind-address=0.0.0.0',
    'metrics-bind-address=[::]:10249',
    'profiling=true',
    'nodeport-addresses=0.0.0.0/0',
  ],
  flannel: ['healthz-port=8080'],
};

/** Each keeps what the product promises. */
const silent: Cases = {
  etcd: [
    'listen-metrics-urls=http://127.0.0.1:2381',
    'listen-metrics-urls=http://127.0.0.1:2381,http://[::1]:2381',
    'auto-tls=false',
    'tls-min-version=TLS1.3',
    'max-wals=6',
    'cors=https://a.example.com',
  ],
  apiServer: [
    'profiling=false',
    'tls-min-version=VersionTLS13',
    'tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256',
    'audit-log-path=/srv/audit/log',
    'audit-log-maxage=0',
    'audit-log-maxage=90',
    'authorization-mode=Node,RBAC',
    'enable-admission-plugins=NodeRestriction,AlwaysPullImages',
    'runtime-config=resource.k8s.io/v1beta1=true',
    'feature-gates=WatchList=true',
    'service-account-extend-token-expiration=false',
    'v=2',
    'vmodule=round_trippers=4,auth=2',
    'event-ttl=2h',
  ],
  controllerManager: [
    'bind-address=127.0.0.1',
    'profiling=false',
    'cluster-signing-duration=168h',
    'authorization-always-allow-paths=/healthz,/livez',
    'controllers=*,bootstrapsigner,tokencleaner',
  ],
  scheduler: ['bind-address=::1', 'v=4'],
  kubelet: [
    'seccomp-default=true',
    'streaming-connection-idle-timeout=30m',
    'pod-max-pids=1000',
    'anonymous-auth=false',
    'read-only-port=0',
    'v=4',
  ],
  kubeProxy: ['metrics-bind-address=127.0.0.1:10249', 'metrics-bind-address=', 'nodeport-addresses=primary'],
  flannel: ['log_dir=/var/log', 'healthz-port=0'],
};

describe.each([
  ['refused', refused],
  ['opens', opening],
  ['silent', silent],
] as const)('The verdict %s', (verdict, cases) => {
  const all = Object.entries(cases).flatMap(([component, args]) => args.map((arg) => [component, arg] as const));

  test.each(all)('%s: %s', (component, arg) => {
    expect(verdictOn(flags(component, arg))).toBe(verdict);
  });
});

test('the same flag twice counts as its worst value, in either order', () => {
  const both = ['profiling=false', 'profiling=true'];
  for (const args of [both, both.toReversed()]) expect(verdictOn(flags('apiServer', ...args))).toBe('opens');
  const modes = ['authorization-mode=Node,RBAC', 'authorization-mode=AlwaysAllow'];
  for (const args of [modes, modes.toReversed()]) expect(verdictOn(flags('apiServer', ...args))).toBe('refused');
});

test('a refusal names the line, the value and what to write instead', () => {
  const [problem, ...more] = refusalsOf(fileWith(flags('apiServer', 'tls-min-version=VersionTLS10')));
  expect(more).toEqual([]);
  expect(problem?.message).toBe(
    'The flag "tls-min-version=VersionTLS10" would speak TLS older than 1.2, or a version that the component does not know.',
  );
  expect(problem?.fields).toMatchObject({
    code: 'CLUSTER_FLAG',
    file: 'cluster.yaml',
    line: 4,
    hint: 'Write VersionTLS12 or VersionTLS13, or remove it.',
  });
});

test('an underscore or a capital in a flag’s name is refused with the name to write, but for flannel’s own', () => {
  const hintOf = (component: string, arg: string) => refusalsOf(fileWith(flags(component, arg)))[0]?.fields.hint;
  expect(hintOf('apiServer', 'max_requests_inflight=400')).toBe('Write "max-requests-inflight".');
  expect(hintOf('etcd', 'Max-Wals=6')).toBe('Write "max-wals".');
  expect(hintOf('flannel', 'log_dir=/x')).toBeUndefined();
});

test('an opening has its line, its setting with the value, what it does, and the number of CIS', () => {
  const { openings } = clusterWith(flags('apiServer', 'event-ttl=2h', 'profiling=true'));
  expect(openings).toEqual([
    {
      line: 6,
      column: 13,
      setting: 'apiServer.extraArgs profiling=true',
      effect: 'serves profiles of the process',
      cis: '1.2.15',
    },
  ]);
});

test('programs and images over http are reported, and mirrors whose certificate is not checked', () => {
  const registries = { 'docker.io': { mirrors: ['https://a.lab', 'HTTP://b.lab'], skipVerify: true } };
  const { openings } = clusterWith({ mirror: 'http://c.lab', containerd: { registries } });
  expect(openings.map(({ setting }) => setting)).toEqual([
    'mirror "http://c.lab"',
    'containerd.registries["docker.io"].mirrors[1] "HTTP://b.lab"',
    'containerd.registries["docker.io"].skipVerify true',
  ]);
});
