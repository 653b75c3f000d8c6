import { components } from '../../layout/components.ts';
import { accessSettings } from './api-server-access.ts';
import { auditSettings } from './api-server-audit.ts';
import { loggingSettings } from './logging.ts';
import { flag, gate, gone, madeFrom, opens, placed, refuse, type Setting } from './rule.ts';
import * as transport from './transport.ts';
import { isLoopback, like, otherThan, whenFalse, whenTrue } from './values.ts';

const plainStore = {
  words: 'with http',
  include: (value: string) => /(^|[#;,\s])http:/i.test(value),
};

/** The API server's own endpoints and connections. */
const serving: readonly Setting[] = [
  flag('tls-min-version', transport.kubernetesTls),
  flag('tls-cipher-suites', ...transport.cipherRules('1.2.29')),
  flag('tls-sni-cert-key', opens('serves a certificate for some names that no run renews')),
  flag('profiling', transport.profiles('1.2.15')),
  flag('contention-profiling', transport.blockingProfiles),
  flag('debug-socket-path', opens('serves profiles on a socket, without asking who reads them')),
  flag('enable-logs-handler', opens('serves files of /var/log of the master', { values: whenTrue })),
  flag('cors-allowed-origins', opens('answers pages of other web sites')),
  flag('permit-port-sharing', transport.sharedPort),
  flag('permit-address-sharing', transport.sharedPort),
  flag('enable-priority-and-fairness', opens('lets one client take all requests', { values: whenFalse })),
  flag(
    'aggregator-reject-forwarding-redirect',
    opens('lets an aggregated API server send clients elsewhere (CVE-2022-3172)', { values: whenFalse }),
  ),
  flag('egress-selector-config-file', opens('connects to nodes and webhooks by a proxy of a file that no run sees')),
  flag(
    'etcd-servers-overrides',
    refuse('would keep objects in a store without TLS', { values: plainStore }),
    opens('keeps objects in a store that no run looks after'),
  ),
  flag('service-account-jwks-uri', opens('tells others to take the keys of service accounts from there')),
  flag(
    'runtime-config',
    opens('serves APIs that are not declared stable', {
      values: like('with api/all=true or api/alpha=true', /(^|,)\s*"?api\/(all|alpha)(\s*=\s*(1|t|true))?"?\s*(,|$)/i),
    }),
  ),
  ...['emulated-version', 'min-compatibility-version', 'emulation-forward-compatible'].map((name) =>
    flag(name, transport.olderBehaviour),
  ),
  flag('runtime-config-emulation-forward-compatible', transport.olderBehaviour),
  flag(
    'endpoint-reconciler-type',
    refuse('would keep dead masters in the kubernetes Service', {
      hint: 'Remove it: lease is the default.',
      values: otherThan('lease'),
    }),
  ),
  flag(
    'bind-address',
    refuse('would hide the API from other hosts', {
      values: { words: '127.0.0.0/8 and ::1', include: isLoopback },
    }),
  ),
];

const protections = [
  'AuthorizeNodeWithSelectors',
  'AuthorizeWithSelectors',
  'AuthorizePodWebsocketUpgradeCreatePermission',
  'ServiceAccountNodeAudienceRestriction',
  'ServiceAccountTokenNodeBindingValidation',
  'TokenRequestServiceAccountUIDValidation',
  'UnauthenticatedHTTP2DOSMitigation',
];

const gates: readonly Setting[] = [
  gate('AllAlpha', transport.allAlpha),
  gate('AllBeta', transport.allBeta),
  // Both are locked to true in the versions that have them: if they were off, anonymous users could not be limited to the three health paths.
  ...['AnonymousAuthConfigurableEndpoints', 'StructuredAuthenticationConfiguration'].map((name) =>
    gate(name, refuse('would keep the API server from starting, or open paths to anonymous users')),
  ),
  ...protections.map((name) => gate(name, opens('turns off a protection', { values: whenFalse }))),
  gate('KMSv1', opens('turns on an encryption provider that is deprecated', { values: whenTrue })),
];

const removed = gone({
  'insecure-port':
    'All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.',
  'insecure-bind-address': 'All clients use https: --bind-address and api.port.',
  address: 'All clients use https: --bind-address and api.port.',
  port: 'All clients use https: api.port.',
  'basic-auth-file': 'Use client certificates, or apiServer.authentication.jwt.',
  'enable-swagger-ui': 'The API describes itself under /openapi/v2 and /openapi/v3.',
  'kubelet-https': 'Kubelets are always asked by https: remove it.',
  'kubelet-read-only-port': 'Kubelets are always asked by https: remove it.',
  'etcd-quorum-read': 'Reads always have a quorum: remove it.',
  'storage-versions': 'Remove it: versions are chosen by the API server.',
  'experimental-encryption-provider-config': 'Encryption at rest is on from the start: remove it.',
});

export const apiServerSettings: readonly Setting[] = [
  ...accessSettings,
  ...auditSettings,
  ...serving,
  ...gates,
  ...loggingSettings(components.apiServer),
  ...removed,
  flag('apiserver-count', refuse('is deprecated and counts for nothing', { hint: 'API servers count by leases.' })),
  ...madeFrom({
    'secure-port': 'api.port',
    'advertise-address': 'the host’s address',
    'service-cluster-ip-range': 'network.serviceSubnet',
    'service-node-port-range': 'network.serviceNodePortRange',
    'etcd-servers': 'the role etcd of hosts',
    'service-account-issuer': 'network.dnsDomain',
  }),
  ...placed('etcd-cafile', 'etcd-certfile', 'etcd-keyfile', 'client-ca-file', 'tls-cert-file', 'tls-private-key-file'),
  ...placed('kubelet-client-certificate', 'kubelet-client-key', 'kubelet-certificate-authority', 'cert-dir'),
  ...placed('service-account-key-file', 'service-account-signing-key-file', 'service-account-signing-endpoint'),
  ...placed('proxy-client-cert-file', 'proxy-client-key-file', 'encryption-provider-config'),
];
