import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { heldBy } from '../../src/failover/check/claim.ts';
import { servingMasters } from '../../src/failover/instruments/endpoint-watch.ts';
import { readAnswer } from '../../src/kubernetes/answer.ts';
import { refused } from '../../src/kubernetes/api-problem.ts';
import { readCertificateRequest } from '../../src/kubernetes/certificate-request.ts';
import { Discovery } from '../../src/kubernetes/discovery.ts';
import {
  type ApiClient,
  type CertificateSigningRequest,
  failedChecks,
  type Lease,
  labelNodes,
  nodeReasons,
  nodeStatus,
  parseKubeconfig,
  readLeases,
  secureContextOf,
} from '../../src/kubernetes/index.ts';
import { openInventory } from '../../src/kubernetes/inventory.ts';
import { judgeRequest, kubeletClientSigner } from '../../src/kubernetes/judge-request.ts';
import { shapeOfObject, shapeOfPage } from '../../src/kubernetes/shapes.ts';
import { WatchReader } from '../../src/kubernetes/watch.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { newSigningPair } from '../../src/pki/keys.ts';
import { kubeconfigText } from '../../src/pki/kubeconfig.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { damagedJson, damagedText } from './arbitraries.ts';
import { type Target, target } from './target.ts';

const attempt = (path: string) => ({ host: 'master-1', method: 'GET', path });
const { hosts } = seedCluster();
const [host] = hosts;
if (!host) throw new Error('the seed has hosts');

const meta = (name: string) => ({ name, namespace: 'kube-system', uid: 'u', resourceVersion: '7', labels: { a: 'b' } });
const managedFields = [
  { manager: 'k8s-ha-action', operation: 'Apply', fieldsV1: { 'f:metadata': { 'f:labels': {} } } },
];
const node = {
  metadata: { ...meta(host.nodeName), managedFields },
  status: {
    conditions: [{ type: 'Ready', status: 'False', reason: 'a', message: 'b' }],
    nodeInfo: { kubeletVersion: 'v1' },
  },
};
const time = '2026-11-23T01:00:00.000000Z';
const lease = {
  metadata: meta('kube-scheduler'),
  spec: {
    holderIdentity: 'master-1_x',
    leaseDurationSeconds: 15,
    acquireTime: time,
    renewTime: time,
    leaseTransitions: 3,
  },
};
const slice = { metadata: meta('kubernetes'), endpoints: [{ addresses: ['192.168.1.153'] }] };
const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b' };
const inventory = { metadata: meta('k8s-ha-action-addons'), data: { objects: JSON.stringify([reference]) } };
const resources = {
  kind: 'APIResourceList',
  resources: [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get'] }],
};
const page = (item: object) => ({ kind: 'List', metadata: { resourceVersion: '7', continue: '' }, items: [item] });

/** A client whose server answers every request with this text. */
function answering(text: string): ApiClient {
  const get = async (path: string) => readAnswer(attempt(path), text, shapeOfObject(path));
  const list = async (path: string) => {
    const { items, ...rest } = readAnswer(attempt(path), text, shapeOfPage(path)) as { items?: object[] | null };
    return { ...rest, items: items ?? [] };
  };
  return { host: 'master-1', get, list, apply: get } as unknown as ApiClient;
}

const uses: readonly (readonly [valid: object, use: (api: ApiClient) => Promise<unknown>])[] = [
  [page(node), (api) => nodeReasons(api, [host.nodeName])],
  [page(node), (api) => labelNodes(api, hosts, true)],
  [page(node), (api) => nodeStatus(api, host.nodeName)],
  [page(lease), (api) => readLeases(api, hosts)],
  [lease, async (api) => heldBy(await api.get<Lease>('/apis/coordination.k8s.io/v1/namespaces/a/leases/b'), 'me', 0)],
  [slice, servingMasters],
  [inventory, async (api) => (await openInventory(api, 'addons')).objects],
  [resources, (api) => new Discovery(api).pathOf(reference)],
];

/** A kubelet's request, in PEM. */
function csr(): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
  const subject = '/O=system:nodes/CN=system:node:node-1';
  return execFileSync('openssl', ['req', '-new', ...key, '-subj', subject], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

const requestOf = (pem: string) => ({
  metadata: meta('node-csr-x'),
  spec: {
    signerName: kubeletClientSigner,
    request: Buffer.from(pem).toString('base64'),
    username: 'system:bootstrap:abcdef',
    groups: ['system:bootstrappers'],
    usages: ['digital signature', 'client auth'],
  },
  status: { conditions: [{ type: 'Pending', status: 'True' }] },
});
const expected = new Map([['system:bootstrap:abcdef', { host: 'node-1', node: 'node-1' }]]);

async function adminConf(): Promise<string> {
  const now = new Date();
  const { kubernetes } = await makeAuthorities(now);
  const [signer, pair] = await Promise.all([signerOf(kubernetes), newSigningPair()]);
  const leaf = { commonName: 'admin', organization: 'a', dns: [], ips: [], usages: ['clientAuth'] } as const;
  const credentials = { crt: signer(leaf, pair.pub, now), key: pair.key };
  return kubeconfigText({
    clusterName: 'a',
    server: 'https://127.0.0.1:1',
    ca: kubernetes.crt,
    user: 'admin',
    credentials,
  });
}

const events = [node, lease, slice].map((object) => ({ type: 'MODIFIED', object }));
const refusal = { kind: 'Status', status: 'Failure', message: 'no', reason: 'NotFound', code: 404 };

export const apiTargets: readonly Target[] = [
  target(
    'answers of an API server',
    () => undefined,
    () => fc.oneof(...uses.map(([valid, use]) => damagedJson(valid).map((text) => ({ text, use })))),
    ({ text, use }) => use(answering(text)),
  ),
  target(
    'refusals of an API server',
    () => undefined,
    () => damagedJson(refusal),
    (text) => [refused(attempt('/'), 500, text), failedChecks(text, 500)],
  ),
  target(
    'lines of a watch',
    () => undefined,
    () => fc.tuple(fc.constantFrom('nodes', 'leases', 'endpointslices'), fc.oneof(...events.map(damagedJson))),
    ([collection, text]) => new WatchReader(attempt(`/api/v1/${collection}`)).take(Buffer.from(`${text}\n`)),
  ),
  target(
    'certificate requests',
    csr,
    (pem) => damagedText(pem),
    (text) => readCertificateRequest(text),
  ),
  target(
    'certificate requests of an API server',
    csr,
    (pem) => damagedJson(requestOf(pem)),
    async (text) => {
      const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests/a';
      return await judgeRequest(await answering(text).get<CertificateSigningRequest>(path), expected);
    },
  ),
  target(
    'kubeconfigs',
    adminConf,
    (conf) => damagedText(conf),
    (text) => secureContextOf(parseKubeconfig(text)),
  ),
];
