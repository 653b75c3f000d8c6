import { components } from '../../layout/components.ts';
import { places } from '../../layout/paths.ts';
import { loggingSettings } from './logging.ts';
import { both, flag, gate, gone, key, madeFrom, opens, placed, placedRule, refuse, type Setting } from './rule.ts';
import * as transport from './transport.ts';
import {
  below,
  beyondLoopback,
  like,
  noTime,
  otherThan,
  plainBeyondLoopback,
  whenFalse,
  whenGiven,
  whenTrue,
} from './values.ts';

const runtime = 'Remove it: containerd is reached by CRI; see containerd.config.';

/** Access to a node's pods through the kubelet. */
const access: readonly Setting[] = [
  both(
    'anonymous-auth',
    'authentication.anonymous.enabled',
    refuse('would open the node’s pods to everyone who reaches it', { values: whenTrue, cis: '4.2.1' }),
  ),
  both(
    'authentication-token-webhook',
    'authentication.webhook.enabled',
    refuse('would refuse tokens of service accounts, so that metrics-server stops', { values: whenFalse }),
  ),
  both('client-ca-file', 'authentication.x509.clientCAFile', { ...placedRule, cis: '4.2.3' }),
  both(
    'authorization-mode',
    'authorization.mode',
    refuse('would open the node’s pods to every user', {
      hint: 'Remove it: Webhook is used.',
      values: otherThan('Webhook'),
      cis: '4.2.2',
    }),
  ),
  both(
    'read-only-port',
    'readOnlyPort',
    refuse('would show the node’s pods to everyone who reaches it', { values: otherThan('0'), cis: '4.2.4' }),
  ),
  both('healthz-bind-address', 'healthzBindAddress', opens('is reached by other hosts', { values: beyondLoopback })),
  both('healthz-port', 'healthzPort', {
    ...placedRule,
    values: otherThan(String(components.kubelet.ports.health.port)),
  }),
  both(
    'streaming-connection-idle-timeout',
    'streamingConnectionIdleTimeout',
    opens('lets an idle exec or port-forward last for ever', { values: noTime, cis: '4.2.5' }),
  ),
];

/** TLS, and the node's own certificates. */
const certificates: readonly Setting[] = [
  both(
    'rotate-certificates',
    'rotateCertificates',
    refuse('would let the node’s certificate run out', { values: whenFalse, cis: '4.2.10' }),
  ),
  both(
    'rotate-server-certificates',
    'serverTLSBootstrap',
    refuse('would ask for a serving certificate, which no run approves', { values: whenTrue }),
  ),
  both('tls-cert-file', 'tlsCertFile', { ...placedRule, cis: '4.2.9' }),
  both('tls-private-key-file', 'tlsPrivateKeyFile', { ...placedRule, cis: '4.2.9' }),
  both('tls-min-version', 'tlsMinVersion', transport.kubernetesTls),
  both('tls-cipher-suites', 'tlsCipherSuites', ...transport.cipherRules('4.2.12')),
  gate(
    'RotateKubeletServerCertificate',
    opens('lets serving certificates of kubelets run out', { values: whenFalse, cis: '4.2.11' }),
  ),
];

/** The rights of pods on the host, and pods that bypass the API. */
const host: readonly Setting[] = [
  both(
    'pod-manifest-path',
    'staticPodPath',
    opens('runs pods of files, past the API’s admission', { values: whenGiven }),
  ),
  both(
    'manifest-url',
    'staticPodURL',
    refuse('would run pods that anyone on the way can replace', { values: plainBeyondLoopback }),
    opens('runs pods of a URL, past the API’s admission', { values: whenGiven }),
  ),
  both(
    'protect-kernel-defaults',
    'protectKernelDefaults',
    opens('lets the kubelet change the kernel’s settings', { values: whenFalse }),
  ),
  both(
    'make-iptables-util-chains',
    'makeIPTablesUtilChains',
    opens('leaves out the rules that keep others from 127.0.0.0/8', { values: whenFalse, cis: '4.2.6' }),
  ),
  both(
    'seccomp-default',
    'seccompDefault',
    opens('lets pods make every system call', { values: whenFalse, cis: '4.2.14' }),
  ),
  both('pod-max-pids', 'podPidsLimit', opens('lets one pod take all processes', { values: below(1), cis: '4.2.13' })),
  both(
    'allowed-unsafe-sysctls',
    'allowedUnsafeSysctls',
    opens('lets pods change settings of the kernel that others share', { values: whenGiven }),
  ),
  both('fail-swap-on', 'failSwapOn', opens('lets Secrets of pods reach the disk by swap', { values: whenFalse })),
  key('memorySwap.swapBehavior', opens('lets pods use swap', { values: like('LimitedSwap', /^LimitedSwap$/i) })),
  key(
    'imagePullCredentialsVerificationPolicy',
    opens('lets a pod run private images that another pod pulled', { values: like('NeverVerify', /^NeverVerify$/i) }),
  ),
  gate(
    'KubeletEnsureSecretPulledImages',
    opens('lets a pod run private images that another pod pulled', { values: whenFalse }),
  ),
];

/** Information that the kubelet shows to clients. */
const diagnosis: readonly Setting[] = [
  key('enableProfilingHandler', transport.profiles()),
  both('contention-profiling', 'enableContentionProfiling', transport.blockingProfiles),
  key('enableDebugFlagsHandler', opens('lets its flags be changed while it runs', { values: whenTrue })),
  key('enableSystemLogQuery', opens('serves logs of the host’s services', { values: whenTrue })),
  key('logging.verbosity', transport.verbose),
  key('logging.vmodule', transport.verboseFiles),
  gate('AllAlpha', transport.allAlpha),
  gate('AllBeta', transport.allBeta),
];

export const kubeletSettings: readonly Setting[] = [
  ...access,
  ...certificates,
  ...host,
  ...diagnosis,
  ...loggingSettings(components.kubelet),
  both('register-node', 'registerNode', refuse('would keep the node out of the cluster', { values: whenFalse })),
  key('apiVersion', { ...placedRule, values: otherThan('kubelet.config.k8s.io/v1beta1') }),
  key('kind', { ...placedRule, values: otherThan('KubeletConfiguration') }),
  key('containerRuntimeEndpoint', { ...placedRule, values: otherThan(`unix://${places.containerdSocket}`) }),
  key(
    'registerWithTaints',
    refuse('is made from another key of this file', { hint: 'Use taints of the host instead.' }),
  ),
  flag('config-dir', refuse('would let files that no run sees override kubelet.config')),
  ...gone({
    'api-servers': 'The kubelet finds the API through its kubeconfig and the local balancer: api.localPort.',
    'require-kubeconfig': 'Remove it: a kubeconfig is always used.',
    'experimental-bootstrap-kubeconfig': 'Remove it: the node action writes the bootstrap kubeconfig.',
    'network-plugin': 'Use network.plugin.',
    'cni-conf-dir': runtime,
    'cni-bin-dir': runtime,
    'cni-cache-dir': runtime,
    'container-runtime': runtime,
    'pod-infra-container-image': 'Use versions.pause.',
    'cadvisor-port': 'Remove it.',
    'register-schedulable': 'Use taints of the host.',
    'allow-privileged': 'Remove it: Pod Security decides.',
  }),
  ...madeFrom({
    'node-labels': 'labels of the host',
    'register-with-taints': 'taints of the host',
    'node-ip': 'the host’s address',
    'hostname-override': 'hostname of the host',
    'cluster-dns': 'network.serviceSubnet, of which it is the second address',
    'cluster-domain': 'network.dnsDomain',
    config: 'kubelet.config',
    'hairpin-mode': 'hairpinMode in kubelet.config',
    'serialize-image-pulls': 'serializeImagePulls in kubelet.config',
    'cgroup-driver': 'cgroupDriver in kubelet.config',
    'max-pods': 'maxPods in kubelet.config',
  }),
  ...placed('kubeconfig', 'bootstrap-kubeconfig', 'container-runtime-endpoint', 'cert-dir'),
];
