import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Host } from '../../src/cluster/cluster.ts';
import { bootstrapManifests } from '../../src/components/addons/index.ts';
import { Problem, problemsOf } from '../../src/errors.ts';
import type { HostState } from '../../src/host/state.ts';
import {
  type ApiClient,
  applyManifests,
  type CertificateSigningRequest,
  isNotFound,
} from '../../src/kubernetes/index.ts';
import { places } from '../../src/layout/paths.ts';
import { RecordingLog } from '../../src/log.ts';
import { joinNodes } from '../../src/phases/join-nodes.ts';
import { issue, makeAuthorities, paths } from '../../src/pki/index.ts';
import { newLeafPair } from '../../src/pki/keys.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { OpensslSigner } from '../kubernetes/openssl-signer.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, type StagedRun, sceneOf } from '../phases/scene.ts';
import { type ControlPlane, localMasters, startControlPlane } from './local-control-plane.ts';
import { eventually } from './repeatedly.ts';

// The phase with a real API server and its signer; the hosts are simulated by a kubelet that follows its files.
const csrs = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const secrets = '/api/v1/namespaces/kube-system/secrets';
const cluster = smallCluster();
const [master, one, two] = [hostOf(cluster, 'master-1'), hostOf(cluster, 'node-1'), hostOf(cluster, 'node-2')];
let plane: ControlPlane;
let api: ApiClient;
let signer: OpensslSigner;
let authority: { readonly crt: string; readonly key: string };

beforeAll(async () => {
  const signing = ['--cluster-signing-cert-file=DIR/ca.crt', '--cluster-signing-key-file=DIR/ca.key'];
  const controllers = { 'kube-controller-manager': ['--secure-port=10257', '--controllers=csrsigning', ...signing] };
  plane = await startControlPlane({ controllers });
  api = plane.api;
  authority = { crt: readFileSync(`${plane.dir}/ca.crt`, 'utf8'), key: readFileSync(`${plane.dir}/ca.key`, 'utf8') };
  signer = new OpensslSigner(authority);
  await applyManifests(api, bootstrapManifests(cluster), { set: 'bootstrap', log: new RecordingLog() });
}, 600_000);

afterAll(async () => {
  signer?.[Symbol.dispose]();
  await plane?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await Promise.all([api.delete(csrs), api.delete('/api/v1/nodes')]);
});

/** A kubelet: sends the given request, and becomes Ready when it has a certificate. */
class Kubelet {
  readonly host: Host;
  readonly scopes: string[] = [];
  /** Whether each state that was applied had a token in it. */
  readonly tokens: boolean[] = [];
  certificate = '';
  #node: string;

  constructor(host: Host, node = host.nodeName) {
    this.host = host;
    this.#node = node;
  }

  async apply(scope: string, state: HostState) {
    this.scopes.push(scope);
    const conf = state.files.find(({ path }) => path === paths.bootstrapKubeletConf)?.content;
    this.tokens.push(conf !== undefined);
    if (conf !== undefined) this.#ask(parse(conf).users[0].user.token);
    return { changes: [], started: [], restarted: [], milliseconds: 0 };
  }

  #ask(token: string): void {
    const spec = {
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
      request: Buffer.from(signer.request(`/O=system:nodes/CN=system:node:${this.#node}`)).toString('base64'),
    };
    const metadata = { name: `of-${this.host.name}` };
    const body = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata, spec };
    const headers = ['-H', `Authorization: Bearer ${token}`, '-H', 'content-type: application/json'];
    const url = `https://127.0.0.11:${plane.port}${csrs}`;
    execFileSync('curl', [
      '-sSf',
      '-o',
      '/dev/null',
      '--cacert',
      `${plane.dir}/ca.crt`,
      ...headers,
      '-d',
      JSON.stringify(body),
      url,
    ]);
  }

  /** What the host prints of the file once it has changed; other commands print nothing. */
  async run(command: string) {
    if (!command.includes(places.kubeletClientCert)) return { status: 0, stdout: '', stderr: '' };
    await eventually(async () => {
      const { status } = await api.get<CertificateSigningRequest>(`${csrs}/of-${this.host.name}`);
      this.certificate = Buffer.from(status?.certificate ?? '', 'base64').toString();
      return this.certificate !== '';
    });
    await setNode(this.#node, 'True');
    return { status: 0, stdout: this.certificate, stderr: '' };
  }
}

async function setNode(name: string, ready: 'True' | 'Unknown'): Promise<void> {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  await api.create('/api/v1/nodes', node).catch(() => undefined);
  const conditions = [{ type: 'Ready', status: ready, reason: 'Test', message: '' }];
  await api.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } });
}

/** A run over both workers; `files` are their kubelets' certificate files. */
async function runOver(
  kubelets: readonly Kubelet[],
  parts: { rejoin?: string[]; dryRun?: boolean; shown?: Record<string, string>; reach?: boolean } = {},
) {
  const { rejoin = [], dryRun = false, shown = {}, reach = true } = parts;
  const targets = new Map([['node' as const, kubelets.map(({ host }) => host.name)]]);
  const { run, log } = sceneOf(cluster, { targets, rejoin, dryRun });
  const authorities = { ...(await makeAuthorities(run.now)), kubernetes: authority };
  for (const [name, own] of (await issue(cluster, authorities, new Map(), run.now)).secrets)
    if (name !== master.name) run.secrets.set(name, own);
  for (const kubelet of kubelets) {
    const pem = shown[kubelet.host.name];
    const files = new Map(pem === undefined ? [] : [[places.kubeletClientCert, pem]]);
    run.inspections.set(kubelet.host.name, inspectionOf(kubelet.host, {}, { files }));
    const { apply, run: print } = kubelet;
    const session = closable(kubelet.host, async () => undefined);
    const difference = async () => [];
    run.sessions.set(kubelet.host.name, {
      ...session,
      difference,
      apply: apply.bind(kubelet),
      run: print.bind(kubelet),
    });
  }
  if (reach) connectMaster(run);
  return { run, log };
}

function connectMaster(run: StagedRun): void {
  const [local] = localMasters;
  const session = {
    ...closable(master, async () => undefined),
    run: async () => ({ status: 0, stdout: plane.adminConf, stderr: '' }),
    forward: async () => {
      const socket = connect(plane.port, local?.listens);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    },
  };
  run.sessions.set(master.name, session);
}

const leftTokens = async () => (await api.list(secrets)).items.map(({ metadata }) => metadata.name);
const roleLabel = 'node-role.kubernetes.io/node';
const labelled = async (host: Host) => {
  const node = await api.get(`/api/v1/nodes/${host.nodeName}`).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  return node?.metadata.labels?.[roleLabel] === '';
};
const codesOf = (error: unknown) =>
  problemsOf(error).map((part) => (part instanceof Problem ? `${part.code} ${part.fields.host}` : String(part)));

test('new hosts join, each with a token that is deleted when it has joined', async () => {
  const kubelets = [new Kubelet(one), new Kubelet(two)];
  const { run } = await runOver(kubelets);
  await joinNodes.run(run, notCancelled);
  expect(kubelets.map(({ tokens }) => tokens)).toEqual([
    [true, false],
    [true, false],
  ]);
  expect(await leftTokens()).toEqual([]);
}, 60_000);

test('a host whose node is Ready gets no token, and the work on the other host continues', async () => {
  const kubelets = [new Kubelet(one), new Kubelet(two)];
  await setNode(one.nodeName, 'True');
  const { run } = await runOver(kubelets);
  expect(codesOf(await errorOf(() => joinNodes.run(run, notCancelled)))).toEqual([`NODE_STILL_READY ${one.name}`]);
  expect(kubelets.map(({ tokens }) => tokens)).toEqual([[], [true, false]]);
  expect([await labelled(one), await labelled(two)]).toEqual([false, true]);
  expect(await leftTokens()).toEqual([]);
}, 60_000);

test('it joins if the run names it, or if its node is not Ready', async () => {
  await setNode(one.nodeName, 'True');
  await setNode(two.nodeName, 'Unknown');
  const kubelets = [new Kubelet(one), new Kubelet(two)];
  const { run } = await runOver(kubelets, { rejoin: [one.name] });
  await joinNodes.run(run, notCancelled);
  expect(kubelets.map(({ tokens }) => tokens)).toEqual([
    [true, false],
    [true, false],
  ]);
}, 60_000);

test('only with a valid certificate of the cluster for this node a host gets no token', async () => {
  const sign = (node: string, by = signer) => by.sign(by.request(`/O=system:nodes/CN=system:node:${node}`));
  const stranger = new OpensslSigner();
  const leaf = { commonName: `system:node:${one.nodeName}`, organization: 'system:nodes', dns: [], ips: [] };
  const longAgo = new Date(Date.now() - 400 * 86_400_000);
  const over = (await signerOf(authority))({ ...leaf, usages: ['clientAuth'] }, (await newLeafPair()).pub, longAgo);
  const cases: readonly (readonly [string, boolean])[] = [
    [sign(one.nodeName), false],
    [over, true],
    [sign(two.nodeName), true],
    [sign(one.nodeName, stranger), true],
    ['no certificate', true],
  ];
  stranger[Symbol.dispose]();
  for (const [pem, asks] of cases) {
    const kubelet = new Kubelet(one);
    const { run } = await runOver([kubelet], { shown: { [one.name]: pem } });
    await joinNodes.run(run, notCancelled);
    expect([pem, kubelet.tokens]).toEqual([pem, asks ? [true, false] : [false]]);
    await Promise.all([api.delete(csrs), api.delete('/api/v1/nodes')]);
  }
}, 60_000);

test('a host that requests another host’s node gets no certificate, and the other joins', async () => {
  const hostile = new Kubelet(one, two.nodeName);
  hostile.run = async () => ({ status: 0, stdout: '', stderr: '' });
  const kubelets = [hostile, new Kubelet(two)];
  const { run, log } = await runOver(kubelets);
  expect(codesOf(await errorOf(() => joinNodes.run(run, notCancelled)))).toEqual([`NODES_NOT_READY ${one.name}`]);
  expect(log.lines.filter((line) => line.startsWith('warning'))).toEqual([
    expect.stringMatching(new RegExp(`^warning: ${one.name}: not approved: .* it asks for the node "${two.nodeName}"`)),
  ]);
  expect(kubelets.map(({ tokens }) => tokens)).toEqual([[true], [true, false]]);
  expect([await labelled(two), await leftTokens()]).toEqual([true, []]);
}, 60_000);

test('another machine that reports as a joined host’s node, or as one that joins, is refused by name', async () => {
  const nodeInfo = {
    machineID: 'another',
    kubeletVersion: '',
    containerRuntimeVersion: '',
    bootID: '',
    systemUUID: '',
  };
  const system = { kernelVersion: '', osImage: '', kubeProxyVersion: '', operatingSystem: '', architecture: '' };
  const addresses = [{ type: 'InternalIP', address: '192.168.9.9' }];
  const reports = async (name: string) => {
    await setNode(name, 'True');
    await api.patch(`/api/v1/nodes/${name}/status`, { status: { addresses, nodeInfo: { ...nodeInfo, ...system } } });
  };
  await reports(one.nodeName);
  const joined = new Kubelet(one);
  const shown = { [one.name]: signer.sign(signer.request(`/O=system:nodes/CN=system:node:${one.nodeName}`)) };
  const first = await runOver([joined], { shown });
  expect(codesOf(await errorOf(() => joinNodes.run(first.run, notCancelled)))).toEqual([
    `NODE_TWO_MACHINES ${one.name}`,
  ]);
  expect(joined.scopes).toEqual([]);

  const joining = new Kubelet(two);
  const certificate = joining.run.bind(joining);
  joining.run = async (command: string) => {
    const answer = await certificate(command);
    await reports(two.nodeName);
    return answer;
  };
  const second = await runOver([joining]);
  expect(codesOf(await errorOf(() => joinNodes.run(second.run, notCancelled)))).toEqual([
    `NODE_TWO_MACHINES ${two.name}`,
  ]);
}, 60_000);

test('if the cluster is not reachable, no token is created', async () => {
  const kubelet = new Kubelet(one);
  const { run } = await runOver([kubelet], { reach: false });
  expect(codesOf(await errorOf(() => joinNodes.run(run, notCancelled)))).toEqual(['API_UNREACHABLE undefined']);
  expect(kubelet.tokens).toEqual([]);
}, 60_000);

test('a dry run creates no token, and reports the hosts that would be refused', async () => {
  await setNode(one.nodeName, 'True');
  const kubelets = [new Kubelet(one), new Kubelet(two)];
  const { run, log } = await runOver(kubelets, { dryRun: true });
  await joinNodes.run(run, notCancelled);
  expect(log.lines.filter((line) => line.startsWith('warning'))).toEqual([
    expect.stringMatching(new RegExp(`^warning: ${one.name}: it has no valid certificate .* it would be refused$`)),
  ]);
  expect(await leftTokens()).toEqual([]);
  const unreached = await runOver(kubelets, { dryRun: true, reach: false });
  await joinNodes.run(unreached.run, notCancelled);
  expect(unreached.log.lines).toEqual([]);
}, 60_000);
