/** The paths of certificates, keys and kubeconfigs: kubeadm's, so that its documentation and kube-bench apply. */
export const pkiDir = '/etc/kubernetes/pki';
/** etcd's files, outside /etc/kubernetes/pki, because they belong to the user etcd (CIS 1.1.19 requires root there). */
export const etcdPkiDir = '/etc/etcd/pki';

export const paths = {
  ca: { crt: `${pkiDir}/ca.crt`, key: `${pkiDir}/ca.key` },
  /** The first certificate of ca.crt, while that has others: kube-controller-manager signs with a file of one certificate. */
  signingCa: `${pkiDir}/ca-signing.crt`,
  /** Exists only while a rotation waits for everything to trust the next CA. */
  nextCaKey: `${pkiDir}/ca-next.key`,
  frontProxyCa: { crt: `${pkiDir}/front-proxy-ca.crt`, key: `${pkiDir}/front-proxy-ca.key` },
  etcdCa: { crt: `${pkiDir}/etcd/ca.crt`, key: `${pkiDir}/etcd/ca.key` },
  serviceAccount: { key: `${pkiDir}/sa.key`, pub: `${pkiDir}/sa.pub` },
  apiserver: { crt: `${pkiDir}/apiserver.crt`, key: `${pkiDir}/apiserver.key` },
  apiserverKubeletClient: {
    crt: `${pkiDir}/apiserver-kubelet-client.crt`,
    key: `${pkiDir}/apiserver-kubelet-client.key`,
  },
  apiserverEtcdClient: { crt: `${pkiDir}/apiserver-etcd-client.crt`, key: `${pkiDir}/apiserver-etcd-client.key` },
  frontProxyClient: { crt: `${pkiDir}/front-proxy-client.crt`, key: `${pkiDir}/front-proxy-client.key` },
  kubeletServing: { crt: `${pkiDir}/kubelet.crt`, key: `${pkiDir}/kubelet.key` },
  etcd: {
    ca: `${etcdPkiDir}/ca.crt`,
    server: { crt: `${etcdPkiDir}/server.crt`, key: `${etcdPkiDir}/server.key` },
    peer: { crt: `${etcdPkiDir}/peer.crt`, key: `${etcdPkiDir}/peer.key` },
    /** For etcdctl on the member's host, readable by root. */
    client: { crt: `${etcdPkiDir}/healthcheck-client.crt`, key: `${etcdPkiDir}/healthcheck-client.key` },
  },
  encryptionConfig: '/etc/kubernetes/encryption-config.yaml',
  adminConf: '/etc/kubernetes/admin.conf',
  controllerManagerConf: '/etc/kubernetes/controller-manager.conf',
  schedulerConf: '/etc/kubernetes/scheduler.conf',
  proxyConf: '/etc/kubernetes/proxy.conf',
  /** Written by the kubelet when it has joined, and then by a run, with another text of the same meaning. */
  kubeletConf: '/etc/kubernetes/kubelet.conf',
  /** Exists only while a node joins. */
  bootstrapKubeletConf: '/etc/kubernetes/bootstrap-kubelet.conf',
} as const;

/** Where components keep what is theirs: the defaults of Kubernetes and its neighbours, so that stock tools find them. */
export const places = {
  kubernetesDir: '/etc/kubernetes',
  authenticationConfig: '/etc/kubernetes/authentication.yaml',
  auditPolicy: '/etc/kubernetes/audit-policy.yaml',
  auditLog: '/var/log/kubernetes/audit/audit.log',
  schedulerConfig: '/etc/kubernetes/scheduler-config.yaml',
  releaseLease: '/etc/kubernetes/release-lease',
  balancerConfig: '/etc/kubernetes/haproxy.cfg',
  balancerScript: '/etc/kubernetes/haproxy.lua',
  balancerRoot: '/var/lib/kube-haproxy',
  balancerSocket: '/run/kube-haproxy.sock',
  etcdBalancerConfig: '/etc/kubernetes/etcd-haproxy.cfg',
  etcdBalancerSocket: '/run/kube-etcd-haproxy.sock',
  /** The API server's certificate for etcd, with its key. */
  etcdBalancerIdentity: '/etc/kubernetes/etcd-haproxy.pem',
  /** Links to the client certificate, with its key, that the kubelet got when it joined; kubelet.conf itself is there earlier. */
  kubeletClientCert: '/var/lib/kubelet/pki/kubelet-client-current.pem',
  kubeletConfig: '/var/lib/kubelet/config.yaml',
  kubeProxyConfig: '/var/lib/kube-proxy/config.yaml',
  containerdConfig: '/etc/containerd/config.toml',
  registries: '/etc/containerd/certs.d',
  /** Images and pods. */
  containerdRoot: '/var/lib/containerd',
  kubeletRoot: '/var/lib/kubelet',
  containerdSocket: '/run/containerd/containerd.sock',
  cniPlugins: '/opt/cni/bin',
  cniConfig: '/etc/cni/net.d',
  /** etcd's answers to "with whom do I begin", which it reads only while its data directory is empty. */
  etcdBootstrap: '/etc/etcd/bootstrap.env',
  flannelConfig: '/etc/kube-flannel/net-conf.json',
  flannelSubnet: '/run/flannel/subnet.env',
  flannelConflist: '/etc/cni/net.d/10-flannel.conflist',
  flannelScript: '/etc/kube-flannel/write-conflist',
  rootKubeconfig: '/root/.kube/config',
  /** resolv.conf(5): of the host, and the servers behind the local resolvers of systemd-resolved and of NetworkManager. */
  hostResolver: '/etc/resolv.conf',
  resolvedServers: '/run/systemd/resolve/resolv.conf',
  networkManagerServers: '/run/NetworkManager/no-stub-resolv.conf',
} as const;
