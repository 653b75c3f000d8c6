const renewing = ['get', 'update', 'patch', 'list', 'watch'];
const telling = ['create', 'update', 'patch', 'get', 'list', 'watch'];
const leases = [{ group: 'coordination.k8s.io', resources: ['leases'] }];
const events = [{ group: '', resources: ['events'] }, { group: 'events.k8s.io' }];

/** Who renews leases and writes events all day long. Users and groups of one rule would both have to match. */
const components = [
  { users: ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler', 'system:kube-proxy'] },
  { userGroups: ['system:nodes'] },
  { userGroups: ['system:serviceaccounts:kube-system'] },
];

/** What components repeat and what says nothing of people: never the end of a lease or of an event, and nothing that others do. */
const noise = [
  { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] },
  ...components.flatMap((who) => [
    { level: 'None', ...who, verbs: renewing, resources: leases },
    { level: 'None', ...who, verbs: telling, resources: events },
  ]),
  { level: 'None', userGroups: ['system:nodes'], verbs: ['get', 'list', 'watch'], resources: [{ group: '' }] },
  { level: 'None', nonResourceURLs: ['/livez*', '/readyz*', '/healthz*', '/version', '/openapi/*'] },
];

/** Who was given which rights: these bodies hold no secret, and without them a line only says that a role was changed. */
const rights = {
  level: 'Request',
  omitManagedFields: true,
  verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  resources: [{ group: 'rbac.authorization.k8s.io' }],
};

/**
 * Who did what, and never a secret's content (CIS 3.2.1 and 3.2.2): access to secrets, config maps and tokens is logged
 * of every user, and so are exec, port-forward and proxy; of bodies, those of roles only, since a pod's may hold a password.
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
    rights,
    ...noise,
    { level: 'Metadata' },
  ],
};
