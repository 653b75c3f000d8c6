import type { KubernetesObject } from '../addons/object.ts';
import { clusterRole, clusterRoleBinding, group } from '../addons/rbac.ts';

const name = 'k8s-ha-action:flannel';

/**
 * flanneld speaks as its node. The Node authorizer lets a node read and change its own Node object; to know the others'
 * subnets it may look at all of them, which tells it addresses and labels, and nothing that is secret.
 */
export function flannelAccess(): readonly KubernetesObject[] {
  return [
    clusterRole(name, [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }]),
    clusterRoleBinding(name, name, group('system:nodes')),
  ];
}
