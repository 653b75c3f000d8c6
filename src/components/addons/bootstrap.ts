import { components } from '../../layout/components.ts';
import { administratorsGroup, bootstrapGroup } from '../../layout/groups.ts';
import type { KubernetesObject } from './object.ts';
import { clusterRoleBinding, group, user } from './rbac.ts';

/**
 * The rights that must exist before the first node can join. kubeadm has one more binding, which approves every request of a bootstrap
 * token's holder automatically. It is left out, because this project approves requests itself, and only for hosts of the inventory.
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
    // The API server uses this name towards kubelets, for logs, exec and port-forward.
    clusterRoleBinding(
      'k8s-ha-action:apiserver-kubelet-client',
      'system:kubelet-api-admin',
      user(components.apiServer.certificates.kubeletClient.user),
    ),
    clusterRoleBinding(administratorsGroup, 'cluster-admin', group(administratorsGroup)),
  ];
}
