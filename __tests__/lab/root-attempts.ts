// Requests that root on a node must not be able to make with any credential there: to the API, to its kubelet and through both.
import { node } from './seed-hosts.ts';

/** A fake node: an object of the API without a host. */
export const other = '192-168-1-199.node';

/** A pod that never runs: its node is fake. */
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'others', namespace: 'default' },
  spec: {
    nodeName: other,
    serviceAccountName: 'others',
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'a', image: 'k8s-ha.test/web:1' }],
    volumes: [
      { name: 'a', secret: { secretName: 'others' } },
      { name: 'b', configMap: { name: 'others' } },
    ],
  },
};
const metadata = { name: 'others', namespace: 'default' };
/** Objects of the other node. */
export const objects = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: other } },
  { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { a: 'b' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: other, namespace: 'kube-node-lease' } },
  pod,
];

/** A request. */
export interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
  readonly headers?: readonly string[];
}

export const nodes = '/api/v1/nodes';
export const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
export const csrs = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const inDefault = '/api/v1/namespaces/default';
export const annotation = { metadata: { annotations: { a: 'b' } } };
const bound = (uid: string) => ({ kind: 'Pod', apiVersion: 'v1', name: 'others', uid });
const tokenRequest = (boundObjectRef?: object) => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec: { audiences: ['https://kubernetes.default.svc'], ...(boundObjectRef && { boundObjectRef }) },
});
const mirror = (mirrored: boolean) => ({
  ...pod,
  metadata: {
    name: 'mine',
    namespace: 'default',
    ...(mirrored && { annotations: { 'kubernetes.io/config.mirror': 'a' } }),
  },
  spec: { ...pod.spec, nodeName: node.hostname },
});
const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'mine' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:nodes' }],
};
const as = (user: string, group: string) => [`Impersonate-User: ${user}`, `Impersonate-Group: ${group}`];
const named = (kind: string, apiVersion: string, name: string) => ({ apiVersion, kind, metadata: { name } });

/** The requests that no credential of a node allows. @param otherPod the UID of the other node's pod */
export const attempts = (otherPod: string): Readonly<Record<string, Asked>> => ({
  'change another node': { method: 'PATCH', path: `${nodes}/${other}`, body: annotation },
  'change another node’s status': { method: 'PATCH', path: `${nodes}/${other}/status`, body: annotation },
  'delete another node': { method: 'DELETE', path: `${nodes}/${other}` },
  'make another node': { method: 'POST', path: nodes, body: named('Node', 'v1', 'third.node') },
  'look at another node’s lease': { path: `${leases}/${other}` },
  'renew another node’s lease': {
    method: 'PATCH',
    path: `${leases}/${other}`,
    body: { spec: { holderIdentity: other } },
  },
  'make another node’s lease': {
    method: 'POST',
    path: leases,
    body: named('Lease', 'coordination.k8s.io/v1', 'third.node'),
  },
  'end another node’s lease': { method: 'DELETE', path: `${leases}/${other}` },
  'take a leader’s lease': {
    method: 'PATCH',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler',
    body: annotation,
  },
  'describe another node’s storage': {
    method: 'POST',
    path: '/apis/storage.k8s.io/v1/csinodes',
    body: named('CSINode', 'storage.k8s.io/v1', other),
  },
  'read a secret of another node’s pod': { path: `${inDefault}/secrets/others` },
  'list secrets': { path: '/api/v1/secrets' },
  'list the system’s secrets': { path: '/api/v1/namespaces/kube-system/secrets' },
  'watch a namespace’s secrets': { path: `${inDefault}/secrets?watch=true&timeoutSeconds=1` },
  'read a ConfigMap of another node’s pod': { path: `${inDefault}/configmaps/others` },
  'get a token of another node’s pod': {
    method: 'POST',
    path: `${inDefault}/serviceaccounts/others/token`,
    body: tokenRequest(bound(otherPod)),
  },
  'get a token of any account': {
    method: 'POST',
    path: `${inDefault}/serviceaccounts/others/token`,
    body: tokenRequest(),
  },
  'get a token of a controller': {
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/serviceaccounts/generic-garbage-collector/token',
    body: tokenRequest(),
  },
  'change another node’s pod': { method: 'PATCH', path: `${inDefault}/pods/others/status`, body: annotation },
  'delete another node’s pod': { method: 'DELETE', path: `${inDefault}/pods/others` },
  'evict another node’s pod': {
    method: 'POST',
    path: `${inDefault}/pods/others/eviction`,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata },
  },
  'make a pod that has another’s secret': { method: 'POST', path: `${inDefault}/pods`, body: mirror(false) },
  'make a mirror of a pod that has another’s secret': { method: 'POST', path: `${inDefault}/pods`, body: mirror(true) },
  'run a command in a pod': { method: 'POST', path: `${inDefault}/pods/others/exec?command=id&stdout=true` },
  'reach a kubelet through the API': { path: `${nodes}/${node.hostname}/proxy/pods` },
  'reach another kubelet through the API': { path: `${nodes}/${other}/proxy/pods` },
  'ask a kubelet for its pods': { path: `https://${node.address}:10250/pods` },
  'run a command through a kubelet': {
    method: 'POST',
    path: `https://${node.address}:10250/run/default/others/a?cmd=id`,
  },
  'act as another node': { path: `${inDefault}/secrets/others`, headers: as(`system:node:${other}`, 'system:nodes') },
  'act as an administrator': { path: '/api/v1/secrets', headers: as('admin', 'system:masters') },
  'give its group a role': {
    method: 'POST',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: binding,
  },
  'give itself a master’s label': {
    method: 'PATCH',
    path: `${nodes}/${node.hostname}`,
    body: { metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } } },
  },
  'approve a request': { method: 'PATCH', path: `${csrs}/others/approval`, body: { status: { conditions: [] } } },
  'sign a request': { method: 'PATCH', path: `${csrs}/others/status`, body: { status: { certificate: '' } } },
});
