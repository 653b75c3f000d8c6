import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bootstrapUser,
  createBootstrapToken,
  deleteBootstrapToken,
  labelNodes,
  waitForNodes,
  whileApproving,
  withApi
} from "./chunk-QKM7ENRH.js";
import {
  applyStates,
  kubeletClientPem,
  roleState
} from "./chunk-FSX36KHK.js";
import {
  bootstrapKubeconfig,
  tokenValues
} from "./chunk-3PPCRPWU.js";
import {
  hostState,
  inspectionOf,
  mergeStates,
  newBootstrapToken,
  paths,
  secretsOf,
  targetsOf
} from "./chunk-A4VTBSGO.js";

// src/phases/join-nodes.ts
import { X509Certificate } from "node:crypto";
var tokenLifetimeMs = 30 * 6e4;
var readyTimeoutMs = 18e4;
var joinNodes = {
  title: "Apply nodes",
  async run(run) {
    const nodes = targetsOf(run, "node");
    const joining = nodes.filter((host) => !hasJoined(run, host));
    if (joining.length === 0 || run.dryRun) {
      await applyStates(run, nodes, "node", (host) => settled(run, host, joining.includes(host)));
      return;
    }
    await withApi(run, (api) => join(run, api, nodes, joining));
  }
};
async function join(run, api, nodes, joining) {
  const token = newBootstrapToken();
  run.mask(tokenValues(token));
  await createBootstrapToken(api, token, new Date(Date.now() + tokenLifetimeMs));
  const names = joining.map((host) => host.nodeName);
  const expected = { bootstrapUser: bootstrapUser(token), nodes: new Set(names), log: run.log };
  try {
    await whileApproving(api, expected, async () => {
      await applyStates(run, nodes, "node", (host) => joiningState(run, host, joining, token));
      await waitForNodes(api, names, { timeoutMs: readyTimeoutMs, log: run.log });
    });
  } finally {
    await deleteBootstrapToken(api, token).catch(() => run.log.warning("the bootstrap token could not be deleted"));
  }
  await applyStates(run, joining, "node", (host) => settled(run, host, false));
}
function joiningState(run, host, joining, token) {
  if (!joining.includes(host)) return settled(run, host, false);
  const content = bootstrapKubeconfig(run.cluster, authorityOf(run, host), token);
  const file = { path: paths.bootstrapKubeletConf, content, mode: "600", owner: "root:root", secret: true };
  const state = roleState(run, host, "node");
  const kubelets = state.units.filter((unit) => unit.name === "kubelet.service");
  const units = kubelets.map((unit) => ({ ...unit, reads: [...unit.reads, file.path] }));
  return mergeStates([state, hostState({ files: [file], units })]);
}
function settled(run, host, joining) {
  const absent = joining ? [] : [paths.bootstrapKubeletConf];
  return mergeStates([roleState(run, host, "node"), hostState({ absent })]);
}
function hasJoined(run, host) {
  const pem = inspectionOf(run, host).files.get(kubeletClientPem);
  if (pem === void 0) return false;
  try {
    const certificate = new X509Certificate(pem);
    const authority = new X509Certificate(authorityOf(run, host));
    return certificate.verify(authority.publicKey) && new Date(certificate.validTo) > run.now;
  } catch {
    return false;
  }
}
function authorityOf(run, host) {
  return secretsOf(run, host).files.find((file) => file.path === paths.ca.crt)?.content ?? "";
}
var settleNodes = {
  title: "Wait for the nodes",
  async run(run) {
    const nodes = targetsOf(run, "node");
    if (nodes.length === 0 || run.dryRun) return;
    await withApi(run, async (api) => {
      await waitForNodes(
        api,
        nodes.map((host) => host.nodeName),
        { timeoutMs: readyTimeoutMs, log: run.log }
      );
      run.objects.push(...await labelNodes(api, nodes));
    });
  }
};

export {
  joinNodes,
  settleNodes
};
