/** A cluster's own services run on masters as well, and come before other pods when room is short. */
export const critical = {
  priorityClassName: 'system-cluster-critical',
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [
    { key: 'CriticalAddonsOnly', operator: 'Exists' },
    { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
  ],
} as const;

/** The requirements of Pod Security's profile `restricted`, and a read-only root file system. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
} as const;

/** The same for a pod; the user is named, since not every build of an image does. */
export function restrictedPod(runAsUser: number): object {
  return { runAsNonRoot: true, runAsUser, runAsGroup: runAsUser, seccompProfile: { type: 'RuntimeDefault' } };
}
