import { type FlagRules, gone, includesAny, isFalse, isTrue, lacks, owned, unsafe } from './flags.ts';

const journal = 'Logs go to the journal: journalctl -u on the host.';
const goneLogging = { logtostderr: journal, 'log-dir': journal, 'log-file': journal, alsologtostderr: journal };
const oneLeader = unsafe('would let several masters act at once', 'Remove it: leader election is always on.', isFalse);
const ownApiServer = 'is not used: each master’s components talk to its own API server by a kubeconfig';

export const apiServerFlags: FlagRules = {
  ...gone({
    ...goneLogging,
    'insecure-port':
      'All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.',
    'insecure-bind-address': 'All clients use https: --bind-address and api.port.',
    'basic-auth-file': 'Use client certificates, or OIDC by an authentication configuration.',
    'enable-swagger-ui': 'The API describes itself under /openapi/v2 and /openapi/v3.',
    'kubelet-https': 'Kubelets are always asked by https: remove it.',
    'etcd-quorum-read': 'Reads always have a quorum: remove it.',
    'storage-versions': 'Remove it: versions are chosen by the API server.',
    'experimental-encryption-provider-config': 'Encryption at rest is on from the start: remove it.',
  }),
  'token-auth-file': unsafe(
    'would keep tokens that never expire in a file on each master',
    'Nodes join by a bootstrap token made for one run; users come by client certificates or OIDC.',
  ),
  'admission-control': unsafe('is deprecated', 'Use enable-admission-plugins, with NodeRestriction among them.'),
  'apiserver-count': unsafe(
    'is deprecated and counts for nothing',
    'Remove it: API servers count each other by leases.',
  ),
  'anonymous-auth': unsafe(
    'can’t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only',
    'Remove it: no other path is open to anonymous users.',
  ),
  'authorization-mode': unsafe(
    'would lack Node or RBAC, or let everyone do everything',
    'Keep Node and RBAC, and add to them: Node,RBAC,Webhook.',
    (value) => lacks('Node', 'RBAC')(value) || includesAny('AlwaysAllow')(value),
  ),
  'enable-admission-plugins': unsafe(
    'would lack NodeRestriction, by which a node can’t act as another, or admit everything',
    'Start the list by NodeRestriction, and leave AlwaysAdmit out.',
    (value) => lacks('NodeRestriction')(value) || includesAny('AlwaysAdmit')(value),
  ),
  'disable-admission-plugins': unsafe(
    'would switch off a plugin that keeps nodes or service accounts in their bounds',
    'Leave NodeRestriction, ServiceAccount and NamespaceLifecycle out.',
    includesAny('NodeRestriction', 'ServiceAccount', 'NamespaceLifecycle'),
  ),
  'enable-bootstrap-token-auth': unsafe('would keep new nodes from joining', 'Remove it.', isFalse),
  'service-account-lookup': unsafe('would let deleted tokens go on working', 'Remove it.', isFalse),
  'endpoint-reconciler-type': unsafe(
    'would keep dead masters in the kubernetes Service',
    'Remove it: lease is the default.',
    (value) => value !== 'lease',
  ),
  'bind-address': unsafe('would hide the API from other hosts', 'Remove it.', (value) =>
    /^(127\.|::1$|localhost$)/.test(value),
  ),
  ...owned({
    'secure-port': 'api.port',
    'advertise-address': 'the host’s address',
    'service-cluster-ip-range': 'network.serviceSubnet',
    'service-node-port-range': 'network.serviceNodePortRange',
    'etcd-servers': 'the role etcd of hosts',
    'service-account-issuer': 'network.dnsDomain',
    ...nothing(
      'etcd-cafile',
      'etcd-certfile',
      'etcd-keyfile',
      'client-ca-file',
      'tls-cert-file',
      'tls-private-key-file',
    ),
    ...nothing(
      'kubelet-client-certificate',
      'kubelet-client-key',
      'kubelet-certificate-authority',
      'authentication-config',
    ),
    ...nothing('service-account-key-file', 'service-account-signing-key-file', 'requestheader-client-ca-file'),
    ...nothing('proxy-client-cert-file', 'proxy-client-key-file', 'encryption-provider-config'),
  }),
};

export const controllerManagerFlags: FlagRules = {
  ...gone({
    ...goneLogging,
    address: 'Use bind-address.',
    port: 'It serves https on 10257 only: remove it.',
    'pod-eviction-timeout': 'Pods say themselves how long they stay, by tolerationSeconds.',
    'experimental-cluster-signing-duration': 'Use cluster-signing-duration.',
  }),
  master: unsafe(ownApiServer, 'Remove it.'),
  'leader-elect': oneLeader,
  'use-service-account-credentials': unsafe('would give every controller all rights', 'Remove it.', isFalse),
  'allocate-node-cidrs': unsafe('would leave nodes without a subnet for pods', 'Remove it.', isFalse),
  ...owned({
    'cluster-cidr': 'network.podSubnet',
    'node-cidr-mask-size': 'network.nodeCidrMaskSize',
    'service-cluster-ip-range': 'network.serviceSubnet',
    'cluster-name': 'name',
    ...nothing('kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'client-ca-file', 'root-ca-file'),
    ...nothing('requestheader-client-ca-file', 'service-account-private-key-file'),
    ...nothing('cluster-signing-cert-file', 'cluster-signing-key-file'),
  }),
};

export const schedulerFlags: FlagRules = {
  ...gone({
    ...goneLogging,
    address: 'Use bind-address.',
    port: 'It serves https on 10259 only: remove it.',
    'algorithm-provider': 'Use profiles of a KubeSchedulerConfiguration.',
    'policy-config-file': 'Use profiles of a KubeSchedulerConfiguration.',
  }),
  master: unsafe(ownApiServer, 'Remove it.'),
  'leader-elect': oneLeader,
  ...owned(nothing('kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'client-ca-file')),
};

export const etcdFlags: FlagRules = {
  'client-cert-auth': unsafe(
    'would open etcd, and with it all secrets, to everyone who reaches it',
    'Remove it.',
    isFalse,
  ),
  'peer-client-cert-auth': unsafe('would let any machine join etcd', 'Remove it.', isFalse),
  'auto-tls': unsafe('would take certificates that nobody signed', 'Remove it: the pki action makes them.', isTrue),
  'peer-auto-tls': unsafe(
    'would take certificates that nobody signed',
    'Remove it: the pki action makes them.',
    isTrue,
  ),
  'force-new-cluster': unsafe('would throw the other members out at each start', 'Remove it.', isTrue),
  'unsafe-no-fsync': unsafe('would lose what was written when a host loses power', 'Remove it.', isTrue),
  ...owned({
    'data-dir': 'etcd.dataDir',
    name: 'the host’s name',
    ...nothing('listen-client-urls', 'advertise-client-urls', 'listen-peer-urls', 'initial-advertise-peer-urls'),
    ...nothing('initial-cluster', 'initial-cluster-state', 'cert-file', 'key-file', 'trusted-ca-file'),
    ...nothing('peer-cert-file', 'peer-key-file', 'peer-trusted-ca-file', 'discovery', 'discovery-srv', 'config-file'),
  }),
};

function nothing(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, '']));
}
