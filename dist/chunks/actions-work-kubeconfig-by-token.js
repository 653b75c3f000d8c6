import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  kubeconfigText
} from "./pki-bootstrap-token.js";
import "./layout-groups.js";
import "./layout-addresses.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import {
  Problem,
  array,
  looseObject,
  number,
  object,
  string
} from "./errors.js";
import "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/github/id-token.ts
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
var script = "// A credential plugin for kubectl, helm and client-go: prints a token that GitHub issues to this job when it is called.\n// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins\n// It imports nothing, because it is used after the action's step: node token.mjs AUDIENCE.\nconst { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;\nconst [audience] = process.argv.slice(2);\nconst attempts = 4;\n/** Seconds before its end, so that a client requests the next one in time. */\nconst margin = 30;\n\n/** Retries temporary failures: GitHub's service sometimes answers 429 and 5xx. */\nasync function askGitHub() {\n  const place = new URL(url);\n  place.searchParams.set('audience', audience);\n  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };\n  for (let attempt = 1; ; attempt += 1) {\n    const answer = await fetch(place, { headers, signal: AbortSignal.timeout(10_000) }).catch((error) => error);\n    // Never quotes the answer, because it may contain a token.\n    if (answer.ok) return tokenIn(await answer.json().catch(() => undefined));\n    const why = answer.status ? `status ${answer.status}` : (answer.cause?.message ?? answer.message);\n    const passing = answer.status === undefined || answer.status === 429 || answer.status >= 500;\n    if (!passing || attempt === attempts) throw new Error(`GitHub gave no token: ${why}`);\n    await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 250 * (1 + Math.random())));\n  }\n}\n\nfunction tokenIn(answer) {\n  if (typeof answer?.value === 'string') return answer.value;\n  throw new Error('GitHub gave no token: its answer has none');\n}\n\nfunction endOf(token) {\n  try {\n    const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());\n    return new Date((exp - margin) * 1000).toISOString();\n  } catch {\n    throw new Error('GitHub gave no token: its answer is not one');\n  }\n}\n\ntry {\n  if (!url || !bearer)\n    throw new Error('this job must not request tokens from GitHub: it needs permissions: { id-token: write }');\n  const token = await askGitHub();\n  const status = { token, expirationTimestamp: endOf(token) };\n  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };\n  process.stdout.write(`${JSON.stringify(credential)}\\n`);\n} catch (error) {\n  process.stderr.write(`${error.message}\\n`);\n  process.exitCode = 1;\n}\n";
var limit = 6e4;
var longest = 65536;
async function layPlugin(folder, audience) {
  const path2 = join(folder, "token.mjs");
  await mkdir(folder, { mode: 448 });
  await writeFile(path2, script, { mode: 320, flag: "wx" });
  return { command: process.execPath, args: [path2, audience], env: { NODE_USE_ENV_PROXY: "1" } };
}
async function askForToken({ command, args, env }) {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
    throw unavailable("this job has no permission to request tokens from GitHub");
  const options = { env: { ...environment(), ...env }, timeout: limit, maxBuffer: longest };
  const printed = await promisify(execFile)(command, [...args], options).catch(
    (error) => {
      throw unavailable(error.stderr?.trim() || "GitHub returned no token within a minute");
    }
  );
  return readToken(printed.stdout);
}
var needed = /^(PATH|HOME|TMPDIR|SystemRoot|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN))$/i;
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}
var credential = object({ status: object({ token: string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/) }) });
var claimsOf = looseObject({ exp: number() });
function readToken(printed) {
  try {
    const { token } = credential.parse(JSON.parse(printed)).status;
    mask([token]);
    const body2 = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    const claims = claimsOf.parse(JSON.parse(body2));
    return { token, claims, expires: new Date(claims.exp * 1e3) };
  } catch {
    throw unavailable("GitHub\u2019s answer is not a token");
  }
}
function unavailable(message) {
  const hint = "Give the job permissions: { contents: read, id-token: write }. Pull requests of forks get no tokens; in a called workflow, the caller must also have the permission.";
  return new Problem(message, { code: "ID_TOKEN_UNAVAILABLE", hint });
}

// src/kubernetes/self-review.ts
import { request } from "node:https";
var path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
var body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });
var limits = { time: 1e4, size: 65536 };
var review = object({
  status: object({ userInfo: object({ username: string(), groups: array(string()).default([]) }) })
});
async function reviewSelf(server, ca, token) {
  const { status, text } = await post(new URL(path, server), ca, token);
  if (status !== 201) return { status };
  const { username, groups } = review.parse(JSON.parse(text)).status.userInfo;
  return { user: { username, groups } };
}
async function post(url, ca, token) {
  const signal = AbortSignal.timeout(limits.time);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body)
  };
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", ca, headers, signal, agent: false }, (answer) => {
      const chunks = [];
      let size = 0;
      answer.on("data", (chunk) => {
        size += chunk.length;
        if (size > limits.size) outgoing.destroy(new Error(`the answer has more than ${limits.size} bytes`));
        else chunks.push(chunk);
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      answer.on("error", reject);
    });
    outgoing.on("error", reject).end(body);
  });
}

// src/phases/try-token.ts
async function tryToken({ servers, ca, token, claims }) {
  const silent = [];
  for (const server of servers) {
    try {
      const answer = await reviewSelf(server, ca, token);
      if ("user" in answer) return { server, user: answer.user };
      if (answer.status === 401 || answer.status === 403) throw refusedAt(server, answer.status, claims);
      silent.push(unreachable(server, new Error(`it answers with status ${answer.status}`)));
    } catch (error) {
      if (error instanceof Problem) throw error;
      silent.push(unreachable(server, error));
    }
  }
  throw new AggregateError(silent, "no API server answers");
}
var shown = [
  "iss",
  "aud",
  "repository",
  "repository_id",
  "repository_owner_id",
  "environment",
  "event_name",
  "ref",
  "ref_protected",
  "job_workflow_ref",
  "runner_environment"
];
function refusedAt(server, status, claims) {
  const detail = shown.map(
    (name) => `${name}: ${claims[name] === void 0 ? "not in the token" : JSON.stringify(claims[name])}`
  );
  const hint = "Compare the claims with apiServer.authentication.jwt of the cluster\u2019s file; `journalctl -u kube-apiserver` on a master names the rule.";
  return new Problem(`the API server does not accept this job\u2019s token (${status})`, {
    code: "TOKEN_REFUSED",
    host: server,
    hint,
    detail
  });
}
var untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;
function unreachable(server, cause) {
  const { message, code = "" } = cause;
  const host = { host: server, cause };
  if (untrusted.test(code)) {
    const hint2 = "certificate-authority must be the cluster\u2019s CA, and server a name or an address of its certificate (api.certSANs).";
    return new Problem(`the API server\u2019s certificate is not trusted: ${message}`, {
      code: "API_UNTRUSTED",
      hint: hint2,
      ...host
    });
  }
  const hint = "This runner must reach the API server itself: set server, or use a runner in the network of the hosts.";
  return new Problem(`the API server does not answer: ${message}`, { code: "API_UNREACHABLE", hint, ...host });
}

// src/actions/work/kubeconfig-by-token.ts
async function byToken({ folder, access, write }) {
  const { clusterName, servers, ca, audience } = access;
  const plugin = await layPlugin(folder, audience);
  const { token, claims, expires } = await askForToken(plugin);
  const { server, user } = await tryToken({ servers, ca, token, claims });
  githubLog.info(`${user.username} in ${user.groups.join(", ")}, at ${server}`);
  const text = kubeconfigText({ clusterName, server, ca, user: "github", credentials: { plugin } });
  await write({ text, expires });
}
export {
  byToken
};
