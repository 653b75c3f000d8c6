import { administratorsGroup, bootstrapGroup } from '../../pki/groups.ts';
import type { KubernetesObject } from './object.ts';
import { clusterRoleBinding, group, user } from './rbac.ts';

/**
 * What must be allowed before a first node can join. kubeadm has one binding more, by which any holder of a bootstrap
 * token gets a node's certificate without being asked: left out, since approval is ours and for the inventory's hosts only.
 * https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/
 */
export function bootstrapBindings(): readonly KubernetesObject[] {
  return [
    clusterRoleBinding('k8s-ha-action:node-bootstrapper', 'system:node-bootstrapper', group(bootstrapGroup)),
    clusterRoleBinding(
      'k8s-ha-action:node-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      group('system:nodes'),
    ),
    // For logs, exec and port-forward the API server calls kubelets under this name.
    clusterRoleBinding(
      'k8s-ha-action:apiserver-kubelet-client',
      'system:kubelet-api-admin',
      user('kube-apiserver-kubelet-client'),
    ),
    clusterRoleBinding(administratorsGroup, 'cluster-admin', group(administratorsGroup)),
  ];
}
