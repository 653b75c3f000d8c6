import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import { framesOf } from '../../kubernetes/odd-requests.ts';
import { OpensslSigner } from '../../kubernetes/openssl-signer.ts';
import { scratchFolder } from '../../lab-tools/scratch.ts';
import { runInNetworkOf } from '../networks.ts';
import { eventually } from '../repeatedly.ts';
import { localApi, members, node } from '../seed-hosts.ts';
import { act, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

// Root on a node has all that lies there. What it must not become: another node, etcd, or the holder of others' secrets.
const other = '192-168-1-199.node';
const current = '/var/lib/kubelet/pki/kubelet-client-current.pem';
let kubectl: Kubectl;
let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let signer: OpensslSigner;
/** What lies on the node, by name, as curl takes it. */
const credentials = new Map<string, readonly string[]>();
let otherPod: string;

/** A pod that never runs: its node is none. */
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
const objects = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: other } },
  { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { a: 'b' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: other, namespace: 'kube-node-lease' } },
  pod,
];

beforeAll(async () => {
  kubectl = await standingCluster();
  scratch = await scratchFolder();
  signer = new OpensslSigner();
  await kubectl.must(['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
  otherPod = await kubectl.must(['get', 'pod', 'others', '-o', 'jsonpath={.metadata.uid}']);
  await collect();
}, 600_000);

afterAll(async () => {
  await kubectl?.run(['delete', '--ignore-not-found', '--grace-period=0', '--force', 'pod', 'others']);
  await kubectl?.run([
    'delete',
    '--ignore-not-found',
    'secret/others',
    'configmap/others',
    'serviceaccount/others',
    `node/${other}`,
  ]);
  await kubectl?.run(['delete', 'certificatesigningrequests', '--all']);
  signer?.[Symbol.dispose]();
  await scratch?.[Symbol.asyncDispose]();
}, 120_000);

/** Takes what root finds. */
async function collect(): Promise<void> {
  const keep = (name: string, text: string) => {
    const file = join(scratch.path, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const cat = (path: string) => onHost(node.name, `cat ${path}`);
  const conf = await cat('/etc/kubernetes/proxy.conf');
  const inside = (key: string) => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(conf)?.[1] ?? '', 'base64').toString();
  keep('ca.crt', await cat('/etc/kubernetes/pki/ca.crt'));
  const kubelet = keep('kubelet.pem', await cat(current));
  credentials.set('the kubelet’s certificate', ['--cert', kubelet, '--key', kubelet]);
  const [crt, key] = [
    keep('proxy.crt', inside('client-certificate-data')),
    keep('proxy.key', inside('client-key-data')),
  ];
  credentials.set('kube-proxy’s certificate', ['--cert', crt, '--key', key]);
  const [serving, own] = [await cat('/etc/kubernetes/pki/kubelet.crt'), await cat('/etc/kubernetes/pki/kubelet.key')];
  credentials.set('the kubelet’s serving certificate', [
    '--cert',
    keep('serving.crt', serving),
    '--key',
    keep('serving.key', own),
  ]);
  // Not by the link beside it, which is another user's in a folder that all may write to (fs.protected_symlinks).
  const find = "find /var/lib/kubelet/pods -path '*/volumes/kubernetes.io~projected/*/..2*/token'";
  const tokens = (await onHost(node.name, find)).split('\n').filter(Boolean);
  for (const [index, path] of tokens.entries()) {
    const header = keep(`token-${index}`, `Authorization: Bearer ${await cat(path)}`);
    credentials.set(`token ${index} of a pod there`, ['-H', `@${header}`]);
  }
}

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: object;
  readonly headers?: readonly string[];
}

/** The HTTP status of an answer from the node's network; 000 where the connection came to nothing. */
async function statusOf(
  credential: readonly string[],
  { path, method = 'GET', body, headers = [] }: Asked,
): Promise<string> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const url = path.startsWith('https:') ? path : `${localApi}${path}`;
  const sent = body ? ['-H', `content-type: ${type}`, '-d', JSON.stringify(body)] : [];
  const quiet = ['-s', '-m', '10', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', join(scratch.path, 'ca.crt')];
  const more = headers.flatMap((header) => ['-H', header]);
  const argv = ['curl', ...quiet, '-X', method, ...credential, ...more, ...sent, url];
  return (await runInNetworkOf(node.name, argv, { timeout: 20_000 })).stdout;
}

const credentialOf = (name: string) => credentials.get(name) ?? [];
const nodes = '/api/v1/nodes';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const csrs = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const inDefault = '/api/v1/namespaces/default';
const annotation = { metadata: { annotations: { a: 'b' } } };
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

/** What nothing on a node is good for. */
const attempts: Readonly<Record<string, Asked | (() => Asked)>> = {
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
  'get a token of another node’s pod': () => ({
    method: 'POST',
    path: `${inDefault}/serviceaccounts/others/token`,
    body: tokenRequest(bound(otherPod)),
  }),
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
};

test('what lies on a node is known, and each of it is asked for below', async () => {
  const places = '/etc /root /home /opt /srv /run /tmp /usr/local /var/lib /var/tmp';
  const secret = `-e 'PRIVATE KEY-----' -e client-key-data -e '^ *token: ' -e AGE-SECRET-KEY`;
  const search = `find ${places} -xdev -type f -size -64k ! -path '/etc/ssh/*' ! -path '/var/lib/kubelet/pods/*' -exec grep -lIE ${secret} {} + 2>/dev/null || true`;
  const deep = search.replace(places, '/var/lib/kubelet /var/lib/containerd /run');
  const found = (await Promise.all([search, deep].map((line) => onHost(node.name, line)))).flatMap((text) =>
    text.split('\n'),
  );
  const names = [...new Set(found.filter(Boolean))].map((path) =>
    path.replace(/kubelet-client-\d.*\.pem/, 'kubelet-client-DATE.pem'),
  );
  expect([...new Set(names)].toSorted()).toEqual([
    '/etc/kubernetes/pki/kubelet.key',
    '/etc/kubernetes/proxy.conf',
    '/var/lib/kubelet/pki/kubelet-client-DATE.pem',
  ]);
  expect([...credentials.keys()].filter((name) => name.startsWith('token')).length).toBeGreaterThan(0);
}, 60_000);

test('what a node is for, it may do', async () => {
  const kubelet = credentialOf('the kubelet’s certificate');
  const own: readonly Asked[] = [
    { method: 'PATCH', path: `${nodes}/${node.hostname}`, body: annotation },
    { path: `${leases}/${node.hostname}` },
    // Not a right of a node as such: flannel has to know the others' subnets, and kube-proxy may do the same.
    { path: nodes },
  ];
  // A node that has just joined makes its lease some seconds later.
  for (const asked of own) await eventually(async () => (await statusOf(kubelet, asked)) === '200');
  const proxy = credentialOf('kube-proxy’s certificate');
  for (const path of ['/api/v1/services', '/apis/discovery.k8s.io/v1/endpointslices', nodes])
    expect([path, await statusOf(proxy, { path })]).toEqual([path, '200']);
  expect(await statusOf(credentialOf('the kubelet’s serving certificate'), { path: nodes })).toBe('401');
}, 60_000);

test('nothing that lies there is good for more', async () => {
  const got: string[] = [];
  for (const [name, credential] of credentials)
    for (const [what, asked] of Object.entries(attempts)) {
      const status = await statusOf(credential, typeof asked === 'function' ? asked() : asked);
      if (!/^40[13]$/.test(status)) got.push(`${name}: ${what}: ${status}`);
    }
  expect(got).toEqual([]);
}, 240_000);

test('nothing that lies there opens etcd', async () => {
  const got: string[] = [];
  for (const [name, credential] of credentials)
    for (const { address } of members)
      for (const path of ['/version', '/v3/kv/range']) {
        const url = `https://${address}:2379${path}`;
        // Without regard to whom the server's certificate is from.
        const status = await statusOf([...credential, '-k'], { method: 'POST', path: url, body: { key: 'Lw==' } });
        if (status !== '000') got.push(`${name}: ${url}: ${status}`);
      }
  expect(got).toEqual([]);
}, 120_000);

/** A request as root on the node posts it, in the name of its kubelet. */
async function post(
  name: string,
  pem: string,
  signerName = 'kubernetes.io/kube-apiserver-client-kubelet',
  usage = 'client auth',
) {
  const spec = { signerName, usages: ['digital signature', usage], request: Buffer.from(pem).toString('base64') };
  const body = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec };
  return await statusOf(credentialOf('the kubelet’s certificate'), { method: 'POST', path: csrs, body });
}

async function signedNames(): Promise<readonly string[]> {
  const list = JSON.parse(await kubectl.must(['get', 'certificatesigningrequests', '-o', 'json'])) as {
    items: { metadata: { name: string }; status?: { certificate?: string } }[];
  };
  return list.items.filter(({ status }) => status?.certificate).map((item) => item.metadata.name);
}

test('a node renews its own certificate, and gets no other', async () => {
  const subject = (name: string, group = 'system:nodes') => `/O=${group}/CN=system:node:${name}`;
  const [ownRequest, othersRequest] = [signer.request(subject(node.hostname)), signer.request(subject(other))];
  await post('mine-others', othersRequest);
  await post('mine-two-groups', signer.request(`/O=system:masters${subject(node.hostname)}`));
  for (const [index, text] of framesOf(ownRequest).entries())
    if (text.includes('Proc-Type')) await post(`mine-frame-${index}`, text);
  for (const [index, text] of framesOf(othersRequest).entries())
    if (text.includes('Proc-Type')) await post(`mine-other-${index}`, text);
  await post('mine-serving', othersRequest, 'kubernetes.io/kubelet-serving', 'server auth');
  await post('mine-client', signer.request('/O=k8s-ha-action:admins/CN=mine'), 'kubernetes.io/kube-apiserver-client');
  expect(
    await post('mine-master', signer.request('/O=system:masters/CN=mine'), 'kubernetes.io/kube-apiserver-client'),
  ).toBe('403');
  // The last of them: when it is signed, the approver has seen the others.
  expect(await post('mine-renewal', ownRequest)).toBe('201');
  await eventually(async () => (await signedNames()).includes('mine-renewal'));
  const signed = (await signedNames()).filter((name) => name.startsWith('mine-'));
  const subjects = await Promise.all(
    signed.map((name) =>
      kubectl.must(['get', 'certificatesigningrequest', name, '-o', 'jsonpath={.status.certificate}']),
    ),
  );
  const { X509Certificate } = await import('node:crypto');
  // A text of which Go reads the node's own part is its own renewal.
  for (const text of subjects)
    expect(new X509Certificate(Buffer.from(text, 'base64')).subject).toBe(
      `O=system:nodes\nCN=system:node:${node.hostname}`,
    );
}, 60_000);

describe('a node whose root removes its certificate', () => {
  const tokens = [
    'get',
    'secrets',
    '-n',
    'kube-system',
    '--field-selector=type=bootstrap.kubernetes.io/token',
    '-o',
    'name',
  ];
  const bootstrapConf = '/etc/kubernetes/bootstrap-kubelet.conf';
  const nodeUid = () => kubectl.must(['get', 'node', node.hostname, '-o', 'jsonpath={.metadata.uid}']);

  test('gets no token, and the other hosts’ work is done', async () => {
    await onHost(node.name, 'mv /var/lib/kubelet/pki /var/lib/kubelet/pki.away');
    // Something to do on another host.
    await onHost('master-1', 'echo >>/etc/kubernetes/audit-policy.yaml');
    await onHost('etcd-1', 'chmod 700 /etc/etcd');
    const seen: string[] = [];
    const result = await act('deploy', {}, { onLine: ({ text }) => void seen.push(text) });
    expect(result.status).toBe(1);
    const log = logOf(result);
    expect(log).toMatch(/error: .*no valid certificate of a node, yet the cluster has its node/);
    expect(log).toContain(`kubectl delete node ${node.hostname}`);
    expect(log).toContain('rejoin: node-1');
    expect(log).toMatch(/etcd-1: .*\/etc\/etcd/);
    expect(log).toMatch(/master-1: .*audit-policy/);
    expect(log).not.toContain('approved its certificate');
    expect(await kubectl.must(tokens)).toBe('');
    expect(await onHost(node.name, `ls ${bootstrapConf} 2>&1 || true`)).toContain('No such file');
  }, 180_000);

  test('is told of by a plan', async () => {
    const result = succeeded(await act('plan'));
    expect(logOf(result)).toMatch(/warning: .*node-1: it has no valid certificate of a node.*would be refused/);
  }, 120_000);

  test('joins again when the run says that it was replaced, and keeps nothing to join with', async () => {
    const before = await nodeUid();
    const log = logOf(succeeded(await act('deploy', { rejoin: 'node-1' })));
    expect(log).toContain(`${node.hostname}: approved its certificate`);
    expect(await nodeUid()).toBe(before);
    expect(await kubectl.must(tokens)).toBe('');
    expect(await onHost(node.name, `ls ${bootstrapConf} 2>&1 || true`)).toContain('No such file');
    await onHost(node.name, 'rm -r /var/lib/kubelet/pki.away');
    expect(await onHost(node.name, `openssl x509 -noout -subject -in ${current}`)).toContain(
      `CN = system:node:${node.hostname}`,
    );
    const again = succeeded(await act('deploy'));
    expect(again.outputs).toMatchObject({ changed: '0' });
  }, 240_000);
});
