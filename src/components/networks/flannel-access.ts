import type { KubernetesObject } from '../addons/object.ts';
import { clusterRole, clusterRoleBinding, group } from '../addons/rbac.ts';

const name = 'k8s-ha-action:flannel';

/**
 * flanneld authenticates as its node. The Node authorizer lets a node read and change its own Node object; to get the subnets of
 * the others it may read all Node objects, which contain addresses and labels, but no secrets.
 */
export function flannelAccess(): readonly KubernetesObject[] {
  return [
    clusterRole(name, [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }]),
    clusterRoleBinding(name, name, group('system:nodes')),
  ];
}
