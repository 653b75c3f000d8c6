import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { githubClaims } from '../../lab/issuer/claims.ts';
import { type Issuer, keyId, openIssuer } from '../../lab/issuer/issuer.ts';
import { type IssuerService, startIssuerService } from '../../lab/issuer/service.ts';
import { signedToken } from '../../lab/issuer/tokens.ts';
import { authenticationConfig } from '../../src/components/authentication-config.ts';
import { invalid, valid } from '../cluster/cel/expressions.ts';
import { clusterWith } from '../cluster/settings/judged.ts';
import { accepted, entryFor, refused, token } from './github-tokens.ts';
import { type ControlPlane, startControlPlane } from './local-control-plane.ts';

// A real API server with the configuration that the product makes of examples/github-oidc, and the lab's own issuer.

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-issuer-'));
/** An issuer whose tokens choose their users and groups freely, which a careless mapping would accept. */
const bare = { claimMappings: { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups', prefix: '' } } };
let issuer: Issuer;
let careless: Issuer;
let service: IssuerService;
let carelessService: IssuerService;
let plane: ControlPlane;

function configOf(...jwt: readonly unknown[]): object {
  return authenticationConfig(clusterWith({ apiServer: { authentication: { jwt } } }));
}

beforeAll(async () => {
  issuer = openIssuer(join(folder, 'github'), '127.0.0.1');
  careless = openIssuer(join(folder, 'careless'), '127.0.0.1');
  service = await startIssuerService(issuer, { address: '127.0.0.1', port: 0 });
  carelessService = await startIssuerService(careless, { address: '127.0.0.1', port: 0 });
  const authentication = configOf(entryFor(issuer, service.url), {
    issuer: { url: carelessService.url, audiences: ['x'], certificateAuthority: careless.ca },
    ...bare,
  });
  plane = await startControlPlane({ authentication });
  // The API server fetches issuers' keys in the background after it serves.
  for (const wait of [() => whoIs(token(issuer, service.url)), () => whoIs(free({}))])
    for (let left = 100; (await wait()).status !== 201 && left > 0; left -= 1) await sleep(100);
}, 300_000);

afterAll(async () => {
  await plane?.[Symbol.asyncDispose]();
  service?.close();
  carelessService?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(path: string, options: { readonly bearer?: string; readonly body?: object } = {}): Promise<Answer> {
  const { bearer, body } = options;
  const headers = {
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const place = { host: '127.0.0.11', port: plane.port, path, method: body ? 'POST' : 'GET', headers };
  return await new Promise((resolve, reject) => {
    // Like curl -k: what an anonymous client gets does not depend on its trust.
    const outgoing = request({ ...place, rejectUnauthorized: false, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      resolve({ status: answer.statusCode ?? 0, text });
    });
    outgoing.once('error', reject).end(body && JSON.stringify(body));
  });
}

async function whoIs(bearer: string): Promise<Answer> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  return await ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', { bearer, body });
}

/** A token of the careless issuer. */
function free(own: Readonly<Record<string, unknown>>): string {
  const claims = githubClaims(carelessService.url, 'x', { sub: 'someone', groups: ['people'], ...own });
  return signedToken(claims, { alg: 'RS256', key: careless.key, kid: keyId });
}

describe('Anonymous requests', () => {
  test.each(['/livez', '/readyz', '/healthz'])('reach %s', async (path) => {
    expect(await ask(path)).toEqual({ status: 200, text: 'ok' });
    expect((await ask(`${path}?verbose`)).status).toBe(200);
  });

  test.each([
    ...['/version', '/', '/api', '/apis', '/metrics', '/openapi/v2', '/livez/ping', '/livez/', '/healthz/etcd'],
    ...[
      '/api/v1/namespaces/kube-public/configmaps/cluster-info',
      '/.well-known/openid-configuration',
      '/openid/v1/jwks',
    ],
    ...['/livez/../version', '//livez', '/LIVEZ', '/livez%2f..%2fversion', '/readyz;/version'],
  ])('get 401 at %s', async (path) => {
    expect((await ask(path)).status).toBe(401);
  });
});

describe('Tokens of GitHub', () => {
  test.each(accepted)('%s: accepted', async (_, make) => {
    expect((await whoIs(make(issuer, service.url))).status).toBe(201);
  });

  test.each(refused)('%s: refused', async (_, make) => {
    expect((await whoIs(make(issuer, service.url))).status).toBe(401);
  });

  test('become a user with a readable name, in a group by number, with the run for the audit log', async () => {
    const { text } = await whoIs(token(issuer, service.url));
    const { username, groups, extra } = JSON.parse(text).status.userInfo;
    expect({ username, groups }).toEqual({
      username: 'github:org/app:production',
      groups: ['github:2222:production', 'system:authenticated'],
    });
    expect(extra).toMatchObject({
      'actions.github.com/run': ['org/app/actions/runs/9876543210'],
      'actions.github.com/actor': ['octocat'],
      'actions.github.com/sha': ['ca2a2f6b3ad0f7c1b9e2d4d0b1c2f3a4b5c6d7e8'],
    });
  });

  test('have no rights without a role', async () => {
    const bearer = token(issuer, service.url);
    expect((await ask('/api/v1/namespaces/default/pods', { bearer })).status).toBe(403);
    expect((await ask('/api/v1/secrets', { bearer })).status).toBe(403);
  });

  test('have the rights of the example’s role, and tokens of another environment do not', async () => {
    const path = join(plane.dir, 'admin.conf');
    const server = `--server=https://127.0.0.11:${plane.port}`;
    writeFileSync(path, plane.adminConf);
    const manifest = join(import.meta.dirname, '../../examples/github-oidc/manifests/deployers.yaml');
    const roles = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] };
    const edit = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'edit' },
      rules: [roles],
    };
    // Without a controller-manager the role `edit` is not aggregated.
    for (const input of [JSON.stringify(edit), readFileSync(manifest, 'utf8')])
      execFileSync(
        plane.kubectl,
        [`--kubeconfig=${path}`, server, 'apply', '--server-side', '--force-conflicts', '-f', '-'],
        {
          input,
        },
      );
    const deployments = '/apis/apps/v1/namespaces/shop/deployments';
    expect((await ask(deployments, { bearer: token(issuer, service.url) })).status).toBe(200);
    const staging = token(issuer, service.url, { environment: 'staging' });
    expect((await ask(deployments, { bearer: staging })).status).toBe(403);
    expect((await ask('/apis/apps/v1/deployments', { bearer: token(issuer, service.url) })).status).toBe(403);
  });
});

describe('A mapping without prefixes', () => {
  test('uses names unchanged', async () => {
    const { text } = await whoIs(free({}));
    expect(JSON.parse(text).status.userInfo).toMatchObject({
      username: 'someone',
      groups: ['people', 'system:authenticated'],
    });
  });

  test.each([
    { sub: 'system:admin' },
    { sub: 'system:node:node-1', groups: ['system:nodes'] },
    { sub: 'system:kube-controller-manager' },
    { sub: 'system:serviceaccount:kube-system:default' },
    { groups: ['system:masters'] },
    { groups: ['people', 'system:nodes'] },
    { groups: 'system:masters' },
    { sub: 'k8s-ha-action:someone' },
    { groups: ['k8s-ha-action:admins'] },
    { sub: 'kube-apiserver-kubelet-client' },
  ])('never accepts a name of Kubernetes or of the product: %j', async (own) => {
    expect((await whoIs(free(own))).status).toBe(401);
  });
});

describe('Expressions', () => {
  const entry = (expressions: readonly string[]) => ({
    issuer: { url: 'https://issuer.example.com', audiences: ['x'] },
    claimValidationRules: expressions.map((expression) => ({ expression })),
    claimMappings: { username: { claim: 'sub', prefix: 'x:' } },
  });

  test('that our own check accepts are compiled by the API server', async () => {
    expect(await saidAbout(entry(valid))).toContain('Serving securely');
  });

  test('that our own check refuses are refused by the API server, each of them', async () => {
    const said = await saidAbout(entry(invalid.map(([expression]) => expression)));
    const missing = invalid.filter((_, index) => !said.includes(`jwt[0].claimValidationRules[${index}]`));
    // Deeper than our limit, but not deeper than the API server's own.
    expect(missing.filter(([, problem]) => !problem.includes('nested too deep'))).toEqual([]);
  });

  /** The output of an API server about a configuration at its start, before it checks its other flags. */
  async function saidAbout(jwt: object): Promise<string> {
    const file = join(plane.dir, 'expressions.json');
    const { jwt: _, ...config } = configOf() as { readonly jwt?: unknown };
    writeFileSync(file, JSON.stringify({ ...config, jwt: [jwt] }));
    return await plane.sayings([`--authentication-config=${file}`]);
  }
});

test('A file that becomes invalid while an API server runs has no effect on it', async () => {
  const file = join(plane.dir, 'authentication.json');
  const log = () => readFileSync(join(plane.dir, 'master-1-kube-apiserver.log'), 'utf8');
  writeFileSync(file, readFileSync(file, 'utf8').replace('claims.ref_protected', 'clams.ref_protected'));
  for (let left = 200; !log().includes('failed to validate authentication config') && left > 0; left -= 1)
    await sleep(100);
  expect(log()).toContain('failed to validate authentication config');
  expect((await whoIs(token(issuer, service.url))).status).toBe(201);
  expect((await ask('/version')).status).toBe(401);
}, 60_000);
