import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AskedKubeconfig, issueKubeconfig, type MadeKubeconfig } from '../../src/phases/issue-kubeconfig.ts';
import type { StagePhase } from '../../src/phases/phase.ts';
import type { Run } from '../../src/phases/run.ts';
import { runPhases } from '../../src/phases/run-phases.ts';
import type { Connected } from '../../src/phases/stages.ts';
import { clientCertificateOf, kubeconfigText, makeAuthorities } from '../../src/pki/index.ts';
import { newSigningPair } from '../../src/pki/keys.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { OpensslSigner } from '../kubernetes/openssl-signer.ts';
import { closable, hostOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const now = new Date();
const asked = { user: 'ci', groups: ['admins'], seconds: 86_400 };
let server: Server;
let clientSigner: OpensslSigner;
let conf: string;
let ca: string;

/** An API server of one master that signs the only request. */
beforeAll(async () => {
  const authority = (await makeAuthorities(now)).kubernetes;
  ca = authority.crt;
  clientSigner = new OpensslSigner(authority);
  const signer = await signerOf(authority);
  const [own, admin] = await Promise.all([newSigningPair(), newSigningPair()]);
  const leaf = { dns: ['kubernetes'], ips: [], usages: ['serverAuth', 'clientAuth'] } as const;
  const credentials = { crt: signer({ ...leaf, commonName: 'admin' }, admin.pub, now), key: admin.key };
  conf = kubeconfigText({ clusterName: 'seed', server: 'https://127.0.0.1:8443', ca, user: 'admin', credentials });
  const tls = { key: own.key, cert: signer({ ...leaf, commonName: 'kube-apiserver' }, own.pub, now) };
  let request = '';
  server = createServer(tls, async (question, answer) => {
    const body = await text(question);
    const { method, url = '' } = question;
    if (method === 'POST') request = JSON.parse(body).spec.request;
    const metadata = { name: 'mine', resourceVersion: '7' };
    if (!url.includes('watch=true')) return void answer.end(JSON.stringify({ metadata }));
    const status = { certificate: Buffer.from(signed(request)).toString('base64') };
    answer.write(`${JSON.stringify({ type: 'ADDED', object: { metadata, status } })}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  clientSigner[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
});

/** The certificate of the cluster's signer for a request in base64. */
function signed(request: string): string {
  return clientSigner.sign(Buffer.from(request, 'base64').toString());
}

/** The phase before: the master is already connected. */
const connected: StagePhase<Run, Pick<Connected, 'sessions'>> = {
  title: 'Connect',
  run: async ({ connections }) => ({ sessions: connections }),
};

/** Runs the phase on the connected master; returns the kubeconfig, and the values that were masked by then. */
async function issueBy(name: string, wanted: AskedKubeconfig) {
  const masked: string[] = [];
  const { run, log } = sceneOf(seed, { mask: (values) => void masked.push(...values) });
  const session = {
    ...closable(hostOf(seed, name), async () => undefined),
    run: async () => ({ status: 0, stdout: conf, stderr: '' }),
    forward: async () => connect((server.address() as AddressInfo).port, '127.0.0.1'),
  };
  run.sessions.set(name, session);
  const kept: { readonly made: MadeKubeconfig; readonly masked: readonly string[] }[] = [];
  const keep = async (made: MadeKubeconfig) => void kept.push({ made, masked: [...masked] });
  await runPhases(run, [connected, issueKubeconfig(wanted, keep)]);
  const [only] = kept;
  if (!only || kept.length > 1) throw new Error(`kept ${kept.length} times`);
  return { ...only, lines: log.lines };
}

test('a kubeconfig has the address of the asked master, its CA, and a certificate for the key in it', async () => {
  const { made } = await issueBy('master-2', asked);
  expect(made.text).toContain(`server: https://${hostOf(seed, 'master-2').address}:${seed.api.port}\n`);
  expect(made.text).toContain(`certificate-authority-data: ${Buffer.from(ca).toString('base64')}\n`);
  const found = clientCertificateOf(made.text);
  const certificate = new X509Certificate(found?.crt ?? '');
  const publicKey = execFileSync('openssl', ['pkey', '-pubout'], { input: found?.key ?? '' }).toString();
  expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(publicKey);
  expect(made.expires).toEqual(certificate.validToDate);
});

test('key and data are masked before they are returned, and are in no line of the log', async () => {
  const { made, masked, lines } = await issueBy('master-1', asked);
  const { key = '', crt = '' } = clientCertificateOf(made.text) ?? {};
  const base64 = (value: string) => Buffer.from(value).toString('base64');
  expect(masked).toEqual(expect.arrayContaining([key, base64(key), base64(crt)]));
  expect(lines.filter((line) => line.includes('PRIVATE') || line.includes(base64(key)))).toEqual([]);
});

test('a server that the caller names is used instead', async () => {
  const { made } = await issueBy('master-1', { ...asked, server: 'https://api.example.com' });
  expect(made.text).toContain('server: https://api.example.com\n');
});
