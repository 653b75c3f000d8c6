import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { Problem } from '../errors.ts';
import { mask } from './masks.ts';

const script = readFileSync(new URL('./token-plugin.mjs', import.meta.url), 'utf8');
/** Of the plugin: four attempts of ten seconds, and the waits between them. Milliseconds. */
const limit = 60_000;
/** GitHub's tokens have some 2,000 characters. Bytes. */
const longest = 65_536;

/** What a kubeconfig names so that its client runs a program for each token. */
export interface TokenPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A token of this job, with what it claims. */
export interface IdToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly expires: Date;
}

/** Places the plugin in the folder that the post step removes. It holds no secret: the job's environment does. */
export async function layPlugin(folder: string, audience: string): Promise<TokenPlugin> {
  const path = join(folder, 'token.mjs');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(path, script, { mode: 0o500, flag: 'wx' });
  // The action's own node, which stays for as long as the job; with this variable it takes proxies from the environment.
  return { command: process.execPath, args: [path, audience], env: { NODE_USE_ENV_PROXY: '1' } };
}

/**
 * Asks GitHub for a token of this job by the plugin, as the later steps' clients will; masked before it is returned.
 * @throws Problem ID_TOKEN_UNAVAILABLE
 */
export async function askForToken({ command, args, env }: TokenPlugin): Promise<IdToken> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    throw unavailable('this job may not ask GitHub for tokens');
  const options = { env: { ...environment(), ...env }, timeout: limit, maxBuffer: longest };
  const printed = await promisify(execFile)(command, [...args], options).catch(
    (error: { readonly stderr?: string }) => {
      throw unavailable(error.stderr?.trim() || 'GitHub gave no token in a minute');
    },
  );
  return readToken(printed.stdout);
}

/** What the plugin needs of the job's environment, in which inputs and tokens of other services are too. */
const needed =
  /^(PATH|HOME|TMPDIR|SystemRoot|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN))$/i;

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

const credential = z.object({ status: z.object({ token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/) }) });
const claimsOf = z.looseObject({ exp: z.number() });

function readToken(printed: string): IdToken {
  try {
    const { token } = credential.parse(JSON.parse(printed)).status;
    mask([token]);
    const body = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const claims = claimsOf.parse(JSON.parse(body));
    return { token, claims, expires: new Date(claims.exp * 1000) };
  } catch {
    // Not what was thrown: it could quote the token.
    throw unavailable('what GitHub answered is no token');
  }
}

function unavailable(message: string): Problem {
  const hint =
    'Give the job permissions: { contents: read, id-token: write }. Pull requests of forks get no tokens; a called workflow needs the permission of its caller too.';
  return new Problem(message, { code: 'ID_TOKEN_UNAVAILABLE', hint });
}
