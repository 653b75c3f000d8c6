// Tokens in GitHub's format, and the expected result of each with the rules of examples/github-oidc.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Claims, githubClaims } from '../../lab/issuer/claims.ts';
import { type Issuer, jwkOf, keyId } from '../../lab/issuer/issuer.ts';
import { type Signature, signedToken } from '../../lab/issuer/tokens.ts';

const example = join(import.meta.dirname, '../../examples/github-oidc/cluster.yaml');

/** The example's entry, and the audience that it accepts. */
export function exampleEntry(): { readonly issuer: Record<string, unknown>; readonly audience: string } {
  const [entry] = parse(readFileSync(example, 'utf8')).apiServer.authentication.jwt;
  return { ...entry, audience: entry.issuer.audiences[0] };
}

/** The example's entry with the lab's issuer in the place of GitHub's. */
export function entryFor({ ca }: Pick<Issuer, 'ca'>, url: string): Readonly<Record<string, unknown>> {
  const { audience: _, ...entry } = exampleEntry();
  return { ...entry, issuer: { ...entry.issuer, url, certificateAuthority: ca } };
}

const now = () => Math.floor(Date.now() / 1000);
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

type Case = readonly [what: string, token: (issuer: Issuer, url: string) => string];

/** A token of the lab's issuer, with claims that differ from those of an accepted deployment. */
const claiming =
  (own: Claims) =>
  (issuer: Issuer, url: string): string =>
    token(issuer, url, own);

/** A token of the lab's issuer. */
export function token(issuer: Issuer, url: string, own: Claims = {}, signature?: Signature): string {
  const { audience } = exampleEntry();
  const { key } = issuer;
  return signedToken(githubClaims(url, audience, own), signature ?? { alg: 'RS256', key, kid: keyId });
}

export const accepted: readonly Case[] = [
  ['a deployment', claiming({})],
  [
    'another of the repositories, and another of the environments',
    claiming({ repository_id: '3333', environment: 'staging' }),
  ],
  ['a run by hand', claiming({ event_name: 'workflow_dispatch' })],
  ['a repository that was renamed', claiming({ repository: 'org/new-name' })],
  [
    'several audiences, this one among them',
    (issuer, url) => claiming({ aud: ['x', exampleEntry().audience] })(issuer, url),
  ],
  ['a token that begins in a minute: clocks differ', claiming({ nbf: now() + 60 })],
];

export const refused: readonly Case[] = [
  ['another repository', claiming({ repository: 'org/other', repository_id: '4444' })],
  ['a new repository of a name that was given up', claiming({ repository_id: '5555' })],
  ['a new owner of a name that was given up', claiming({ repository_owner_id: '9999', repository_id: '2222' })],
  [
    'a repository of another owner',
    claiming({ repository: 'evil/app', repository_owner: 'evil', repository_owner_id: '6666', repository_id: '7777' }),
  ],
  ['a repository without its number', claiming({ repository_id: undefined })],
  ['a number that is no text', claiming({ repository_id: 2222 })],
  ['numbers in a list', claiming({ repository_id: ['2222'] })],
  [
    'a fork’s pull request',
    claiming({
      event_name: 'pull_request',
      ref: 'refs/pull/1/merge',
      head_ref: 'fix',
      ref_protected: 'false',
      environment: undefined,
      sub: 'repo:org/app:pull_request',
    }),
  ],
  [
    'a fork’s pull request by pull_request_target',
    claiming({ event_name: 'pull_request_target', environment: undefined }),
  ],
  ['a pull request that names an environment', claiming({ event_name: 'pull_request' })],
  ['a comment on an issue', claiming({ event_name: 'issue_comment' })],
  ['a job without an environment', claiming({ environment: undefined, sub: 'repo:org/app:ref:refs/heads/main' })],
  ['another environment', claiming({ environment: 'preview' })],
  ['an environment of a name that begins alike', claiming({ environment: 'production-eu' })],
  ['a branch that is not protected', claiming({ ref: 'refs/heads/wip', ref_protected: 'false' })],
  ['another audience', claiming({ aud: 'https://github.com/org' })],
  ['an audience that begins alike', claiming({ aud: `${exampleEntry().audience}/2` })],
  ['no audience', claiming({ aud: undefined })],
  ['an expired token', claiming({ iat: now() - 900, exp: now() - 600 })],
  ['a token that just expired', claiming({ iat: now() - 300, exp: now() - 1 })],
  ['a token without an end', claiming({ exp: undefined })],
  ['a token that begins in ten minutes', claiming({ nbf: now() + 600, iat: now() + 600, exp: now() + 900 })],
  ['a token for a day', claiming({ exp: now() + 86_400 })],
  ['another issuer', claiming({ iss: 'https://token.actions.githubusercontent.com' })],
  ['an issuer that begins alike', (issuer, url) => claiming({ iss: `${url}/org` })(issuer, url)],
  ['a token of the cluster’s own issuer', claiming({ iss: 'https://kubernetes.default.svc.cluster.local' })],
  ['another key of the same name', (issuer, url) => token(issuer, url, {}, { alg: 'RS256', key: other, kid: keyId })],
  ['another key of another name', (issuer, url) => token(issuer, url, {}, { alg: 'RS256', key: other, kid: 'x' })],
  ['a key of another kind', (issuer, url) => token(issuer, url, {}, { alg: 'ES256', key: curve, kid: keyId })],
  ['no signature, as alg none', (issuer, url) => token(issuer, url, {}, { alg: 'none' })],
  ['a signature cut off', (issuer, url) => token(issuer, url).replace(/\.[^.]*$/, '.')],
  [
    'a signature by the public key as a secret',
    (issuer, url) => token(issuer, url, {}, { alg: 'HS256', secret: JSON.stringify(jwkOf(issuer.key)), kid: keyId }),
  ],
  ['claims that were changed after signing', (issuer, url) => changed(token(issuer, url))],
  ['no token at all', () => 'x'],
];

/** The same signature for other claims. */
function changed(text: string): string {
  const [head, body = '', signature] = text.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return [head, Buffer.from(JSON.stringify({ ...claims, run_id: '1' })).toString('base64url'), signature].join('.');
}
