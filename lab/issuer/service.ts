import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { type Claims, githubClaims } from './claims.ts';
import { type Issuer, jwkOf, keyId } from './issuer.ts';
import { signedToken } from './tokens.ts';

/** The addresses of an issuer. */
export interface IssuerService {
  /** The claim iss, over https. */
  readonly url: string;
  /** The ACTIONS_ID_TOKEN_REQUEST_URL of a job; over http, on loopback. */
  readonly requestUrl: string;
  close(): void;
}

/**
 * Serves the requests of an API server to an issuer (OpenID Connect Discovery 1.0), and issues tokens to jobs as GitHub does:
 * the bearer token of a request contains the claims of its job.
 */
export async function startIssuerService(
  issuer: Issuer,
  place: { readonly address: string; readonly port: number },
): Promise<IssuerService> {
  const read = (name: string) => readFileSync(join(issuer.folder, name));
  let url = '';
  const documents: RequestListener = (request, response) => {
    const found = documentAt(request.url ?? '', url, issuer);
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}));
  };
  const tokens: RequestListener = (request, response) => {
    const asked = new URL(request.url ?? '', 'http://localhost');
    const own = claimsOf(request.headers.authorization);
    const audience = asked.searchParams.get('audience') ?? 'https://github.com/org';
    const value = own && signedToken(githubClaims(url, audience, own), { alg: 'RS256', key: issuer.key, kid: keyId });
    response.writeHead(own ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify({ value }));
  };
  const secure = createServer({ key: read('server.key'), cert: read('server.crt') }, documents);
  const plain = createPlainServer(tokens);
  url = `https://${place.address}:${await listening(secure, place.port, place.address)}`;
  const requestUrl = `http://127.0.0.1:${await listening(plain, 0, '127.0.0.1')}/token?api-version=2.0`;
  return {
    url,
    requestUrl,
    close: () => {
      for (const server of [secure, plain]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function documentAt(path: string, url: string, issuer: Issuer): object | undefined {
  if (path === '/.well-known/jwks') return { keys: [jwkOf(issuer.key)] };
  if (path !== '/.well-known/openid-configuration') return undefined;
  return {
    issuer: url,
    jwks_uri: `${url}/.well-known/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

async function listening(server: Server, port: number, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, address, resolve);
  await promise;
  const bound = server.address();
  return typeof bound === 'object' && bound ? bound.port : port;
}

/** The ACTIONS_ID_TOKEN_REQUEST_TOKEN of a job: in the lab, the claims in which its tokens differ. */
export function requestToken(own: Claims): string {
  return Buffer.from(JSON.stringify(own)).toString('base64url');
}

function claimsOf(authorization: string | undefined): Claims | undefined {
  const [, token] = /^bearer ([\w-]+)$/i.exec(authorization ?? '') ?? [];
  return token === undefined ? undefined : (JSON.parse(Buffer.from(token, 'base64url').toString()) as Claims);
}
