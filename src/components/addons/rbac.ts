import { type KubernetesObject, object } from './object.ts';

const api = 'rbac.authorization.k8s.io';
const apiVersion = `${api}/v1`;

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface Subject {
  readonly kind: 'Group' | 'User' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

/** A group of users: the organization (`O=`) of a client certificate, or one that the API server gives. */
export function group(name: string): Subject {
  return { kind: 'Group', name, apiGroup: api };
}

/** A user: the common name (`CN=`) of a client certificate. */
export function user(name: string): Subject {
  return { kind: 'User', name, apiGroup: api };
}

/** A service account of kube-system. */
export function serviceAccount(name: string): Subject {
  return { kind: 'ServiceAccount', name, namespace: 'kube-system' };
}

/** A ClusterRole; `labels` are for aggregation into other roles. */
export function clusterRole(
  name: string,
  rules: readonly Rule[],
  labels?: Readonly<Record<string, string>>,
): KubernetesObject {
  return object(apiVersion, 'ClusterRole', { name, ...(labels && { labels }) }, { rules });
}

/** Grants a subject a ClusterRole in all namespaces. */
export function clusterRoleBinding(name: string, role: string, subject: Subject): KubernetesObject {
  return object(
    apiVersion,
    'ClusterRoleBinding',
    { name },
    { roleRef: { apiGroup: api, kind: 'ClusterRole', name: role }, subjects: [subject] },
  );
}

/** Grants a subject a Role of kube-system, in that namespace. */
export function systemRoleBinding(name: string, role: string, subject: Subject): KubernetesObject {
  return object(
    apiVersion,
    'RoleBinding',
    { name, namespace: 'kube-system' },
    { roleRef: { apiGroup: api, kind: 'Role', name: role }, subjects: [subject] },
  );
}
