import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { Problem } from '../errors.ts';
import { mask } from './masks.ts';

const script = readFileSync(new URL('./token-plugin.mjs', import.meta.url), 'utf8');
/** Time limit of the plugin in milliseconds: four attempts of ten seconds, and the waits between them. */
const limit = 60_000;
/** Limit of a token in bytes; GitHub's tokens have about 2,000. */
const longest = 65_536;

/** The exec section of a kubeconfig: the client runs the program to get a token. */
export interface TokenPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A token of this job, with its claims. */
export interface IdToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly expires: Date;
}

/** Writes the plugin to the folder that the post step deletes. The plugin contains no secret; it reads the job's environment. */
export async function layPlugin(folder: string, audience: string): Promise<TokenPlugin> {
  const path = join(folder, 'token.mjs');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(path, script, { mode: 0o500, flag: 'wx' });
  // The action's own Node, which exists until the job ends. With this variable it uses the proxies of the environment.
  return { command: process.execPath, args: [path, audience], env: { NODE_USE_ENV_PROXY: '1' } };
}

/**
 * Requests a token of this job from GitHub with the plugin, as the clients of later steps do. The token is masked before it is returned.
 * @throws Problem ID_TOKEN_UNAVAILABLE
 */
export async function askForToken({ command, args, env }: TokenPlugin): Promise<IdToken> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    throw unavailable('this job has no permission to request tokens from GitHub');
  const options = { env: { ...environment(), ...env }, timeout: limit, maxBuffer: longest };
  const printed = await promisify(execFile)(command, [...args], options).catch(
    (error: { readonly stderr?: string }) => {
      throw unavailable(error.stderr?.trim() || 'GitHub returned no token within a minute');
    },
  );
  return readToken(printed.stdout);
}

/** The variables that the plugin needs. The job's environment also has inputs and tokens of other services. */
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
    // Without the cause, because it could quote the token.
    throw unavailable('GitHub’s answer is not a token');
  }
}

function unavailable(message: string): Problem {
  const hint =
    'Give the job permissions: { contents: read, id-token: write }. Pull requests of forks get no tokens; in a called workflow, the caller must also have the permission.';
  return new Problem(message, { code: 'ID_TOKEN_UNAVAILABLE', hint });
}
