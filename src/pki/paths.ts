/** The paths of certificates, keys and kubeconfigs: kubeadm's, so that its documentation and kube-bench apply. */
export const pkiDir = '/etc/kubernetes/pki';
/** etcd's files, outside /etc/kubernetes/pki, because they belong to the user etcd (CIS 1.1.19 requires root there). */
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
    /** For etcdctl on the member's host, readable by root. */
    client: { crt: `${etcdPkiDir}/healthcheck-client.crt`, key: `${etcdPkiDir}/healthcheck-client.key` },
  },
  encryptionConfig: '/etc/kubernetes/encryption-config.yaml',
  adminConf: '/etc/kubernetes/admin.conf',
  controllerManagerConf: '/etc/kubernetes/controller-manager.conf',
  schedulerConf: '/etc/kubernetes/scheduler.conf',
  proxyConf: '/etc/kubernetes/proxy.conf',
  /** Written by the kubelet when it has joined. */
  kubeletConf: '/etc/kubernetes/kubelet.conf',
  /** Exists only while a node joins. */
  bootstrapKubeletConf: '/etc/kubernetes/bootstrap-kubelet.conf',
} as const;
