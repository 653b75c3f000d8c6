import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bootstrapTokenSecret,
  etcdEndpoints,
  hostsWith,
  pRetry,
  paths,
  require_dist,
  sessionOf
} from "./chunk-A4VTBSGO.js";
import {
  Problem,
  array,
  describeProblem,
  object,
  pLimit,
  string
} from "./chunk-OMF65OCO.js";
import {
  __toESM
} from "./chunk-A6KX56EC.js";

// src/kubernetes/kubeconfig.ts
var import_yaml = __toESM(require_dist(), 1);
var named = { name: string() };
var kubeconfig = object({
  "current-context": string().optional(),
  contexts: array(object({ ...named, context: object({ cluster: string(), user: string() }) })).min(1),
  clusters: array(
    object({ ...named, cluster: object({ server: string(), "certificate-authority-data": string() }) })
  ),
  users: array(
    object({
      ...named,
      user: object({ "client-certificate-data": string(), "client-key-data": string() })
    })
  )
});
var fromBase64 = (text) => Buffer.from(text, "base64").toString("utf8");
function parseKubeconfig(text) {
  const parsed = kubeconfig.safeParse(parseQuietly(text));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw invalid(`the kubeconfig lacks ${places}`);
  }
  const { contexts, clusters, users, "current-context": current } = parsed.data;
  const context = contexts.find(({ name }) => name === current) ?? contexts[0];
  const cluster = clusters.find(({ name }) => name === context?.context.cluster)?.cluster;
  const user = users.find(({ name }) => name === context?.context.user)?.user;
  if (!cluster || !user) throw invalid("the kubeconfig\u2019s context names a cluster or a user that it does not have");
  return {
    server: cluster.server,
    ca: fromBase64(cluster["certificate-authority-data"]),
    cert: fromBase64(user["client-certificate-data"]),
    key: fromBase64(user["client-key-data"])
  };
}
function parseQuietly(text) {
  try {
    return (0, import_yaml.parse)(text);
  } catch {
    throw invalid("the kubeconfig is not YAML");
  }
}
function invalid(message) {
  return new Problem(message, {
    code: "KUBECONFIG_INVALID",
    hint: "Run the pki and master actions again: they write it anew."
  });
}

// src/kubernetes/apiserver-health.ts
import { setTimeout as delay } from "node:timers/promises";
async function whyNotServing(api) {
  try {
    const { status, text } = await api.raw("/readyz?verbose=true", { timeoutMs: 3e3 });
    return status === 200 ? void 0 : failedChecks(text, status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
function failedChecks(text, status) {
  const failed = text.split("\n").filter((line) => line.startsWith("[-]"));
  return failed.length > 0 ? failed.map((line) => line.slice(3)).join("; ") : `status ${status}: ${text.slice(0, 200)}`;
}
async function waitForApiServer(api, { timeoutMs, signal }) {
  const end = performance.now() + timeoutMs;
  for (; ; ) {
    const reason = await whyNotServing(api);
    if (reason === void 0) return;
    signal?.throwIfAborted();
    if (performance.now() > end) {
      throw new Problem(`the API server is not ready after ${Math.round(timeoutMs / 1e3)} s: ${reason}`, {
        code: "API_SERVER_NOT_READY",
        host: api.host,
        unit: "kube-apiserver",
        hint: "Look at `journalctl -u kube-apiserver`; it needs a quorum of etcd."
      });
    }
    await delay(200, void 0, { signal });
  }
}

// src/kubernetes/api-problem.ts
var ApiProblem = class extends Problem {
  /** HTTP status; absent when there was no answer. */
  status;
  constructor(message, fields, status) {
    super(message, fields);
    this.status = status;
  }
  /** Whether the same request may well succeed a moment later. Bad input, 401, 403 and a wrong certificate never do. */
  get temporary() {
    if (this.status === void 0) return this.code !== "API_UNTRUSTED" && this.code !== "API_STOPPED";
    return this.status === 408 || this.status === 429 || this.status >= 500 && this.status !== 501;
  }
};
function isNotFound(error) {
  return error instanceof ApiProblem && error.status === 404;
}
var byStatus = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout"
};
var hints = {
  API_UNAUTHORIZED: "The certificate in admin.conf is not accepted: has it expired, or is it of another cluster?",
  API_UNTRUSTED: "The API server\u2019s certificate is not of the authority in admin.conf, or lacks the name kubernetes.",
  API_UNREACHABLE: "See `systemctl status kube-apiserver` and its journal on that host."
};
var asCode = (reason) => `API_${reason.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()}`;
function refused(attempt, status, body) {
  const said = parseStatus(body);
  const code = asCode(said?.reason || byStatus[status] || "Error");
  const words = said?.message ?? (body.trim().slice(0, 300) || `status ${status}`);
  const { method, path, host } = attempt;
  return new ApiProblem(`failed to ${method} ${path}: ${words}`, { code, host, hint: hints[code] }, status);
}
function parseStatus(body) {
  try {
    const value = JSON.parse(body);
    return value.kind === "Status" ? value : void 0;
  } catch {
    return void 0;
  }
}
var untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_OSSL|ERR_SSL)/;
function unanswered(attempt, error) {
  if (error instanceof ApiProblem) return error;
  const { method, path, host } = attempt;
  const cause = error;
  const code = cause.name === "TimeoutError" ? "API_TIMEOUT" : cause.name === "AbortError" ? "API_STOPPED" : untrusted.test(cause.code ?? "") ? "API_UNTRUSTED" : "API_UNREACHABLE";
  const message = `failed to ${method} ${path}: ${cause.message}`;
  return new ApiProblem(message, { code, host, hint: hints[code], cause });
}

// src/kubernetes/discovery.ts
var Discovery = class {
  #api;
  #known = /* @__PURE__ */ new Map();
  constructor(api) {
    this.#api = api;
  }
  /** The kind's resource, or nothing when the server does not serve it (yet). */
  async find(apiVersion, kind) {
    const known = this.#known.has(apiVersion);
    const found = await this.#lookUp(apiVersion, kind);
    if (found || !known) return found;
    this.#known.delete(apiVersion);
    return await this.#lookUp(apiVersion, kind);
  }
  /**
   * The object's path; a namespaced object without a namespace is in `default`.
   * @throws Problem KIND_UNKNOWN
   */
  async pathOf({ apiVersion, kind, name, namespace }) {
    const resource = await this.find(apiVersion, kind);
    if (!resource) {
      throw new Problem(`the cluster knows no kind ${kind} in ${apiVersion}`, {
        code: "KIND_UNKNOWN",
        hint: "Is its CustomResourceDefinition among the manifests, and is the apiVersion one that this Kubernetes serves?"
      });
    }
    const place = resource.namespaced ? `namespaces/${encodeURIComponent(namespace ?? "default")}/` : "";
    return `${groupPath(apiVersion)}/${place}${resource.name}/${encodeURIComponent(name)}`;
  }
  async #lookUp(apiVersion, kind) {
    const resources = this.#known.get(apiVersion) ?? this.#ask(apiVersion);
    this.#known.set(apiVersion, resources);
    return (await resources).find((resource) => resource.kind === kind && !resource.name.includes("/"));
  }
  async #ask(apiVersion) {
    try {
      return (await this.#api.get(groupPath(apiVersion))).resources;
    } catch (error) {
      this.#known.delete(apiVersion);
      if (isNotFound(error)) return [];
      throw error;
    }
  }
};
var groupPath = (apiVersion) => apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
function referenceOf(object2) {
  const { apiVersion, kind, metadata } = object2;
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...namespace !== void 0 && { namespace } };
}
function nameOf({ kind, namespace, name }) {
  return `${kind} ${namespace === void 0 ? "" : `${namespace}/`}${name}`;
}

// src/kubernetes/apply-manifests.ts
import { setTimeout as delay2 } from "node:timers/promises";
import { isDeepStrictEqual as isDeepStrictEqual2 } from "node:util";

// src/kubernetes/inventory.ts
import { isDeepStrictEqual } from "node:util";
var setLabel = "k8s-ha-action/set";
async function openInventory(api, set2) {
  const name = `k8s-ha-action-${set2}`;
  const path = `/api/v1/namespaces/kube-system/configmaps/${name}`;
  const found = await api.get(path).catch((error) => {
    if (isNotFound(error)) return void 0;
    throw error;
  });
  const objects = parse2(found?.data?.objects);
  let recorded = found && sorted(objects);
  return {
    objects,
    async record(wanted) {
      const next = sorted(wanted);
      if (isDeepStrictEqual(recorded, next)) return;
      await api.apply(path, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace: "kube-system", labels: { [setLabel]: set2 } },
        data: { objects: JSON.stringify(next, void 0, 1) }
      });
      recorded = next;
    }
  };
}
function parse2(text) {
  try {
    const value = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
function sorted(objects) {
  const key = (one) => [one.apiVersion, one.kind, one.namespace ?? "", one.name].join(" ");
  return objects.toSorted((a, b) => key(a) < key(b) ? -1 : 1);
}

// src/kubernetes/apply-manifests.ts
async function applyManifests(api, objects, options) {
  const { set: set2, dryRun = false, log } = options;
  const discovery = new Discovery(api);
  const labelled = objects.map((object2) => withLabel(object2, set2));
  const inventory = await openInventory(api, set2);
  const wanted = labelled.map(referenceOf);
  const before = inventory.objects;
  const gone = before.filter((old) => !wanted.some((one) => isDeepStrictEqual2(identity(one), identity(old))));
  if (!dryRun) await inventory.record([...wanted, ...gone]);
  const changes = [];
  for (const wave of waves(labelled)) {
    changes.push(...await applyWave(api, discovery, wave, labelled, dryRun, options.signal));
  }
  changes.push(...await prune(api, discovery, gone, options));
  if (!dryRun) await inventory.record(wanted);
  for (const { object: object2, did } of changes) log.info(`${nameOf(object2)}: ${dryRun ? "would be " : ""}${did}`);
  return changes;
}
var identity = ({ apiVersion, kind, namespace, name }) => ({
  group: apiVersion.includes("/") ? apiVersion.split("/")[0] : "",
  kind,
  namespace: namespace ?? "",
  name
});
function withLabel(object2, set2) {
  const { metadata } = object2;
  return { ...object2, metadata: { ...metadata, labels: { ...metadata.labels, [setLabel]: set2 } } };
}
var order = [
  ["Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass", "RuntimeClass", "IngressClass"],
  ["ServiceAccount", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "ConfigMap", "Secret", "Service"],
  [],
  ["APIService", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]
];
var others = 2;
function waves(objects) {
  const stepOf = ({ kind }) => {
    const step = order.findIndex((kinds) => kinds.includes(kind));
    return step === -1 ? others : step;
  };
  return order.map((_, step) => objects.filter((object2) => stepOf(object2) === step)).filter((wave) => wave.length > 0);
}
async function applyWave(api, discovery, wave, all, dryRun, signal) {
  const limit = pLimit(8);
  const results = await Promise.allSettled(
    wave.map((object2) => limit(() => applyOne(api, discovery, object2, all, dryRun, signal)))
  );
  const failed = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `failed to apply ${failed.length} objects`);
  return results.flatMap((result) => result.status === "fulfilled" && result.value ? [result.value] : []);
}
async function applyOne(api, discovery, object2, all, dryRun, signal) {
  const reference = referenceOf(object2);
  const created = { object: reference, did: "created" };
  const defined = definedBy(object2, all);
  if (defined) {
    if (dryRun && !await discovery.find(object2.apiVersion, object2.kind)) return created;
    await untilServed(discovery, object2);
  }
  const path = await discovery.pathOf(reference);
  const before = await api.get(path, { signal }).catch((error) => {
    if (isNotFound(error)) return void 0;
    throw error;
  });
  if (dryRun && !before && all.some(({ kind, metadata }) => kind === "Namespace" && metadata.name === reference.namespace)) {
    return created;
  }
  const query = dryRun ? { dryRun: "All" } : {};
  const after = await api.apply(path, object2, { query, signal });
  if (!before) return created;
  return isDeepStrictEqual2(content(before), content(after)) ? void 0 : { object: reference, did: "changed" };
}
function content(object2) {
  const { status: _status, metadata, ...rest } = object2;
  const { managedFields: _1, resourceVersion: _2, generation: _3, uid: _4, creationTimestamp: _5, ...meta } = metadata;
  return { ...rest, meta };
}
function definedBy(object2, all) {
  const [group] = object2.apiVersion.split("/");
  return all.some(({ kind, spec }) => {
    const definition = spec;
    return kind === "CustomResourceDefinition" && definition?.group === group && definition?.names?.kind === object2.kind;
  });
}
async function untilServed(discovery, { apiVersion, kind }) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await discovery.find(apiVersion, kind)) return;
    await delay2(100);
  }
}
async function prune(api, discovery, gone, { set: set2, log, dryRun = false, signal }) {
  const removed = [];
  for (const object2 of gone.toReversed()) {
    try {
      const path = await discovery.pathOf(object2);
      const { metadata } = await api.get(path, { signal });
      if (metadata.labels?.[setLabel] !== set2) {
        log.warning(`${nameOf(object2)} is no longer in the set ${set2}, nor does it carry its label: left as it is`);
        continue;
      }
      if (!dryRun) await api.delete(path, { signal });
      removed.push({ object: object2, did: "removed" });
    } catch (error) {
      if (isNotFound(error) || error instanceof Problem && error.code === "KIND_UNKNOWN") continue;
      throw error;
    }
  }
  return removed;
}

// src/kubernetes/certificate-request.ts
async function readCertificateRequest(pem) {
  const { default: forge } = await import("./lib-ZSYWNWUW.js");
  const oidOf = (node) => forge.asn1.derToOid(encodedOid(node));
  try {
    if (pem.length > 16384) throw new Error("too long");
    const [message, ...more] = forge.pem.decode(pem);
    if (!message || more.length > 0 || message.type !== "CERTIFICATE REQUEST") throw new Error("not one request");
    const request2 = forge.asn1.fromDer(message.body, { decodeBitStrings: false });
    const [, name, , attributes] = children(children(request2, sequence)[0], sequence);
    return {
      subject: children(name, sequence).flatMap((part) => children(part, set).map((pair) => attributeOf(pair, oidOf))),
      attributes: attributes ? children(attributes, 0).map((one) => oidOf(children(one, sequence)[0])) : []
    };
  } catch (error) {
    throw new Problem("the certificate request can\u2019t be read", { code: "CSR_UNREADABLE", cause: error });
  }
}
var { sequence, set, oid, utf8, printable } = { sequence: 16, set: 17, oid: 6, utf8: 12, printable: 19 };
function attributeOf(pair, oidOf) {
  const [type, value] = children(pair, sequence);
  const text = value?.type === utf8 || value?.type === printable;
  if (!text || typeof value.value !== "string") throw new Error("a name\u2019s value is not text");
  return { oid: oidOf(type), value: Buffer.from(value.value, "latin1").toString("utf8") };
}
function children(node, type) {
  if (!Array.isArray(node?.value) || node.type !== type) throw new Error("a structure is missing");
  return node.value;
}
function encodedOid(node) {
  if (node?.type !== oid || typeof node.value !== "string") throw new Error("an OID is missing");
  return node.value;
}

// src/kubernetes/judge-request.ts
var kubeletClientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
var organization = "2.5.4.10";
var commonName = "2.5.4.3";
var prefix = "system:node:";
async function judgeRequest(request2, expected) {
  const { spec, status } = request2;
  if (spec.signerName !== kubeletClientSigner) return { verdict: "ignore" };
  if (status?.certificate || status?.conditions?.some(({ type }) => /^(Approved|Denied|Failed)$/.test(type))) {
    return { verdict: "ignore" };
  }
  if (!spec.username?.startsWith("system:bootstrap:")) return { verdict: "ignore" };
  const ours = spec.username === expected.bootstrapUser;
  const named2 = await nodeIn(spec.request);
  if (!ours && !("node" in named2 && expected.nodes.has(named2.node))) return { verdict: "ignore" };
  if ("reason" in named2) return refuse(named2.reason);
  const { node } = named2;
  if (!expected.nodes.has(node)) return refuse(`${node} is not a host that is to join now`);
  if (!usagesFit(spec.usages ?? [])) return refuse(`it asks for the usages ${(spec.usages ?? []).join(", ")}`);
  return { verdict: ours ? "approve" : "stale", node };
}
var refuse = (reason) => ({ verdict: "refuse", reason });
async function nodeIn(request2) {
  try {
    const { subject, attributes } = await readCertificateRequest(Buffer.from(request2, "base64").toString("latin1"));
    if (attributes.length > 0)
      return { reason: "it asks for more than a name (a node\u2019s client certificate has no SANs)" };
    const organizations = subject.filter(({ oid: oid2 }) => oid2 === organization).map(({ value }) => value);
    const names = subject.filter(({ oid: oid2 }) => oid2 === commonName).map(({ value }) => value);
    const [name] = names;
    if (organizations.join() !== "system:nodes" || names.length !== 1 || subject.length !== 2) {
      return { reason: "its subject is not O=system:nodes and one CN" };
    }
    if (!name?.startsWith(prefix)) return { reason: `its name is not ${prefix}\u2026` };
    return { node: name.slice(prefix.length) };
  } catch {
    return { reason: "it can\u2019t be read" };
  }
}
function usagesFit(usages) {
  const asked = new Set(usages);
  asked.delete("key encipherment");
  return asked.size === 2 && asked.has("digital signature") && asked.has("client auth");
}

// src/kubernetes/approve-nodes.ts
var collection = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
async function approveNodes(api, options) {
  const { log, signal } = options;
  const approved = /* @__PURE__ */ new Set();
  const seen = /* @__PURE__ */ new Set();
  const decide = async (request2) => {
    const judgement = await judgeRequest(request2, options);
    const { name } = request2.metadata;
    if (judgement.verdict === "approve" && !approved.has(judgement.node)) {
      await approve(api, request2, signal);
      approved.add(judgement.node);
      seen.add(name);
      log.info(`${judgement.node}: approved its certificate (${name})`);
    } else if (judgement.verdict === "stale") {
      await api.delete(`${collection}/${name}`, { signal });
      log.info(`${judgement.node}: removed the request ${name} of an earlier run, so that its kubelet asks again`);
    } else if (judgement.verdict !== "ignore" && !seen.has(name)) {
      seen.add(name);
      const reason = judgement.verdict === "refuse" ? judgement.reason : `${judgement.node} has its certificate already`;
      log.warning(`not approved: certificate request ${name} by ${request2.spec.username}: ${reason}`);
    }
  };
  await api.watch(collection, {
    signal,
    fieldSelector: "spec.signerName=kubernetes.io/kube-apiserver-client-kubelet",
    onEvent: async ({ type, object: object2 }) => {
      if (type !== "DELETED") await decide(object2).catch((error) => passOver(error, signal));
    }
  });
  return approved;
}
function passOver(error, signal) {
  if (signal.aborted || isNotFound(error)) return;
  if (error instanceof ApiProblem && error.status === 409) return;
  throw error;
}
async function approve(api, request2, signal) {
  const { name, resourceVersion } = request2.metadata;
  const condition = {
    type: "Approved",
    status: "True",
    reason: "K8sHaActionApproved",
    message: "The host is in cluster.yaml and joined with the token of this run."
  };
  const body = { metadata: { resourceVersion }, status: { conditions: [condition] } };
  await api.patch(`${collection}/${name}/approval`, body, { signal });
}
async function whileApproving(api, options, work) {
  const done = new AbortController();
  const approving = approveNodes(api, { ...options, signal: done.signal });
  const failed = approving.then(() => new Promise(() => void 0));
  try {
    return await Promise.race([work(), failed]);
  } finally {
    done.abort();
    await Promise.allSettled([approving]);
  }
}

// src/kubernetes/bootstrap-token.ts
var bootstrapUser = ({ id }) => `system:bootstrap:${id}`;
var pathOf = ({ id }) => `/api/v1/namespaces/kube-system/secrets/bootstrap-token-${id}`;
async function createBootstrapToken(api, token, expires) {
  await api.apply(pathOf(token), bootstrapTokenSecret(token, expires));
}
async function deleteBootstrapToken(api, token) {
  await api.delete(pathOf(token));
}

// src/kubernetes/client-certificate.ts
var collection2 = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
async function clientCertificate(api, asked) {
  try {
    const made = await api.create(collection2, objectOf(asked));
    await approve2(api, made);
    return await issued(api, asked);
  } finally {
    await api.delete(`${collection2}/${asked.name}`).catch((error) => {
      asked.log.warning(`the certificate request ${asked.name} stays for an hour: ${describeProblem(error)}`);
    });
  }
}
function objectOf({ name, request: request2, seconds }) {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name, labels: { "app.kubernetes.io/managed-by": "k8s-ha-action" } },
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client",
      request: Buffer.from(request2).toString("base64"),
      expirationSeconds: seconds,
      usages: ["digital signature", "key encipherment", "client auth"]
    }
  };
}
async function approve2(api, { metadata }) {
  const condition = {
    type: "Approved",
    status: "True",
    reason: "K8sHaActionApproved",
    message: "Asked for by the kubeconfig action."
  };
  const body = { metadata: { resourceVersion: metadata.resourceVersion }, status: { conditions: [condition] } };
  await api.patch(`${collection2}/${metadata.name}/approval`, body);
}
async function issued(api, { name, limitMs = 6e4 }) {
  const found = new AbortController();
  let certificate = "";
  await api.watch(collection2, {
    fieldSelector: `metadata.name=${name}`,
    signal: AbortSignal.any([found.signal, AbortSignal.timeout(limitMs)]),
    onEvent: ({ type, object: object2 }) => {
      if (type === "DELETED") throw notIssued("somebody removed the request");
      const refusal = object2.status?.conditions?.find((each) => each.type === "Denied" || each.type === "Failed");
      if (refusal) throw notIssued(`${refusal.type}: ${refusal.message ?? refusal.reason ?? "no reason given"}`);
      if (!object2.status?.certificate) return;
      certificate = Buffer.from(object2.status.certificate, "base64").toString();
      found.abort();
    }
  });
  if (certificate === "") throw notIssued(`nothing from the signer in ${limitMs / 1e3} s`);
  return certificate;
}
function notIssued(reason) {
  const hint = "journalctl -u kube-controller-manager on the masters: the one that leads signs";
  return new Problem(`the cluster issued no client certificate: ${reason}`, { code: "CERTIFICATE_NOT_ISSUED", hint });
}

// src/kubernetes/etcd-health.ts
import { setTimeout as delay3 } from "node:timers/promises";
var quorumOf = (members) => Math.floor(members / 2) + 1;
async function etcdHealth(session, cluster) {
  const answer = await session.run(etcdctlLine(cluster), { timeoutSeconds: 20 });
  const [health = "", status = ""] = answer.stdout.split("\n---\n");
  return combine(cluster, {
    health: jsonLines(health),
    status: jsonLines(status),
    stderr: answer.stderr,
    asked: session.host.name
  });
}
function etcdctlOn(cluster, endpoints = etcdEndpoints(cluster)) {
  const { ca, client } = paths.etcd;
  const identity2 = `--cacert=${ca} --cert=${client.crt} --key=${client.key}`;
  return `${cluster.binDir}/etcdctl --endpoints=${endpoints.join(",")} ${identity2} --dial-timeout=1s --command-timeout=2s`;
}
function etcdctlLine(cluster) {
  const etcdctl = `${etcdctlOn(cluster)} -w json`;
  return `${etcdctl} endpoint health; echo; echo ---; ${etcdctl} endpoint status`;
}
function jsonLines(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function combine(cluster, { health, status, stderr, asked }) {
  if (!health) {
    throw new Problem("etcdctl gave no answer", {
      code: "ETCD_UNKNOWN",
      host: asked,
      detail: stderr.trim().split("\n").slice(-3),
      hint: "See `systemctl status etcd` and its journal on that host."
    });
  }
  const endpoints = etcdEndpoints(cluster);
  const members = hostsWith(cluster, "etcd").map((host, index) => {
    const line = health.find(({ endpoint }) => endpoint === endpoints[index]);
    const state = status?.find(({ Endpoint }) => Endpoint === endpoints[index])?.Status;
    const id = state?.header?.member_id;
    const healthy = line?.health === true;
    return {
      host: host.name,
      healthy,
      error: healthy ? void 0 : reasonIn(stderr, host) ?? line?.error ?? "no answer",
      leader: id !== void 0 && id === state?.leader,
      applied: state?.raftAppliedIndex ?? 0
    };
  });
  return { members, healthy: members.filter(({ healthy }) => healthy).length, quorum: quorumOf(members.length) };
}
function reasonIn(stderr, { address }) {
  const line = stderr.split("\n").findLast((text) => text.startsWith("{") && text.includes(`${address}:2379`));
  return /(?:connect: |handshake failed: |desc = )([^"\\=]+)(?:\\*")*}?$/.exec(line ?? "")?.[1]?.trim();
}
function describeEtcd({ members, healthy, quorum }) {
  const ill = members.filter((member) => !member.healthy).map(({ host, error }) => `${host}: ${error}`);
  return [`${healthy} of ${members.length} members healthy, quorum is ${quorum}`, ...ill].join("; ");
}
async function waitForEtcd(session, cluster, options) {
  const { need, timeoutMs, signal } = options;
  const end = performance.now() + timeoutMs;
  for (let wait = 200; ; wait = Math.min(1e3, wait * 1.5)) {
    signal?.throwIfAborted();
    const health = await etcdHealth(session, cluster);
    if (health.healthy >= (need === "all" ? health.members.length : health.quorum)) return health;
    if (performance.now() + wait > end) {
      throw new Problem(`etcd: ${describeEtcd(health)}, after ${Math.round(timeoutMs / 1e3)} s`, {
        code: "ETCD_UNHEALTHY",
        hint: "Look at `journalctl -u etcd` on the members named above, and at port 2380 between them."
      });
    }
    await delay3(wait, void 0, { signal });
  }
}

// src/kubernetes/manifests.ts
var import_yaml2 = __toESM(require_dist(), 1);
function parseManifests(text, file) {
  const lineCounter = new import_yaml2.LineCounter();
  const documents = (0, import_yaml2.parseAllDocuments)(text, {
    version: "1.1",
    lineCounter,
    customTags: (tags) => tags.filter((tag) => !timeTags.has(typeof tag === "string" ? tag : tagName(tag)))
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const { line, col } = lineCounter.linePos(document.contents?.range?.[0] ?? 0);
    const [error] = document.errors;
    if (error) {
      const start = error.linePos?.[0];
      throw invalid2(error.message.split("\n")[0] ?? "not YAML", file, start?.line ?? line, start?.col ?? col);
    }
    return objectsIn(document.toJS(), (message) => invalid2(message, file, line, col));
  });
}
var timeTags = /* @__PURE__ */ new Set(["timestamp", "intTime", "floatTime"]);
var tagName = (tag) => tag.format === "TIME" ? "intTime" : tag.tag === "tag:yaml.org,2002:timestamp" ? "timestamp" : "";
function objectsIn(value, wrong) {
  if (value === null || value === void 0) return [];
  if (typeof value !== "object" || Array.isArray(value)) throw wrong("a manifest is a map with apiVersion and kind");
  const { apiVersion, kind, items, metadata } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") throw wrong("the manifest lacks apiVersion or kind");
  if (kind.endsWith("List") && Array.isArray(items)) return items.flatMap((item) => objectsIn(item, wrong));
  const name = metadata?.name;
  if (typeof name !== "string" || name === "") throw wrong(`the ${kind} lacks metadata.name`);
  return [value];
}
function invalid2(message, file, line, column) {
  return new Problem(message, { code: "MANIFEST_INVALID", file, line, column });
}

// src/kubernetes/nodes.ts
import { isDeepStrictEqual as isDeepStrictEqual3 } from "node:util";

// src/kubernetes/exchange.ts
import { request } from "node:https";
async function begin(exchange) {
  const { agent, attempt, headers, body, signal } = exchange;
  const { method, path } = attempt;
  return await new Promise((resolve, reject) => {
    const length = body === void 0 ? {} : { "content-length": Buffer.byteLength(body) };
    const outgoing = request({ agent, method, path, host: "kubernetes", headers: { ...headers, ...length }, signal });
    outgoing.once("response", resolve);
    const fail = (error) => reject(unanswered(attempt, signal.aborted ? signal.reason : error));
    outgoing.on("error", fail);
    signal.addEventListener("abort", fail, { once: true });
    outgoing.once("close", () => signal.removeEventListener("abort", fail));
    if (signal.aborted) fail(signal.reason);
    outgoing.end(body);
  });
}
async function textOf(answer, attempt, signal) {
  try {
    const chunks = [];
    for await (const chunk of answer) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  }
}

// src/kubernetes/tunnel.ts
import { Agent } from "node:https";
import { connect, createSecureContext } from "node:tls";
var serverName = "kubernetes";
function secureContextOf(credentials) {
  return createSecureContext({ ca: credentials.ca, cert: credentials.cert, key: credentials.key });
}
function secure(stream, secureContext) {
  const socket = connect({ socket: stream, secureContext, servername: serverName });
  stream.once("error", (error) => socket.destroy(error));
  stream.once("close", () => socket.destroy());
  socket.once("end", () => socket.destroy());
  return socket;
}
var TunnelAgent = class extends Agent {
  #tunnel;
  #endpoint;
  #secureContext;
  constructor(tunnel, endpoint, secureContext, options = {}) {
    super({ keepAlive: true, scheduling: "lifo", ...options });
    this.#tunnel = tunnel;
    this.#endpoint = endpoint;
    this.#secureContext = secureContext;
  }
  createConnection(_options, callback) {
    this.#tunnel.forward(this.#endpoint.address, this.#endpoint.port).then(
      (stream) => callback?.(null, secure(stream, this.#secureContext)),
      // Node's own type wants a stream beside the error, which there is none of.
      (error) => callback?.(error)
    );
    return void 0;
  }
};

// src/kubernetes/watch.ts
import { setTimeout as delay4 } from "node:timers/promises";
async function follow(agent, host, path, options) {
  const { signal, onLost } = options;
  let version = options.resourceVersion;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const line of linesOf(agent, host, path, version, options)) {
        if (line.type === "ERROR") throw refused({ host, method: "WATCH", path }, line.object.code ?? 500, say(line));
        failures = 0;
        version = line.object.metadata.resourceVersion ?? version;
        if (line.type !== "BOOKMARK") await options.onEvent(line);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      if (error.status === 410) version = void 0;
      else if (!error.temporary) throw error;
      onLost?.(error.message);
      failures += 1;
      const wait = Math.min(2e3, 50 * 2 ** failures);
      await delay4(wait, void 0, { signal }).catch(() => void 0);
    }
  }
}
var say = (line) => JSON.stringify({ ...line.object, kind: "Status" });
async function* linesOf(agent, host, path, version, options) {
  const { fieldSelector, labelSelector, idleMs = 9e4 } = options;
  const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true", timeoutSeconds: "290" });
  if (version !== void 0) query.set("resourceVersion", version);
  if (fieldSelector !== void 0) query.set("fieldSelector", fieldSelector);
  if (labelSelector !== void 0) query.set("labelSelector", labelSelector);
  const attempt = { host, method: "WATCH", path };
  const idle = new AbortController();
  const expire = () => idle.abort(new DOMException(`nothing heard for ${idleMs} ms`, "TimeoutError"));
  let timer = setTimeout(expire, Math.min(idleMs, 1e4));
  const signal = AbortSignal.any([options.signal, idle.signal]);
  try {
    const answer = await begin({ agent, attempt: { ...attempt, method: "GET", path: `${path}?${query}` }, signal });
    if (answer.statusCode !== 200) {
      throw refused(attempt, answer.statusCode ?? 0, await textOf(answer, attempt, signal));
    }
    let rest = "";
    answer.setEncoding("utf8");
    for await (const chunk of answer) {
      clearTimeout(timer);
      timer = setTimeout(expire, idleMs);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line);
    }
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

// src/kubernetes/api-client.ts
var fieldManager = "k8s-ha-action";
var ApiClient = class {
  /** The host through which the API is asked, for errors and logs. */
  host;
  #agent;
  /** Watches hold a connection each, so they must not use up those of the requests. */
  #watchAgent;
  #closing = new AbortController();
  constructor(tunnel, endpoint, credentials) {
    const known = typeof credentials === "string" ? parseKubeconfig(credentials) : credentials;
    const context = secureContextOf(known);
    this.host = tunnel.host.name;
    this.#agent = new TunnelAgent(tunnel, endpoint, context, { maxSockets: 8 });
    this.#watchAgent = new TunnelAgent(tunnel, endpoint, context, { keepAlive: false });
  }
  /** @throws ApiProblem */
  async get(path, options) {
    return await this.#json("GET", path, void 0, options);
  }
  /** All items of a collection. @throws ApiProblem */
  async list(path, options) {
    return await this.#json("GET", path, void 0, options);
  }
  /** POST to a collection. Not tried again once it may have been received. @throws ApiProblem */
  async create(path, body, options) {
    return await this.#json("POST", path, { body, type: "application/json" }, options);
  }
  /** A JSON merge patch. @throws ApiProblem */
  async patch(path, body, options) {
    return await this.#json("PATCH", path, { body, type: "application/merge-patch+json" }, options);
  }
  /** Server-side apply, taking over fields that others hold: the file is the truth. @throws ApiProblem */
  async apply(path, body, options) {
    const query = { fieldManager, force: true, ...options?.query };
    return await this.#json("PATCH", path, { body, type: "application/apply-patch+yaml" }, { ...options, query });
  }
  /** Deletes, dependents in the background; false when there was nothing to delete. @throws ApiProblem */
  async delete(path, options) {
    const query = { propagationPolicy: "Background", ...options?.query };
    try {
      await this.#json("DELETE", path, void 0, { ...options, query });
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    }
  }
  /** One attempt, whatever the answer: for /readyz, whose refusal is the information. @throws ApiProblem without one */
  async raw(path, options) {
    return await this.#once("GET", path, void 0, options);
  }
  /**
   * Calls `onEvent` for each change under a collection's path until `signal` aborts, through lost connections.
   * Without a resourceVersion it begins with everything that is there, as ADDED, and does so again when it had to start over:
   * take ADDED as "is now so".
   * @throws ApiProblem when the server refuses for good; whatever `onEvent` throws
   */
  async watch(path, options) {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    await follow(this.#watchAgent, this.host, path, { ...options, signal });
  }
  /** Ends what is under way. Returns at once, so that a host that is gone does not hold up the end. */
  close() {
    this.#closing.abort();
    this.#agent.destroy();
    this.#watchAgent.destroy();
  }
  async #json(method, path, content2, options = {}) {
    const attempt = async () => {
      const { status, text } = await this.#once(method, path, content2, options);
      if (status >= 400) throw refused({ host: this.host, method, path }, status, text);
      return JSON.parse(text);
    };
    const { retryMs = 3e4, signal } = options;
    if (retryMs === 0) return await attempt();
    return await pRetry(attempt, {
      retries: 20,
      minTimeout: 100,
      maxTimeout: 2e3,
      randomize: true,
      maxRetryTime: retryMs,
      shouldRetry: ({ error }) => error instanceof ApiProblem && mayRepeat(method, error),
      ...signal && { signal }
    });
  }
  async #once(method, path, content2, options = {}) {
    const signals = [this.#closing.signal, AbortSignal.timeout(options.timeoutMs ?? 1e4), options.signal];
    const signal = AbortSignal.any(signals.filter((one) => one !== void 0));
    const attempt = { host: this.host, method, path: withQuery(path, options.query) };
    const body = content2 && JSON.stringify(content2.body);
    const headers = { accept: "application/json", ...content2 && { "content-type": content2.type } };
    const answer = await begin({ agent: this.#agent, attempt, headers, signal, ...body !== void 0 && { body } });
    const text = await textOf(answer, attempt, signal);
    return { status: answer.statusCode ?? 0, text };
  }
};
function mayRepeat(method, error) {
  return method === "POST" ? error.status === 429 : error.temporary;
}
function withQuery(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== void 0);
  if (given.length === 0) return path;
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return `${path}${path.includes("?") ? "&" : "?"}${text}`;
}

// src/kubernetes/nodes.ts
var collection3 = "/api/v1/nodes";
async function waitForNodes(api, nodeNames, { timeoutMs, log, signal }) {
  const reasons = new Map(nodeNames.map((name) => [name, "it never registered with the API server"]));
  if (reasons.size === 0) return;
  const started = performance.now();
  const done = new AbortController();
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([done.signal, deadline, ...signal ? [signal] : []]);
  await api.watch(collection3, {
    signal: ended,
    onEvent: ({ type, object: object2 }) => {
      const { name } = object2.metadata;
      if (!nodeNames.includes(name)) return;
      const reason = type === "DELETED" ? "its Node object was deleted" : whyNotReady(object2);
      if (reason !== void 0) {
        reasons.set(name, reason);
      } else if (reasons.delete(name)) {
        const seconds = ((performance.now() - started) / 1e3).toFixed(1);
        log.info(`${name}: Ready${seconds === "0.0" ? "" : ` after ${seconds} s`}`);
      }
      if (reasons.size === 0) done.abort();
    }
  });
  signal?.throwIfAborted();
  if (reasons.size > 0) throw notReady(reasons, timeoutMs);
}
function notReady(reasons, timeoutMs) {
  const names = [...reasons.keys()];
  const [first] = names;
  return new Problem(`${names.join(", ")}: not Ready after ${Math.round(timeoutMs / 1e3)} s`, {
    code: "NODES_NOT_READY",
    detail: [...reasons].map(([name, reason]) => `${name}: ${reason}`),
    hint: `Look at \`journalctl -u kubelet\` on ${first}.`
  });
}
function whyNotReady(node) {
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return void 0;
  if (!ready) return "its kubelet has not reported yet";
  const troubles = conditions.filter(({ type, status }) => type !== "Ready" && status === "True");
  return [ready, ...troubles].map(({ reason, message }) => [reason, message].filter(Boolean).join(": ")).join("; ");
}
async function nodeReasons(api, nodeNames) {
  const { items } = await api.list(collection3);
  const found = new Map(items.map((node) => [node.metadata.name, whyNotReady(node)]));
  return new Map(
    nodeNames.map((name) => [name, found.has(name) ? found.get(name) : "it is not registered with the API server"])
  );
}
async function nodeStatus(api, nodeName) {
  const named2 = (path) => `${path}?fieldSelector=metadata.name%3D${encodeURIComponent(nodeName)}`;
  const [nodes, leases] = await Promise.all([
    api.list(named2(collection3)),
    api.list(named2("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"))
  ]);
  const [node] = nodes.items;
  if (!node) return void 0;
  const reason = whyNotReady(node);
  const renewTime = leases.items[0]?.spec?.renewTime;
  return {
    name: nodeName,
    ready: reason === void 0,
    reason,
    kubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? "",
    renewed: renewTime === void 0 ? void 0 : new Date(renewTime)
  };
}
function labelsOf(host) {
  const roles = { "node-role.kubernetes.io/node": "" };
  if (host.roles.includes("master")) roles["node-role.kubernetes.io/control-plane"] = "";
  return { ...roles, ...host.labels };
}
async function labelNodes(api, hosts, dryRun = false) {
  const { items } = await api.list(collection3);
  const limit = pLimit(8);
  const changed = await Promise.all(
    hosts.map(
      (host) => limit(async () => {
        const node = items.find(({ metadata }) => metadata.name === host.nodeName);
        if (!node || isLabelled(node, labelsOf(host))) return void 0;
        const { name, uid } = node.metadata;
        const body = { apiVersion: "v1", kind: "Node", metadata: { name, uid, labels: labelsOf(host) } };
        if (!dryRun) await api.apply(`${collection3}/${name}`, body);
        return host.nodeName;
      })
    )
  );
  return changed.filter((name) => name !== void 0);
}
function isLabelled({ metadata }, wanted) {
  const ours = metadata.managedFields?.find(isOurs)?.fieldsV1?.["f:metadata"];
  const owned = Object.keys(ours?.["f:labels"] ?? {}).map((field) => field.replace(/^f:/, ""));
  const same = Object.entries(wanted).every(([key, value]) => metadata.labels?.[key] === value);
  return same && isDeepStrictEqual3(owned.toSorted(), Object.keys(wanted).toSorted());
}
var isOurs = ({ manager, operation, subresource }) => manager === fieldManager && operation === "Apply" && !subresource;

// src/kubernetes/leases.ts
var elected = ["kube-controller-manager", "kube-scheduler"];
var collection4 = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
function hostByHostname(hosts, hostname, hostnames = /* @__PURE__ */ new Map()) {
  const wanted = hostname.toLowerCase();
  const named2 = (host) => [hostnames.get(host.name), host.hostname, host.nodeName, host.name].some((name) => name?.toLowerCase() === wanted);
  return hosts.find(named2)?.name;
}
function leaseView({ metadata, spec }, hosts, hostnames) {
  const lease = elected.find((name) => name === metadata.name);
  if (!lease) return void 0;
  const holder = spec?.holderIdentity ?? "";
  const hostname = holder.slice(0, Math.max(0, holder.lastIndexOf("_")));
  return {
    lease,
    holder,
    host: hostname === "" ? void 0 : hostByHostname(hosts, hostname, hostnames),
    transitions: spec?.leaseTransitions ?? 0,
    acquired: dateOf(spec?.acquireTime),
    renewed: dateOf(spec?.renewTime),
    durationSeconds: spec?.leaseDurationSeconds ?? 0
  };
}
var dateOf = (text) => text === void 0 ? void 0 : new Date(text);
async function readLeases(api, hosts, hostnames) {
  const { items } = await api.list(collection4);
  const views = items.map((item) => leaseView(item, hosts, hostnames)).filter((view) => view !== void 0);
  return new Map(views.map((view) => [view.lease, view]));
}
async function watchLeases(api, hosts, options) {
  const { onLease, onLost, signal, hostnames } = options;
  await api.watch(collection4, {
    signal,
    // Leases are renewed every 2 s, so a silence of this length is a lost connection.
    idleMs: 15e3,
    ...onLost && { onLost },
    onEvent: ({ type, object: object2 }) => {
      const view = type === "DELETED" ? void 0 : leaseView(object2, hosts, hostnames);
      if (view) onLease(view);
    }
  });
}

// src/kubernetes/index.ts
function openKubernetes(session, adminConf2, endpoint) {
  return new ApiClient(session, endpoint, adminConf2);
}

// src/phases/cluster-access.ts
async function adminConf(run, master) {
  const prepared = run.secrets.get(master.name)?.files.find((file) => file.path === paths.adminConf);
  if (prepared) return prepared.content;
  const { status, stdout } = await sessionOf(run, master).run(`cat ${paths.adminConf}`);
  if (status === 0) return stdout;
  const hint = "run the master action first";
  throw new Problem(`there is no ${paths.adminConf} here`, { code: "NOT_A_MASTER", host: master.name, hint });
}
async function apiOf(run, master) {
  const endpoint = { address: master.address, port: run.cluster.api.port };
  return openKubernetes(sessionOf(run, master), await adminConf(run, master), endpoint);
}
async function withApi(run, work) {
  const masters = hostsWith(run.cluster, "master").filter((host) => run.sessions.has(host.name));
  const refusals = [];
  for (const master of masters) {
    const api = await apiOf(run, master).catch(refusalOf);
    if (api instanceof Problem) {
      refusals.push(`${master.name}: ${api.message}`);
      continue;
    }
    try {
      const reason = await whyNotServing(api);
      if (reason === void 0) return await work(api);
      refusals.push(`${master.name}: ${reason}`);
    } finally {
      api.close();
    }
  }
  const hint = "journalctl -u kube-apiserver on a master says why";
  throw new Problem("no master answers", { code: "API_UNREACHABLE", detail: refusals, hint });
}
function refusalOf(error) {
  if (error instanceof Problem) return error;
  throw error;
}

export {
  ApiProblem,
  isNotFound,
  begin,
  textOf,
  parseKubeconfig,
  secureContextOf,
  secure,
  TunnelAgent,
  follow,
  fieldManager,
  whyNotServing,
  waitForApiServer,
  nameOf,
  applyManifests,
  whileApproving,
  bootstrapUser,
  createBootstrapToken,
  deleteBootstrapToken,
  clientCertificate,
  quorumOf,
  etcdHealth,
  etcdctlOn,
  waitForEtcd,
  elected,
  readLeases,
  watchLeases,
  parseManifests,
  waitForNodes,
  nodeReasons,
  nodeStatus,
  labelNodes,
  openKubernetes,
  adminConf,
  apiOf,
  withApi
};
