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
  /** Links to the client certificate that the kubelet got when it joined; kubelet.conf itself is there earlier. */
  kubeletClientCert: '/var/lib/kubelet/pki/kubelet-client-current.pem',
  kubeletConfig: '/var/lib/kubelet/config.yaml',
  kubeProxyConfig: '/var/lib/kube-proxy/config.yaml',
  containerdConfig: '/etc/containerd/config.toml',
  registries: '/etc/containerd/certs.d',
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
} as const;
