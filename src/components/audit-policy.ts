const noise = [
  // Reads and renewals that every component repeats all day long and that say nothing of what people did.
  { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] },
  { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] },
  { level: 'None', resources: [{ group: '', resources: ['events'] }, { group: 'events.k8s.io' }] },
  { level: 'None', userGroups: ['system:nodes'], verbs: ['get', 'list', 'watch'], resources: [{ group: '' }] },
  { level: 'None', nonResourceURLs: ['/livez*', '/readyz*', '/healthz*', '/version', '/openapi/*'] },
];

/**
 * Who did what, and never a secret's content (CIS 3.2.1 and 3.2.2): access to secrets, config maps and tokens is logged
 * whoever asks, and so are exec, port-forward and proxy; of bodies, nothing, since a pod's may hold a password.
 * https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Metadata',
      resources: [
        { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
        { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
        {
          group: '',
          resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy', 'nodes/proxy'],
        },
      ],
    },
    ...noise,
    { level: 'Metadata' },
  ],
};
