import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { bootstrapManifests } from '../../src/components/addons/index.ts';
import {
  type ApiClient,
  applyManifests,
  bootstrapUser,
  type CertificateSigningRequest,
  clientCertificate,
  type Joining,
  whileApproving,
} from '../../src/kubernetes/index.ts';
import { RecordingLog } from '../../src/log.ts';
import { JoinTokens } from '../../src/phases/join-tokens.ts';
import { type BootstrapToken, tokenText } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { framesOf } from '../kubernetes/odd-requests.ts';
import { OpensslSigner } from '../kubernetes/openssl-signer.ts';
import { hostOf, sceneOf } from '../phases/scene.ts';
import { type ControlPlane, startControlPlane } from './local-control-plane.ts';
import { eventually } from './repeatedly.ts';

// A real API server and the signer of kube-controller-manager; only our code approves requests.
const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const seed = seedCluster();
const [one, two] = [hostOf(seed, 'node-1'), hostOf(seed, 'master-1')];
let plane: ControlPlane;
let api: ApiClient;
let signer: OpensslSigner;
let ca: string;

beforeAll(async () => {
  const signing = ['--cluster-signing-cert-file=DIR/ca.crt', '--cluster-signing-key-file=DIR/ca.key'];
  const controllers = { 'kube-controller-manager': ['--secure-port=10257', '--controllers=csrsigning', ...signing] };
  plane = await startControlPlane({ controllers });
  api = plane.api;
  signer = new OpensslSigner();
  ca = execFileSync('cat', [`${plane.dir}/ca.crt`]).toString();
  await applyManifests(api, bootstrapManifests(seed), { set: 'bootstrap', log: new RecordingLog() });
}, 600_000);

afterAll(async () => {
  signer?.[Symbol.dispose]();
  await plane?.[Symbol.asyncDispose]();
});

beforeEach(async () => await api.delete(path));

/** Tokens of one run for both hosts, and what is expected of each. */
async function tokensOf(hosts = [one, two]) {
  const { run, log } = sceneOf(seed);
  return { tokens: await JoinTokens.make(run, api, hosts), log };
}

const requestFor = (node: string) => signer.request(`/O=system:nodes/CN=system:node:${node}`);

/** Posts a request with the token; returns the HTTP status. */
function post(name: string, pem: string, token: BootstrapToken): string {
  const signerName = 'kubernetes.io/kube-apiserver-client-kubelet';
  const usages = ['digital signature', 'client auth'];
  const spec = { signerName, usages, request: Buffer.from(pem).toString('base64') };
  const body = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec };
  const headers = ['-H', `Authorization: Bearer ${tokenText(token)}`, '-H', 'content-type: application/json'];
  const url = `https://127.0.0.11:${plane.port}${path}`;
  // With HTTP/2, an answer before the body was read resets the stream, which curl reports as a failed transfer.
  const answer = ['--http1.1', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', `${plane.dir}/ca.crt`];
  return execFileSync('curl', [...answer, ...headers, '-d', JSON.stringify(body), url]).toString();
}

/** The subject of each request's certificate; undefined for those that were not approved. */
async function signedSubjects(): Promise<Readonly<Record<string, string>>> {
  const { items } = await api.list<CertificateSigningRequest>(path);
  const signed = items.filter(({ status }) => status?.certificate !== undefined);
  return Object.fromEntries(
    signed.map(({ metadata, status }) => {
      const input = Buffer.from(status?.certificate ?? '', 'base64').toString();
      return [metadata.name, execFileSync('openssl', ['x509', '-noout', '-subject'], { input }).toString().trim()];
    }),
  );
}

const warnings = ({ lines }: RecordingLog) => lines.filter((line) => line.startsWith('warning'));

const isSigned = (name: string) => async () => name in (await signedSubjects());
const subjectOf = (node: string) => `subject=O = system:nodes, CN = system:node:${node}`;

test('a token is valid only for the node of its host, and its request for another node does not block that one', async () => {
  const { tokens, log } = await tokensOf();
  await whileApproving(api, { expected: tokens.expected, ca, log }, async () => {
    expect(post('of-the-other', requestFor(two.nodeName), tokens.of(one))).toBe('201');
    await eventually(() => warnings(log).length === 1);
    post('right-two', requestFor(two.nodeName), tokens.of(two));
    post('right-one', requestFor(one.nodeName), tokens.of(one));
    await eventually(isSigned('right-one'));
    await eventually(isSigned('right-two'));
    post('again', requestFor(one.nodeName), tokens.of(one));
    await eventually(() => warnings(log).length === 2);
  });
  await tokens.endAll();
  expect(await signedSubjects()).toEqual({
    'right-one': subjectOf(one.nodeName),
    'right-two': subjectOf(two.nodeName),
  });
  expect(warnings(log)[0]).toMatch(
    /^warning: node-1: not approved: .* of-the-other, by the token of node-1: it asks for the node/,
  );
  expect(warnings(log)[1]).toMatch(/again, by the token of node-1: its token has been used, for right-one/);
}, 60_000);

test('a text of two requests is not signed, and is reported with its host', async () => {
  const { tokens, log } = await tokensOf();
  const [twoBlocks = '', ...others] = framesOf(requestFor(one.nodeName)).filter((text) => text.includes('Proc-Type'));
  await whileApproving(api, { expected: tokens.expected, ca, log }, async () => {
    // The API server accepts it: it reads the first of the two.
    expect(post('two-blocks', twoBlocks, tokens.of(one))).toBe('201');
    for (const [index, text] of others.entries()) post(`others-${index}`, text, tokens.of(one));
    post('right', requestFor(two.nodeName), tokens.of(two));
    await eventually(isSigned('right'));
    await eventually(() => warnings(log).some((line) => line.includes('two-blocks')));
  });
  await tokens.endAll();
  expect(await signedSubjects()).toEqual({ right: subjectOf(two.nodeName) });
  expect(warnings(log)).toContain(
    'warning: node-1: not approved: certificate request two-blocks, by the token of node-1: it can’t be read',
  );
}, 60_000);

test('a host with endless requests floods neither the log nor the run', async () => {
  const { tokens, log } = await tokensOf();
  await whileApproving(api, { expected: tokens.expected, ca, log }, async () => {
    for (let index = 0; index < 30; index += 1) post(`noise-${index}`, requestFor(two.nodeName), tokens.of(one));
    post('right', requestFor(two.nodeName), tokens.of(two));
    await eventually(isSigned('right'));
  });
  await tokens.endAll();
  expect(warnings(log)).toHaveLength(6);
  expect(warnings(log).at(-1)).toBe('warning: node-1: its further requests are not reported');
}, 60_000);

test('the request of a run that was killed is removed, so that its kubelet asks again', async () => {
  const before = await tokensOf([one]);
  post('of-a-dead-run', requestFor(one.nodeName), before.tokens.of(one));
  const { tokens, log } = await tokensOf([one]);
  await whileApproving(api, { expected: tokens.expected, ca, log }, async () => {
    await eventually(async () => (await api.list(path)).items.length === 0);
  });
  await Promise.all([tokens.endAll(), before.tokens.endAll()]);
  expect(log.lines.join('\n')).toContain('removed the request of-a-dead-run of an earlier run');
}, 60_000);

test('an approval whose answer was lost is found, and its certificate is checked', async () => {
  const { tokens, log } = await tokensOf([one]);
  post('approved', requestFor(one.nodeName), tokens.of(one));
  const condition = { type: 'Approved', status: 'True', reason: 'Test', message: '' };
  await api.patch(`${path}/approved/approval`, { status: { conditions: [condition] } });
  await eventually(isSigned('approved'));
  const other = new OpensslSigner();
  const work = () => new Promise<never>(() => undefined);
  const differing = whileApproving(api, { expected: tokens.expected, ca: other.ca, log }, work);
  await expect(differing).rejects.toMatchObject({ code: 'CERTIFICATE_DIFFERS', fields: { host: 'node-1' } });
  other[Symbol.dispose]();
  await tokens.endAll();
}, 60_000);

test('a certificate of another CA stops the run with an alarm, and the request is deleted', async () => {
  const { tokens, log } = await tokensOf([one]);
  const options = { expected: tokens.expected, ca: signer.ca, log };
  const failing = whileApproving(api, options, async () => {
    post('wrong-signer', requestFor(one.nodeName), tokens.of(one));
    await new Promise(() => undefined);
  });
  await expect(failing).rejects.toMatchObject({
    code: 'CERTIFICATE_DIFFERS',
    message: expect.stringMatching(/wrong-signer .*the cluster’s CA has not signed it/),
    fields: { host: 'node-1', detail: [expect.stringMatching(/SHA-256 [0-9a-f]{64}, serial number/)] },
  });
  expect((await api.list(path)).items).toEqual([]);
  await tokens.endAll();
}, 60_000);

test('the kubeconfig action’s certificate is compared with its request as well', async () => {
  const asked = { request: signer.request('/O=admins/CN=ci'), seconds: 3600, log: new RecordingLog() };
  expect(await clientCertificate(api, { ...asked, name: 'mine', ca })).toMatch(/^-----BEGIN CERTIFICATE-----/);
  const foreign = clientCertificate(api, { ...asked, name: 'theirs', ca: signer.ca });
  await expect(foreign).rejects.toMatchObject({ code: 'CERTIFICATE_DIFFERS' });
  expect((await api.list(path)).items).toEqual([]);
}, 60_000);

test('a token ends in minutes, with its host’s join, and with the next run for its host', async () => {
  const before = await tokensOf();
  const secret = (token: BootstrapToken) => `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${token.id}`;
  const { data } = await api.get<{ data: Record<string, string> }>(secret(before.tokens.of(one)));
  const expires = Date.parse(Buffer.from(data.expiration ?? '', 'base64').toString());
  expect(expires - Date.now()).toBeGreaterThan(9 * 60_000);
  expect(expires - Date.now()).toBeLessThanOrEqual(10 * 60_000);
  const { tokens, log } = await tokensOf([one]);
  expect(post('a', requestFor(one.nodeName), before.tokens.of(one))).toBe('401');
  expect(post('b', requestFor(two.nodeName), before.tokens.of(two))).toBe('201');
  expect(post('c', requestFor(one.nodeName), tokens.of(one))).toBe('201');
  // An API server may accept a cached token for 10 s more.
  const left = async () =>
    (await api.list(`/api/v1/namespaces/kube-system/secrets`)).items.map(({ metadata }) => metadata.name);
  expect((await left()).toSorted()).toEqual(
    [tokens.of(one), before.tokens.of(two)].map(({ id }) => `bootstrap-token-${id}`).toSorted(),
  );
  await tokens.end(one);
  expect(await left()).toEqual([`bootstrap-token-${before.tokens.of(two).id}`]);
  await Promise.all([tokens.endAll(), before.tokens.endAll()]);
  expect(await left()).toEqual([]);
  expect(log.lines).toEqual([]);
}, 60_000);

test('the holder of a token can neither approve requests nor read secrets', async () => {
  const { tokens } = await tokensOf([one]);
  const expected: Joining | undefined = tokens.expected.get(bootstrapUser(tokens.of(one)));
  expect(expected).toEqual({ host: 'node-1', node: one.nodeName });
  const answerTo = (place: string, ...more: string[]) => {
    const args = ['-sS', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', `${plane.dir}/ca.crt`, ...more];
    const bearer = ['-H', `Authorization: Bearer ${tokenText(tokens.of(one))}`];
    return execFileSync('curl', [...args, ...bearer, `https://127.0.0.11:${plane.port}${place}`]).toString();
  };
  post('mine', requestFor(one.nodeName), tokens.of(one));
  const approval = JSON.stringify({ status: { conditions: [{ type: 'Approved', status: 'True' }] } });
  const patch = ['-X', 'PATCH', '-H', 'content-type: application/merge-patch+json', '-d', approval];
  expect(answerTo(`${path}/mine/approval`, ...patch)).toBe('403');
  for (const place of ['secrets', 'nodes', 'configmaps', 'pods'])
    expect([place, answerTo(`/api/v1/${place}`)]).toEqual([place, '403']);
  await tokens.endAll();
}, 60_000);
