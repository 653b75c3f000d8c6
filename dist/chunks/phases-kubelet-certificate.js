import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  roleState
} from "./phases-apply-role.js";
import {
  rootFile
} from "./components.js";
import {
  call,
  hostState,
  mergeStates
} from "./host.js";
import {
  inspectionOf,
  notAfter,
  readCertificate,
  readTrust,
  secretsOf,
  sessionOf,
  signedBy,
  subjectOf,
  trusted
} from "./pki.js";
import {
  bootstrapKubeconfig,
  kubeletKubeconfig
} from "./pki-bootstrap-token.js";
import {
  components,
  paths,
  places
} from "./layout-addresses.js";
import {
  Problem
} from "./errors.js";

// src/phases/kubelet-certificate.ts
function hasJoined(run, host) {
  return isOwn(run, host, inspectionOf(run, host).files.get(places.kubeletClientCert) ?? "");
}
function isOwn(run, host, pem) {
  const certificate = readCertificate(pem);
  if (!certificate || notAfter(certificate) <= run.now) return false;
  const trust = readTrust(authorityOf(run, host));
  const authorities = (trust ? trusted(trust) : []).map(readCertificate);
  if (!authorities.some((authority) => authority && signedBy(certificate, authority))) return false;
  return subjectOf(certificate).join() === `CN=system:node:${host.nodeName},O=system:nodes`;
}
function authorityOf(run, host) {
  const files = host ? secretsOf(run, host).files : [];
  return files.find((file) => file.path === paths.ca.crt)?.content ?? "";
}
function kubeletConf(run, host) {
  return rootFile(paths.kubeletConf, kubeletKubeconfig(run.cluster, authorityOf(run, host)));
}
var printCertificate = `sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' ${places.kubeletClientCert}`;
function untilChanged({ path, content }) {
  const temporary = path.replace(/[^/]*$/, ".k8s-ha-action.$&");
  return `before=$(cat)
until now=$(${printCertificate} 2>/dev/null) &&
  [ -n "$now" ] && [ "$now" != "$before" ]; do sleep 0.1; done
printf '%s\\n' "$now" && umask 077 && rm -f ${temporary} && ${call("printf", "%s", content)} >${temporary} && mv -f ${temporary} ${path} &&
  systemctl restart ${components.kubelet.unit}`;
}
var lookMs = 2e4;
async function untilJoined(run, host, started, limitMs) {
  let end = Number.POSITIVE_INFINITY;
  const endIn = (ms) => () => {
    end = performance.now() + ms;
  };
  started.then(endIn(limitMs), endIn(0));
  let printed;
  for (let left = lookMs; printed === void 0 && left > 0; left = Math.min(lookMs, end - performance.now()))
    printed = await lookFor(run, host, left);
  if (printed && isOwn(run, host, printed)) return;
  const reason = printed ? "it got a certificate that is not of its node" : "it got no certificate";
  throw new Problem(`${host.nodeName}: its kubelet has not joined ${limitMs / 1e3} s after its start: ${reason}`, {
    code: "NODES_NOT_READY",
    host: host.name,
    hint: `Look at \`journalctl -u kubelet\` on ${host.name}, and at warnings above about its certificate requests.`
  });
}
async function lookFor(run, host, ms) {
  const input = inspectionOf(run, host).files.get(places.kubeletClientCert) ?? "";
  try {
    return (await sessionOf(run, host).run(untilChanged(kubeletConf(run, host)), {
      input,
      timeoutSeconds: Math.ceil(ms / 1e3)
    })).stdout;
  } catch (error) {
    if (error instanceof Problem && error.code === "COMMAND_TIMEOUT") return void 0;
    throw error;
  }
}
async function syncJoined(run, host) {
  await sessionOf(run, host).run(`sync -- ${paths.kubeletConf} ${places.kubernetesDir} 2>/dev/null || sync`);
}

// src/phases/node-state.ts
function joiningState(run, host, token) {
  const content = bootstrapKubeconfig(run.cluster, authorityOf(run, host), token);
  const file = { path: paths.bootstrapKubeletConf, content, mode: "600", owner: "root:root", secret: true };
  const state = roleState(run, host, "node");
  return mergeStates([state, hostState({ files: [file], units: kubeletReading(state, file.path, paths.kubeletConf) })]);
}
function settled(run, host, joining) {
  const state = roleState(run, host, "node");
  if (joining) return state;
  const file = kubeletConf(run, host);
  const units = kubeletReading(state, file.path);
  return mergeStates([state, hostState({ files: [file], units, absent: [paths.bootstrapKubeletConf] })]);
}
function kubeletReading(state, ...files) {
  const kubelets = state.units.filter((unit) => unit.name === components.kubelet.unit);
  return kubelets.map((unit) => ({ ...unit, reads: [...unit.reads, ...files] }));
}

export {
  hasJoined,
  isOwn,
  authorityOf,
  printCertificate,
  untilJoined,
  syncJoined,
  joiningState,
  settled
};
