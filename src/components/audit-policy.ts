import { components } from '../layout/components.ts';

const renewing = ['get', 'update', 'patch', 'list', 'watch'];
const telling = ['create', 'update', 'patch', 'get', 'list', 'watch'];
const leases = [{ group: 'coordination.k8s.io', resources: ['leases'] }];
const events = [{ group: '', resources: ['events'] }, { group: 'events.k8s.io' }];

const [controllerManager, scheduler, kubeProxy] = [
  components.controllerManager.kubeconfig.user,
  components.scheduler.kubeconfig.user,
  components.kubeProxy.kubeconfig.user,
];

/** The users that renew leases and write events all the time. If a rule has both users and groups, both must match. */
const repeating = [
  { users: ['system:apiserver', controllerManager, scheduler, kubeProxy] },
  { userGroups: ['system:nodes'] },
  { userGroups: ['system:serviceaccounts:kube-system'] },
];

/** Requests that components repeat and that reveal nothing about people. The deletion of a lease or an event, and requests of others, are logged. */
const noise = [
  { level: 'None', users: [kubeProxy], verbs: ['watch'] },
  ...repeating.flatMap((who) => [
    { level: 'None', ...who, verbs: renewing, resources: leases },
    { level: 'None', ...who, verbs: telling, resources: events },
  ]),
  { level: 'None', userGroups: ['system:nodes'], verbs: ['get', 'list', 'watch'], resources: [{ group: '' }] },
  { level: 'None', nonResourceURLs: ['/livez*', '/readyz*', '/healthz*', '/version', '/openapi/*'] },
];

/** Changes of rights: these bodies contain no secret, and without them the log would only show that a role was changed. */
const rights = {
  level: 'Request',
  omitManagedFields: true,
  verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  resources: [{ group: 'rbac.authorization.k8s.io' }],
};

/**
 * Logs who did what, but never a secret's content (CIS 3.2.1 and 3.2.2). Access to secrets, config maps and tokens is logged
 * for every user, as are exec, port-forward and proxy. Of bodies, only those of roles are logged, because a pod's may contain a password.
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
