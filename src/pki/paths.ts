/** Where certificates, keys and kubeconfigs stand: kubeadm's places, so that its documentation and kube-bench fit. */
export const pkiDir = '/etc/kubernetes/pki';
/** etcd's own, apart from /etc/kubernetes/pki: they belong to the user etcd (CIS 1.1.19 wants root there). */
export const etcdPkiDir = '/etc/etcd/pki';

export const paths = {
  ca: { crt: `${pkiDir}/ca.crt`, key: `${pkiDir}/ca.key` },
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
    /** For etcdctl on the member's own host, read by root. */
    client: { crt: `${etcdPkiDir}/healthcheck-client.crt`, key: `${etcdPkiDir}/healthcheck-client.key` },
  },
  encryptionConfig: '/etc/kubernetes/encryption-config.yaml',
  adminConf: '/etc/kubernetes/admin.conf',
  controllerManagerConf: '/etc/kubernetes/controller-manager.conf',
  schedulerConf: '/etc/kubernetes/scheduler.conf',
  proxyConf: '/etc/kubernetes/proxy.conf',
  /** Written by the kubelet itself when it has joined. */
  kubeletConf: '/etc/kubernetes/kubelet.conf',
  /** Only there while a node joins. */
  bootstrapKubeletConf: '/etc/kubernetes/bootstrap-kubelet.conf',
} as const;
