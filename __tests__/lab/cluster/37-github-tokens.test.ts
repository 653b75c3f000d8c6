import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LAB_ADDRESS } from '../../../lab/cluster-file.ts';
import type { Claims } from '../../../lab/issuer/claims.ts';
import { type RunningIssuer, runIssuer } from '../../../lab/issuer/process.ts';
import { requestToken } from '../../../lab/issuer/service.ts';
import type { Kubectl } from '../../../lab/kubectl.ts';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { runWorkflow, type WorkflowRun } from '../../../lab/workflow/act.ts';
import { askThroughBalancer } from '../balancer-client.ts';
import { type ClusterText, changedCluster } from '../cluster-file.ts';
import { entryFor, refused, token } from '../github-tokens.ts';
import { note, seconds } from '../note.ts';
import { isGood } from '../requests.ts';
import { masters } from '../seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';

// examples/github-oidc on real masters: its entry with the lab's issuer, its role, and its workflow, run like by GitHub.

const example = join(lab.root, 'examples/github-oidc');
const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-github-tokens-'));
const apiservers = masters.map(({ name }) => `${name}/kube-apiserver.service`);
let admin: Kubectl;
let issuer: RunningIssuer;
let rolled: ActionResult;
let ca: string;

/** The lab's cluster with the example's entry and role; the rest of its file is unchanged. */
function withTokens(change: (entry: Record<string, unknown>) => void = () => undefined): string {
  mkdirSync(join(lab.stateDir, 'manifests'), { recursive: true });
  copyFileSync(join(example, 'manifests/deployers.yaml'), join(lab.stateDir, 'manifests/deployers.yaml'));
  return changedCluster(lab, 'github-tokens', (cluster: ClusterText) => {
    const entry = { ...entryFor(issuer, issuer.url) };
    change(entry);
    cluster.apiServer = { authentication: { jwt: [entry] } };
    cluster.addons = { manifests: ['manifests/deployers.yaml'] };
  });
}

beforeAll(async () => {
  admin = await standingCluster();
  issuer = await runIssuer(join(temp, 'issuer'), { address: LAB_ADDRESS, port: 8444, netns: lab.netns });
  rolled = succeeded(await act('deploy', { cluster: withTokens() }));
  ca = await onHost('master-1', 'cat /etc/kubernetes/pki/ca.crt');
  note(`an issuer was added to three API servers in ${seconds(rolled.milliseconds)}`);
}, 600_000);

afterAll(async () => {
  await issuer?.[Symbol.asyncDispose]();
  rmSync(temp, { recursive: true, force: true });
}, 60_000);

/** The status of a master's API server for a client without a certificate, which does not verify the server's. */
async function statusOf(address: string, path: string, ...more: readonly string[]): Promise<string> {
  const quiet = ['curl', '--insecure', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}'] as const;
  return (await lab.run([...quiet, ...more, `https://${address}:6443${path}`], { timeout: 20_000 })).stdout;
}

/** Sends a token to an API server: 201 means that it is accepted. */
async function shown(address: string, bearer: string): Promise<string> {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const headers = [`Authorization: Bearer ${bearer}`, 'Content-Type: application/json'];
  const args = ['--data', body, ...headers.flatMap((header) => ['--header', header])];
  return await statusOf(address, '/apis/authentication.k8s.io/v1/selfsubjectreviews', ...args);
}

test('a plan reports the issuer, and the roll restarts the API servers and nothing else', async () => {
  const restarted = JSON.parse(rolled.outputs.restarted ?? '').toSorted();
  expect(restarted).toEqual(apiservers);
  const plan = succeeded(await act('plan', { cluster: withTokens() }));
  expect(plan.outputs.changed).toBe('0');
  expect(logOf(plan)).toMatch(
    /opens: apiServer\.authentication\.jwt\[0\] "https:\/\/192\.168\.1\.1:8444" accepts its tokens/,
  );
  expect(plan.summary).toContain('### cluster.yaml opens');
}, 120_000);

describe.each(masters.map(({ name, address }) => [name, address] as const))('%s', (name, address) => {
  test('answers anonymous requests on the health paths, and with 401 anywhere else', async () => {
    for (const path of ['/livez', '/readyz', '/healthz'])
      expect([path, await statusOf(address, path)]).toEqual([path, '200']);
    for (const path of ['/version', '/api', '/metrics', '/openapi/v3'])
      expect([path, await statusOf(address, path)]).toEqual([path, '401']);
  });

  test('accepts a deployment’s token, and none of the others', async () => {
    expect(await shown(address, token(issuer, issuer.url))).toBe('201');
    // All of them on one master only: the others could differ only in the file.
    const tried = name === 'master-1' ? refused : refused.slice(0, 3);
    const answers = await Promise.all(
      tried.map(async ([what, make]) => [what, await shown(address, make(issuer, issuer.url))]),
    );
    expect(answers.filter(([, status]) => status !== '401')).toEqual([]);
  }, 60_000);
});

/** Runs the example's workflow in a repository that has no cluster.yaml, with GitHub's claims about its job. */
async function deployment(runId: string, claims: Claims = {}): Promise<WorkflowRun> {
  const workflow = join(temp, 'deploy.yml');
  const text = readFileSync(join(example, 'deploy.yml'), 'utf8').replace('run: kubectl', `run: ${admin.binary}`);
  writeFileSync(workflow, text);
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'deployed' }, data: { run: runId } };
  return await runWorkflow(lab, {
    workflow,
    event: 'push',
    runId,
    repository: 'org/app',
    folder: join(temp, 'run'),
    files: { 'cluster.yaml': '', 'manifests/map.json': JSON.stringify(map) },
    variables: { KUBERNETES_SERVER: 'https://192.168.1.153:6443', KUBERNETES_CA: ca },
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken(claims),
    },
  });
}

test('the example’s workflow deploys, without a secret', async () => {
  const run = await deployment('1');
  expect(run.success || run.jobs.map(({ lines }) => lines)).toBe(true);
  expect(run.log).toContain('github:org/app:production in github:2222:production, system:authenticated');
  expect(await admin.must(['--namespace=shop', 'get', 'configmap', 'deployed', '--output=jsonpath={.data.run}'])).toBe(
    '1',
  );
  // Header and claims of a token, in all printed text.
  expect(run.log).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
  const folder = /(\/\S+k8s-ha-action-[0-9a-f-]{36})\/kubeconfig/.exec(run.log)?.[1];
  expect([folder !== undefined, existsSync(folder ?? '')]).toEqual([true, false]);
}, 120_000);

test.each<[string, Claims]>([
  ['another repository', { repository: 'org/other', repository_id: '4444' }],
  ['a fork’s pull request', { event_name: 'pull_request_target', environment: undefined }],
])(
  'the same workflow of %s is refused, with what its token claims',
  async (_, claims) => {
    const run = await deployment('2', claims);
    expect(run.success).toBe(false);
    const text = run.jobs.flatMap(({ lines }) => lines).join('\n');
    expect(text).toContain(`repository_id: "${claims.repository_id ?? '2222'}"`);
    const annotated = run.jobs.flatMap(({ annotations }) => annotations.map(({ message }) => message));
    expect(annotated.join()).toContain('the API server does not accept this job’s token (401)');
    expect(
      await admin.must(['--namespace=shop', 'get', 'configmap', 'deployed', '--output=jsonpath={.data.run}']),
    ).toBe('1');
  },
  120_000,
);

test('a rule that only the API server finds invalid stops the roll at the first master, which goes back', async () => {
  const wrong = withTokens((entry) => {
    entry.claimValidationRules = [{ expression: "claims.repository_id == '2222' && 'a' + 1 == 'b'" }];
  });
  const stop = await askThroughBalancer();
  const result = await act('deploy', { cluster: wrong });
  const clients = await stop();
  note(`a wrong rule was refused in ${seconds(result.milliseconds)}`);
  expect(result.status).toBe(1);
  expect(logOf(result)).toMatch(/found no matching overload for '_\+_'/);
  // The first one runs with its former files again, and so do the others, which did not restart.
  expect(logOf(result)).toContain('the former ones are back, and it runs with them');
  const ready = await Promise.all(masters.map(async ({ address }) => await statusOf(address, '/readyz')));
  expect(ready).toEqual(['200', '200', '200']);
  expect(clients.length).toBeGreaterThan(50);
  expect(clients.filter((sample) => !isGood(sample))).toEqual([]);

  const fixed = succeeded(await act('deploy', { cluster: withTokens() }));
  expect(fixed.outputs).toMatchObject({ restarted: '[]' });
  expect(
    await Promise.all(masters.map(async ({ address }) => await shown(address, token(issuer, issuer.url)))),
  ).toEqual(['201', '201', '201']);
}, 300_000);
