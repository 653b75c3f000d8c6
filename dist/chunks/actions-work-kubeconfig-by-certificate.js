import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  reachMasters
} from "./phases-reach-masters.js";
import {
  runPhases
} from "./host.js";
import {
  adminConf,
  clientCertificate,
  parseKubeconfig,
  withApi
} from "./kubernetes.js";
import {
  certificateRequest,
  newRun,
  newSigningPair,
  notAfter,
  readCertificate
} from "./pki.js";
import {
  kubeconfigText
} from "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./cluster-cel-check.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  apiServerUrl
} from "./layout-addresses.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import {
  Problem
} from "./errors.js";
import "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/phases/issue-kubeconfig.ts
import { randomUUID } from "node:crypto";
function issueKubeconfig(asked, keep) {
  return {
    title: "Issue a kubeconfig",
    async run(run, signal) {
      const { key } = await newSigningPair();
      run.mask([key, base64(key)]);
      const request = await certificateRequest(asked, key);
      const { crt, ca, server } = await issuedBy(run, asked, request, signal);
      run.log.info(`${asked.user} in ${asked.groups.join(", ")}, at ${server}`);
      await keep(madeOf(run, { server, ca, crt, key }));
    }
  };
}
async function issuedBy(run, asked, request, signal) {
  return await withApi(run, async (api) => {
    const master = hostsWith(run.cluster, "master").find(({ name: name2 }) => name2 === api.host);
    if (!master) throw new Error(`${api.host} is no master`);
    const { ca } = parseKubeconfig(await adminConf(run, master));
    const name = `k8s-ha-action-${randomUUID()}`;
    const crt = await clientCertificate(api, { name, request, ca, seconds: asked.seconds, log: run.log, signal });
    return { crt, ca, server: asked.server ?? apiServerUrl(master.address, run.cluster.api.port) };
  });
}
function madeOf(run, { server, ca, crt, key }) {
  const certificate = readCertificate(crt);
  if (!certificate) {
    const hint = "Check --cluster-signing-cert-file of the kube-controller-manager.";
    throw new Problem("the cluster returned an invalid certificate", { code: "CERTIFICATE_NOT_ISSUED", hint });
  }
  run.mask([base64(crt)]);
  const credentials = { crt, key };
  const text = kubeconfigText({ clusterName: run.cluster.name, server, ca, user: "k8s-ha-action", credentials });
  return { text, expires: notAfter(certificate) };
}
function base64(text) {
  return Buffer.from(text).toString("base64");
}

// src/actions/work/kubeconfig-by-certificate.ts
async function byCertificate({ cluster, access, name, commit, asked, write }) {
  const run = newRun({ cluster, access, dryRun: false, name, commit, log: githubLog, mask, targets: /* @__PURE__ */ new Map() });
  await runPhases(run, [reachMasters(), issueKubeconfig(asked, write)], { signal: cancellation() });
}
export {
  byCertificate
};
