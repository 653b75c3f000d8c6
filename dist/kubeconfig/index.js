import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  administratorsGroup
} from "../chunks/layout-groups.js";
import {
  tokenIssuer
} from "../chunks/github-server.js";
import {
  withCluster
} from "../chunks/github-cluster-action.js";
import {
  certificateProblem,
  choiceInput,
  clusterInput,
  invalidInput,
  parsedInput
} from "../chunks/cluster-checks.js";
import "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import {
  hostsWith
} from "../chunks/cluster-cluster.js";
import {
  apiServerUrl
} from "../chunks/layout-addresses.js";
import {
  runAction
} from "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import "../chunks/entry-bytes.js";
import {
  Problem
} from "../chunks/errors.js";
import {
  exportVariable,
  getInput,
  info,
  readState,
  saveState,
  setOutput
} from "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/github/kubeconfig-step.ts
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// src/github/token-inputs.ts
function askedAccess() {
  const ca = certificateInput();
  const audience = getInput("audience");
  const server = parsedInput("server", serverOf, "Write it as https://api.example.com:6443.");
  if (server !== void 0 && audience) return { clusterName: "kubernetes", servers: [server], ca, audience };
  const { cluster } = clusterInput();
  return {
    clusterName: cluster.name,
    servers: server === void 0 ? serversOf(cluster) : [server],
    ca,
    audience: audience || audienceOf(cluster)
  };
}
function serverOf(text) {
  const url = URL.parse(text);
  return url?.protocol === "https:" && url.pathname === "/" && !url.username && !url.search ? url.origin : void 0;
}
function certificateInput() {
  const text = getInput("certificate-authority");
  if (!text)
    throw missing(
      "certificate-authority",
      "Store the text of /etc/kubernetes/pki/ca.crt of a master as a variable of the repository, and set this input to it. It is not a secret."
    );
  const problem = certificateProblem(text);
  if (problem === void 0) return text;
  throw invalidInput(
    "certificate-authority",
    `${text.slice(0, 30)}\u2026`,
    `The text ${problem}: write a certificate in PEM.`
  );
}
function serversOf(cluster) {
  return hostsWith(cluster, "master").map(({ address }) => apiServerUrl(address, cluster.api.port));
}
function audienceOf({ apiServer }) {
  const { jwt } = apiServer.authentication;
  const entry = jwt.find(({ issuer }) => issuer.url === tokenIssuer()) ?? (jwt.length === 1 ? jwt[0] : void 0);
  const [audience] = entry?.issuer.audiences ?? [];
  if (audience !== void 0) return audience;
  throw missing("audience", "Write the audience of GitHub\u2019s entry in apiServer.authentication.jwt of cluster.yaml.");
}
function missing(name2, hint) {
  return new Problem(`the input ${name2} is missing`, { code: "INPUT_MISSING", hint });
}

// src/github/kubeconfig-step.ts
var state = "folder";
function askedMode() {
  return choiceInput("mode", ["certificate", "oidc"]);
}
function askedKubeconfig(defaultGroup) {
  const user = parsedInput(
    "user",
    userOf,
    "Write up to 64 letters, digits and . _ : @ / + - [ ], not beginning with \u201Csystem:\u201D."
  );
  const groups = parsedInput(
    "groups",
    groupsOf,
    "Write names separated by commas or spaces; system:masters is not available."
  );
  const hours = parsedInput("hours", hoursOf, "Write a number of hours from 0.2 to 24.");
  const server = parsedInput("server", serverOf, "Write it as https://api.example.com:6443.");
  return {
    user: user ?? `k8s-ha-action:${process.env.GITHUB_ACTOR || "ci"}`,
    groups: groups ?? [defaultGroup],
    seconds: Math.round((hours ?? 1) * 3600),
    ...server === void 0 ? {} : { server }
  };
}
var name = /^[\w.:@/+[\]-]{1,64}$/;
function userOf(text) {
  return name.test(text) && !text.startsWith("system:") ? text : void 0;
}
function groupsOf(text) {
  const groups = text.split(/[\s,]+/).filter(Boolean);
  const fit = groups.length > 0 && groups.every((group) => name.test(group) && group !== "system:masters");
  return fit ? groups : void 0;
}
function hoursOf(text) {
  const hours = Number(text);
  return hours >= 0.2 && hours <= 24 ? hours : void 0;
}
function folderToRemove() {
  return readState(state) || void 0;
}
function announceFolder() {
  const folder = join(process.env.RUNNER_TEMP || tmpdir(), `k8s-ha-action-${randomUUID()}`);
  saveState(state, folder);
  return folder;
}
function kubeconfigWriter(folder) {
  const exported = choiceInput("export", ["true", "false"]) === "true";
  return async ({ text, expires }) => {
    const path = join(folder, "kubeconfig");
    await mkdir(folder, { mode: 448, recursive: true });
    await writeFile(path, text, { mode: 384, flag: "wx" });
    setOutput("kubeconfig", path);
    setOutput("expires", expires.toISOString());
    if (exported) exportVariable("KUBECONFIG", path);
    info(`${path}, until ${expires.toISOString()}`);
  };
}
async function removeFolder(folder) {
  await rm(folder, { recursive: true, force: true });
  info(`removed ${folder}`);
}

// src/actions/kubeconfig.ts
await runAction(async () => {
  const left = folderToRemove();
  if (left !== void 0) return await removeFolder(left);
  const byMode = askedMode() === "oidc" ? byToken : byCertificate;
  await byMode(announceFolder());
});
async function byCertificate(folder) {
  await withCluster(
    () => ({ asked: askedKubeconfig(administratorsGroup), write: kubeconfigWriter(folder) }),
    async () => (await import("../chunks/actions-work-kubeconfig-by-certificate.js")).byCertificate
  );
}
async function byToken(folder) {
  const access = askedAccess();
  const write = kubeconfigWriter(folder);
  const work = await import("../chunks/actions-work-kubeconfig-by-token.js");
  await work.byToken({ folder, access, write });
}
