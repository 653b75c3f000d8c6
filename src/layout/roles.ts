/** What a host of cluster.yaml can be. */
export const roles = ['etcd', 'master', 'node'] as const;

export type Role = (typeof roles)[number];
