/** A cluster's own services also run on masters, and take precedence over other pods when resources are short. */
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

/** The same for a pod; the user is set explicitly, because not every build of an image sets one. */
export function restrictedPod(runAsUser: number): object {
  return { runAsNonRoot: true, runAsUser, runAsGroup: runAsUser, seccompProfile: { type: 'RuntimeDefault' } };
}
