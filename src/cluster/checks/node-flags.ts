import { type FlagRules, gone, isFalse, isTrue, owned, unsafe } from './flags.ts';

const runtime = 'containerd is reached by CRI: remove it, and see containerd.config.';

export const kubeletFlags: FlagRules = {
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
    logtostderr: 'Logs go to the journal: journalctl -u kubelet on the host.',
    'log-dir': 'Logs go to the journal: journalctl -u kubelet on the host.',
  }),
  'anonymous-auth': unsafe('would open the node’s pods to everyone who reaches it', 'Remove it.', isTrue),
  'authorization-mode': unsafe(
    'would open the node’s pods to every user',
    'Remove it: Webhook is used.',
    (value) => value !== 'Webhook',
  ),
  'read-only-port': unsafe(
    'would show the node’s pods to everyone who reaches it',
    'Remove it.',
    (value) => value !== '0',
  ),
  'rotate-certificates': unsafe('would let the node’s certificate run out', 'Remove it.', isFalse),
  'register-node': unsafe('would keep the node out of the cluster', 'Remove it.', isFalse),
  ...owned({
    'node-labels': 'labels of the host',
    'register-with-taints': 'taints of the host',
    'node-ip': 'the host’s address',
    'hostname-override': 'hostname of the host',
    'cluster-dns': 'network.serviceSubnet, of which it is the second address',
    'cluster-domain': 'network.dnsDomain',
    config: 'kubelet.config',
    kubeconfig: '',
    'bootstrap-kubeconfig': '',
    'client-ca-file': '',
    'tls-cert-file': '',
    'tls-private-key-file': '',
    'container-runtime-endpoint': '',
    'hairpin-mode': 'hairpinMode in kubelet.config',
    'fail-swap-on': 'failSwapOn in kubelet.config',
    'serialize-image-pulls': 'serializeImagePulls in kubelet.config',
    'cgroup-driver': 'cgroupDriver in kubelet.config',
    'max-pods': 'maxPods in kubelet.config',
  }),
};

export const kubeProxyFlags: FlagRules = {
  master: unsafe('would lead past the local balancer', 'Remove it.'),
  ...owned({
    'proxy-mode': 'kubeProxy.mode',
    'cluster-cidr': 'network.podSubnet',
    'hostname-override': 'hostname of the host',
    config: 'kubeProxy.config',
    kubeconfig: '',
  }),
};

export const flannelFlags: FlagRules = {
  ...owned({
    iface: 'interface of the host',
    'public-ip': 'the host’s address',
    'kubeconfig-file': '',
    'net-config-path': 'network.podSubnet and flannel.backend',
    'kube-subnet-mgr': '',
  }),
  ...gone({
    'etcd-endpoints': 'flannel asks the API for subnets, not etcd: remove it.',
    'etcd-prefix': 'flannel asks the API for subnets, not etcd: remove it.',
  }),
};
