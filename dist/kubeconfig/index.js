import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  adminConf,
  clientCertificate,
  parseKubeconfig,
  withApi
} from "../chunks/chunk-QKM7ENRH.js";
import {
  reachMasters
} from "../chunks/chunk-TDGOIBO5.js";
import {
  certificateRequest,
  kubeconfigText,
  newSigningPair,
  notAfter,
  readCertificate
} from "../chunks/chunk-3PPCRPWU.js";
import {
  administratorsGroup,
  choiceInput,
  commonInputs,
  hostsWith,
  mask,
  newRun,
  parsedInput,
  runPhases
} from "../chunks/chunk-A4VTBSGO.js";
import {
  Problem,
  githubLog,
  runAction
} from "../chunks/chunk-OMF65OCO.js";
import {
  exportVariable,
  getState,
  info,
  saveState,
  setOutput
} from "../chunks/chunk-5YKLIDLX.js";
import "../chunks/chunk-A6KX56EC.js";

// src/github/kubeconfig-step.ts
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
var state = "folder";
function askedKubeconfig(defaultGroup) {
  const user = parsedInput(
    "user",
    userOf,
    "up to 64 letters, digits and . _ : @ / + - [ ], not beginning with system:"
  );
  const groups = parsedInput("groups", groupsOf, "names by commas or spaces; system:masters is given to nobody");
  const hours = parsedInput("hours", hoursOf, "write a number of hours from 0.2 to 24");
  const server = parsedInput("server", serverOf, "write it as https://api.example.com:6443");
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
function serverOf(text) {
  const url = URL.parse(text);
  return url?.protocol === "https:" && url.pathname === "/" && !url.username && !url.search ? url.origin : void 0;
}
function folderToRemove() {
  return getState(state) || void 0;
}
function announceFolder() {
  const folder = join(process.env.RUNNER_TEMP || tmpdir(), `k8s-ha-action-${randomUUID()}`);
  saveState(state, folder);
  return folder;
}
function keeper(folder) {
  const exported = choiceInput("export", ["true", "false"]) === "true";
  return async ({ text, expires }) => {
    const path = join(folder, "kubeconfig");
    await mkdir(folder, { mode: 448 });
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

// src/phases/issue-kubeconfig.ts
import { randomUUID as randomUUID2 } from "node:crypto";
function issueKubeconfig(asked, keep) {
  return {
    title: "Issue a kubeconfig",
    async run(run) {
      const { key } = await newSigningPair();
      run.mask([key, base64(key)]);
      const request = await certificateRequest(asked, key);
      const { crt, ca, server } = await issuedBy(run, asked, request);
      run.log.info(`${asked.user} in ${asked.groups.join(", ")}, at ${server}`);
      await keep(madeOf(run, { server, ca, crt, key }));
    }
  };
}
async function issuedBy(run, asked, request) {
  return await withApi(run, async (api) => {
    const master = hostsWith(run.cluster, "master").find(({ name: name3 }) => name3 === api.host);
    if (!master) throw new Error(`${api.host} is no master`);
    const { ca } = parseKubeconfig(await adminConf(run, master));
    const name2 = `k8s-ha-action-${randomUUID2()}`;
    const crt = await clientCertificate(api, { name: name2, request, seconds: asked.seconds, log: run.log });
    return { crt, ca, server: asked.server ?? `https://${master.address}:${run.cluster.api.port}` };
  });
}
function madeOf(run, { server, ca, crt, key }) {
  const certificate = readCertificate(crt);
  if (!certificate) {
    const hint = "look at --cluster-signing-cert-file of the kube-controller-manager";
    throw new Problem("the cluster issued what is no certificate", { code: "CERTIFICATE_NOT_ISSUED", hint });
  }
  run.mask([base64(crt)]);
  const credentials = { crt, key };
  const text = kubeconfigText({ clusterName: run.cluster.name, server, ca, user: "k8s-ha-action", credentials });
  return { text, expires: notAfter(certificate) };
}
function base64(text) {
  return Buffer.from(text).toString("base64");
}

// src/actions/kubeconfig.ts
await runAction(async () => {
  const left = folderToRemove();
  if (left !== void 0) return await removeFolder(left);
  const folder = announceFolder();
  const { cluster, access, name: name2 } = commonInputs();
  const asked = askedKubeconfig(administratorsGroup);
  const keep = keeper(folder);
  const run = newRun({ cluster, access, dryRun: false, name: name2, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  await runPhases(run, [reachMasters(), issueKubeconfig(asked, keep)]);
});
