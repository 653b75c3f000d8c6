import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import { framesOf } from '../../kubernetes/odd-requests.ts';
import { OpensslSigner } from '../../kubernetes/openssl-signer.ts';
import { scratchFolder } from '../../lab-tools/scratch.ts';
import { runInNetworkOf } from '../networks.ts';
import { eventually } from '../repeatedly.ts';
import { type Asked, annotation, attempts, csrs, leases, nodes, objects, other } from '../root-attempts.ts';
import { localApi, members, node } from '../seed-hosts.ts';
import { act, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

// Root on a node has every file there. It must not be able to act as another node, to reach etcd, or to read secrets of others.
const current = '/var/lib/kubelet/pki/kubelet-client-current.pem';
let kubectl: Kubectl;
let scratch: Awaited<ReturnType<typeof scratchFolder>>;
let signer: OpensslSigner;
/** The credentials on the node, by name, in the form of curl's arguments. */
const credentials = new Map<string, readonly string[]>();
let otherPod: string;

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

/** Collects the credentials that root finds. */
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
  // Not by the link next to it: it belongs to another user in a world-writable folder (fs.protected_symlinks).
  const find = "find /var/lib/kubelet/pods -path '*/volumes/kubernetes.io~projected/*/..2*/token'";
  const tokens = (await onHost(node.name, find)).split('\n').filter(Boolean);
  for (const [index, path] of tokens.entries()) {
    const header = keep(`token-${index}`, `Authorization: Bearer ${await cat(path)}`);
    credentials.set(`token ${index} of a pod there`, ['-H', `@${header}`]);
  }
}

/** The HTTP status of an answer from the node's network; 000 if the connection failed. */
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
test('all credentials on a node are known, and the tests below use each of them', async () => {
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

test('a node may do its own work', async () => {
  const kubelet = credentialOf('the kubelet’s certificate');
  const own: readonly Asked[] = [
    { method: 'PATCH', path: `${nodes}/${node.hostname}`, body: annotation },
    { path: `${leases}/${node.hostname}` },
    // Not a right of every node: flannel needs the others' subnets, and kube-proxy may do the same.
    { path: nodes },
  ];
  // A node that has just joined creates its lease some seconds later.
  for (const asked of own) await eventually(async () => (await statusOf(kubelet, asked)) === '200');
  const proxy = credentialOf('kube-proxy’s certificate');
  for (const path of ['/api/v1/services', '/apis/discovery.k8s.io/v1/endpointslices', nodes])
    expect([path, await statusOf(proxy, { path })]).toEqual([path, '200']);
  expect(await statusOf(credentialOf('the kubelet’s serving certificate'), { path: nodes })).toBe('401');
}, 60_000);

test('no credential there gives more rights', async () => {
  const got: string[] = [];
  for (const [name, credential] of credentials)
    for (const [what, asked] of Object.entries(attempts(otherPod))) {
      const status = await statusOf(credential, asked);
      if (!/^40[13]$/.test(status)) got.push(`${name}: ${what}: ${status}`);
    }
  expect(got).toEqual([]);
}, 240_000);

test('no credential there gives access to etcd', async () => {
  const got: string[] = [];
  for (const [name, credential] of credentials)
    for (const { address } of members)
      for (const path of ['/version', '/v3/kv/range']) {
        const url = `https://${address}:2379${path}`;
        // Without verifying the server's certificate.
        const status = await statusOf([...credential, '-k'], { method: 'POST', path: url, body: { key: 'Lw==' } });
        if (status !== '000') got.push(`${name}: ${url}: ${status}`);
      }
  expect(got).toEqual([]);
}, 120_000);

/** A request that root on the node posts as its kubelet. */
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
  // The last of them: once it is signed, the approver has seen the others.
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

  // A run refuses a node that cluster.yaml does not have.
  beforeAll(async () => void (await kubectl.must(['delete', 'node', other])));

  test('gets no token, and the work on the other hosts continues', async () => {
    await onHost(node.name, 'mv /var/lib/kubelet/pki /var/lib/kubelet/pki.away');
    // A change on another host.
    await onHost('master-1', 'echo >>/etc/kubernetes/audit-policy.yaml');
    await onHost('etcd-1', 'chmod 700 /etc/etcd');
    const seen: string[] = [];
    const result = await act('deploy', {}, { onLine: ({ text }) => void seen.push(text) });
    expect(result.status).toBe(1);
    const log = logOf(result);
    expect(log).toMatch(/error: .*no valid certificate of a node, but the cluster has a Ready node/);
    expect(log).toContain(`kubectl delete node ${node.hostname}`);
    expect(log).toContain('rejoin: node-1');
    expect(log).toMatch(/etcd-1: .*\/etc\/etcd/);
    expect(log).toMatch(/master-1: .*audit-policy/);
    expect(log).not.toContain('approved its certificate');
    expect(await kubectl.must(tokens)).toBe('');
    expect(await onHost(node.name, `ls ${bootstrapConf} 2>&1 || true`)).toContain('No such file');
  }, 180_000);

  test('is reported by a plan', async () => {
    const result = succeeded(await act('plan'));
    expect(logOf(result)).toMatch(/warning: .*node-1: it has no valid certificate of a node.*would be refused/);
  }, 120_000);

  test('joins again if the run says that it was replaced, and keeps no join credentials', async () => {
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
