import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  LineReader,
  apiReasonCodes,
  fingerprint,
  notAfter,
  notBefore,
  pRetry,
  readCertificate,
  secretFile,
  secretValues,
  sessionOf,
  signedBy
} from "./pki.js";
import {
  bootstrapTokenSecret,
  joinsLabel,
  parseYaml
} from "./pki-bootstrap-token.js";
import {
  pLimit
} from "./p-limit.js";
import {
  parseJson
} from "./entry-json.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  paths,
  require_dist,
  withoutSuffix
} from "./layout-addresses.js";
import {
  bytesOf
} from "./entry-bytes.js";
import {
  Problem,
  _enum,
  abortedBefore,
  array,
  boolean,
  describeProblem,
  discriminatedUnion,
  int,
  literal,
  looseObject,
  number,
  object,
  record,
  strictObject,
  string
} from "./errors.js";
import {
  __toESM
} from "./runtime.js";

// src/kubernetes/shapes.ts
var text = string().max(1024 * 1024);
var name = string().min(1).max(1024);
var words = record(string(), text).nullish();
var time = string().max(64).nullish();
var managedFields = looseObject({
  manager: text.optional(),
  operation: text.optional(),
  time,
  subresource: text.optional(),
  fieldsV1: looseObject({}).nullish()
});
var metadata = looseObject({
  name,
  namespace: text.optional(),
  uid: text.optional(),
  resourceVersion: text.optional(),
  generation: number().optional(),
  creationTimestamp: time,
  labels: words,
  annotations: words,
  managedFields: array(managedFields).nullish(),
  ownerReferences: array(looseObject({ kind: text, name, controller: boolean().nullish() })).nullish(),
  deletionTimestamp: time
});
var condition = looseObject({
  type: text,
  status: text,
  reason: text.optional(),
  message: text.optional()
});
var conditions = array(condition).nullish();
var object2 = looseObject({ metadata });
var node = object2.extend({
  spec: looseObject({ unschedulable: boolean().nullish(), podCIDR: text.nullish() }).optional(),
  status: looseObject({
    conditions,
    nodeInfo: looseObject({
      kubeletVersion: text.optional(),
      containerRuntimeVersion: text.optional(),
      machineID: text.optional()
    }).optional(),
    addresses: array(looseObject({ type: text, address: text })).nullish()
  }).optional()
});
var lease = object2.extend({
  spec: looseObject({
    holderIdentity: string().max(1024).nullish(),
    leaseDurationSeconds: number().nullish(),
    acquireTime: time,
    renewTime: time,
    leaseTransitions: number().nullish()
  }).optional()
});
var certificateSigningRequest = object2.extend({
  spec: looseObject({
    signerName: text.optional(),
    request: text.optional(),
    username: text.optional(),
    groups: array(text).nullish(),
    usages: array(text).nullish(),
    expirationSeconds: number().nullish()
  }).optional(),
  status: looseObject({ conditions, certificate: text.nullish() }).optional()
});
var configMap = object2.extend({ data: words });
var port = int().min(1).max(65535);
var namedPort = looseObject({ name: text.nullish() });
var endpointSlice = object2.extend({
  // Limits of the API for one EndpointSlice.
  endpoints: array(
    looseObject({
      addresses: array(text).max(100).nullish(),
      conditions: looseObject({ ready: boolean().nullish() }).nullish()
    })
  ).max(1e3).nullish(),
  ports: array(namedPort.extend({ port: port.nullish() })).max(100).nullish()
});
var service = object2.extend({
  spec: looseObject({ ports: array(namedPort.extend({ port })).nullish() }).optional()
});
var apiService = object2.extend({
  spec: looseObject({
    service: looseObject({ namespace: text.optional(), name: text.optional(), port: port.nullish() }).nullish()
  }).optional(),
  status: looseObject({ conditions }).optional()
});
var tokenRequested = looseObject({ expirationSeconds: number().nullish() });
var configMapSource = looseObject({ name: text.nullish() }).nullish();
var projected = looseObject({ serviceAccountToken: tokenRequested.nullish(), configMap: configMapSource });
var volume = looseObject({
  projected: looseObject({ sources: array(projected).nullish() }).nullish(),
  configMap: configMapSource,
  secret: looseObject({ secretName: text.nullish() }).nullish()
});
var pod = object2.extend({
  spec: looseObject({ nodeName: text.nullish(), volumes: array(volume).nullish() }).optional(),
  status: looseObject({ conditions, phase: text.nullish() }).optional()
});
var container = looseObject({ image: text.nullish() });
var podTemplate = looseObject({
  spec: looseObject({ containers: array(container).max(1e3).nullish() }).optional()
});
var deployment = object2.extend({ spec: looseObject({ template: podTemplate.optional() }).optional() });
var csiDriver = object2.extend({
  spec: looseObject({ tokenRequests: array(tokenRequested).max(1e3).nullish() }).optional()
});
var migration = object2.extend({ status: looseObject({ conditions }).optional() });
var disruptionBudget = object2.extend({
  status: looseObject({ disruptionsAllowed: number().nullish(), expectedPods: number().nullish() }).optional()
});
var volumeAttachment = object2.extend({ spec: looseObject({ nodeName: text.nullish() }).optional() });
var ofCollection = {
  nodes: node,
  leases: lease,
  certificatesigningrequests: certificateSigningRequest,
  configmaps: configMap,
  endpointslices: endpointSlice,
  services: service,
  apiservices: apiService,
  pods: pod,
  deployments: deployment,
  poddisruptionbudgets: disruptionBudget,
  volumeattachments: volumeAttachment,
  storageversionmigrations: migration,
  csidrivers: csiDriver
};
var pages = /* @__PURE__ */ new Map();
var lines = /* @__PURE__ */ new Map();
var resourceList = looseObject({
  resources: array(looseObject({ name, kind: name, namespaced: boolean() }))
});
var groupVersion = /^\/(?:api\/[^/?]+|apis\/[^/?]+\/[^/?]+)(?<rest>\/[^?]*)?(?:\?|$)/;
function collectionOf(path) {
  const parts = groupVersion.exec(path)?.groups?.rest?.split("/").slice(1) ?? [];
  return parts[0] === "namespaces" && parts.length > 2 ? parts[2] : parts[0];
}
function shapeOfObject(path) {
  if (path.endsWith("/eviction")) return statusShape;
  const collection8 = collectionOf(path);
  if (collection8 === void 0) return resourceList;
  return Object.hasOwn(ofCollection, collection8) && ofCollection[collection8] || object2;
}
function shapeOfPage(path) {
  return remembered(
    pages,
    path,
    (item) => looseObject({
      metadata: looseObject({ resourceVersion: text.optional(), continue: text.optional() }),
      items: array(item).nullish()
    })
  );
}
var statusShape = looseObject({
  kind: literal("Status"),
  message: text.optional(),
  reason: string().regex(/^[A-Za-z]{0,64}$/).optional(),
  code: number().optional()
});
function shapeOfLine(path) {
  return remembered(
    lines,
    path,
    (item) => discriminatedUnion("type", [
      looseObject({ type: _enum(["ADDED", "MODIFIED", "DELETED"]), object: item }),
      looseObject({
        type: literal("BOOKMARK"),
        object: looseObject({ metadata: looseObject({ resourceVersion: text }) })
      }),
      looseObject({ type: literal("ERROR"), object: statusShape })
    ])
  );
}
function remembered(made, path, make) {
  const item = shapeOfObject(path);
  const known = made.get(item) ?? make(item);
  made.set(item, known);
  return known;
}

// src/kubernetes/api-problem.ts
var final = /* @__PURE__ */ new Set(["API_UNTRUSTED", "API_STOPPED", "API_NONSENSE"]);
var mostWords = 1e3;
var ApiProblem = class extends Problem {
  /** HTTP status; absent if there was no answer. */
  status;
  constructor(message, fields2, status) {
    super(message, fields2);
    this.status = status;
  }
  /** Whether the same request may succeed a moment later. Bad input, 401, 403 and a wrong certificate never do. */
  get temporary() {
    if (this.status === void 0) return !final.has(this.code);
    return this.status === 408 || this.status === 429 || this.status >= 500 && this.status !== 501;
  }
};
function isNotFound(error) {
  return error instanceof ApiProblem && error.status === 404;
}
function isConflict(error) {
  return error instanceof ApiProblem && error.status === 409;
}
async function ifFound(answer) {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return void 0;
    throw error;
  }
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
  API_UNAUTHORIZED: "The certificate in admin.conf is not accepted: it has expired, or it belongs to another cluster.",
  API_UNTRUSTED: "The API server\u2019s certificate was not issued by the CA in admin.conf, or lacks the name kubernetes.",
  API_UNREACHABLE: "See `systemctl status kube-apiserver` and its journal on that host.",
  API_TIMEOUT: "The API server or etcd\u2019s disk is overloaded: see `journalctl -u kube-apiserver` on that host, then run again.",
  API_STOPPED: "See the error before this one.",
  API_NONSENSE: "Check which program listens on this port of the host. If it is the API server, do not trust this master."
};
function hintFor(code) {
  return hints[code] ?? `Find ${code} in docs/troubleshooting.md.`;
}
function codeOf(reason) {
  const code = `API_${(reason ?? "").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()}`;
  return code === "API_TIMEOUT" ? code : apiReasonCodes.find((known) => known === code);
}
function refused(attempt, status, body) {
  const said = parseStatus(body);
  const code = codeOf(said?.reason) ?? codeOf(byStatus[status]) ?? "API_ERROR";
  const words2 = said?.message?.slice(0, mostWords) ?? (body.trim().slice(0, 300) || `status ${status}`);
  const { method, path, host } = attempt;
  return new ApiProblem(`failed to ${method} ${path}: ${words2}`, { code, host, hint: hintFor(code) }, status);
}
function apiNonsense({ method, path, host }, what) {
  const message = `failed to ${method} ${path}: the answer makes no sense: ${what}`;
  return new ApiProblem(message, { code: "API_NONSENSE", host, hint: hints.API_NONSENSE });
}
function parseStatus(body) {
  try {
    return statusShape.parse(parseJson(body, Error));
  } catch {
    return void 0;
  }
}
var untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_OSSL|ERR_SSL)/;
function unanswered(attempt, error) {
  if (error instanceof Problem) return error;
  const { method, path, host } = attempt;
  const cause = error;
  if (/^HPE_/.test(cause.code ?? "")) return apiNonsense(attempt, `it is no HTTP (${cause.code})`);
  const code = cause.name === "TimeoutError" ? "API_TIMEOUT" : cause.name === "AbortError" ? "API_STOPPED" : untrusted.test(cause.code ?? "") ? "API_UNTRUSTED" : "API_UNREACHABLE";
  const message = `failed to ${method} ${path}: ${cause.message}`;
  return new ApiProblem(message, { code, host, hint: hintFor(code), cause });
}

// src/kubernetes/node-objects.ts
var nodes = "/api/v1/nodes";
var leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
var requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
var attachments = "/apis/storage.k8s.io/v1/volumeattachments";
async function nodeNamed(api, name2) {
  return await ifFound(api.get(`${nodes}/${encodeURIComponent(name2)}`));
}
async function deleteNode(api, name2) {
  const [csrs, volumes] = await Promise.all([
    api.list(requests),
    api.list(attachments)
  ]);
  const own = [
    ["Node", `${nodes}/${encodeURIComponent(name2)}`, name2],
    ["Lease", `${leases}/${encodeURIComponent(name2)}`, name2],
    ...csrs.items.filter(({ spec }) => spec.username === `system:node:${name2}`).map(({ metadata: metadata2 }) => ["CertificateSigningRequest", `${requests}/${metadata2.name}`, metadata2.name]),
    ...volumes.items.filter(({ spec }) => spec?.nodeName === name2).map(({ metadata: metadata2 }) => ["VolumeAttachment", `${attachments}/${metadata2.name}`, metadata2.name])
  ];
  const deleted = [];
  for (const [kind, path, id] of own) if (await api.delete(path)) deleted.push(`${kind} ${id}`);
  return deleted;
}
async function createNode(api, { name: name2, labels, taints, podSubnet }) {
  const spec = { podCIDR: podSubnet, podCIDRs: [podSubnet], ...taints.length > 0 && { taints } };
  if (await nodeNamed(api, name2)) return false;
  await api.create(nodes, { apiVersion: "v1", kind: "Node", metadata: { name: name2, labels }, spec });
  return true;
}

// src/kubernetes/answer.ts
function readAnswer(attempt, text2, shape) {
  const value = parseJson(text2, (what) => apiNonsense(attempt, what));
  const { error } = shape?.safeParse(value) ?? {};
  if (error) throw apiNonsense(attempt, `it is not an object of that kind: ${placeOf(error)}`);
  return value;
}
function placeOf({ issues: [issue] }) {
  const place = issue?.path.slice(0, 6).map(String).join(".") ?? "";
  return /^[\w.-]{1,200}$/.test(place) ? place : "its root";
}

// src/kubernetes/exchange.ts
import { request } from "node:https";
var mostBytes = 32 * 1024 * 1024;
async function begin(exchange) {
  const { agent, attempt, headers, body, signal } = exchange;
  const { method, path } = attempt;
  return await new Promise((resolve, reject) => {
    const length = body === void 0 ? {} : { "content-length": Buffer.byteLength(body) };
    const outgoing = request({ agent, method, path, host: "kubernetes", headers: { ...headers, ...length }, signal });
    outgoing.once("response", resolve);
    const fail = (error) => {
      const isStale = outgoing.reusedSocket && method === "GET" && wasReset(error) && !signal.aborted;
      if (isStale) resolve(begin(exchange));
      else reject(unanswered(attempt, signal.aborted ? signal.reason : error));
    };
    outgoing.on("error", fail);
    signal.addEventListener("abort", fail, { once: true });
    outgoing.once("close", () => signal.removeEventListener("abort", fail));
    if (signal.aborted) fail(signal.reason);
    outgoing.end(body);
  });
}
var wasReset = (error) => error.code === "ECONNRESET";
async function textOf(answer, attempt, signal, limit = mostBytes) {
  try {
    return (await bytesOf(answer, limit, (what) => apiNonsense(attempt, what))).text();
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  }
}

// src/kubernetes/tunnel.ts
import { Agent } from "node:https";
import { connect, createSecureContext } from "node:tls";

// src/kubernetes/kubeconfig.ts
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
var fromBase64 = (text2) => Buffer.from(text2, "base64").toString("utf8");
function parseKubeconfig(text2) {
  const parsed = kubeconfig.safeParse(parseYaml(text2, (what) => invalidKubeconfig(`the kubeconfig is ${what}`)));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw invalidKubeconfig(`the kubeconfig lacks ${places}`);
  }
  const { contexts, clusters, users, "current-context": current } = parsed.data;
  const context = contexts.find(({ name: name2 }) => name2 === current) ?? contexts[0];
  const cluster = clusters.find(({ name: name2 }) => name2 === context?.context.cluster)?.cluster;
  const user = users.find(({ name: name2 }) => name2 === context?.context.user)?.user;
  if (!cluster || !user)
    throw invalidKubeconfig("the kubeconfig\u2019s context names a cluster or a user that it does not have");
  return {
    server: cluster.server,
    ca: fromBase64(cluster["certificate-authority-data"]),
    cert: fromBase64(user["client-certificate-data"]),
    key: fromBase64(user["client-key-data"])
  };
}
function invalidKubeconfig(message) {
  return new Problem(message, {
    code: "KUBECONFIG_INVALID",
    hint: "Run the pki and master actions again: they write it again."
  });
}

// src/kubernetes/tunnel.ts
var serverName = "kubernetes";
function secureContextOf({ ca, cert, key }) {
  try {
    return createSecureContext({ ca, cert, key });
  } catch {
    throw invalidKubeconfig("the kubeconfig has a certificate or a key that cannot be read");
  }
}
function secure(stream, secureContext) {
  const socket = connect({ socket: stream, secureContext, servername: serverName });
  socket.on("error", () => void 0);
  stream.once("error", (error) => socket.destroy(error));
  stream.once("close", () => socket.destroy());
  socket.once("end", () => socket.destroy());
  return socket;
}
var KeptConnections = class {
  context;
  agent;
  /** @throws Problem KUBECONFIG_INVALID */
  constructor(tunnel, endpoint, credentials) {
    this.context = secureContextOf(typeof credentials === "string" ? parseKubeconfig(credentials) : credentials);
    this.agent = new TunnelAgent(tunnel, endpoint, this.context, { maxSockets: 8 });
  }
};
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
import { setTimeout as delay } from "node:timers/promises";
var lineBytes = 8 * 1024 * 1024;
var most = { lines: 2e4, linesASecond: 100, bytes: 256 * 1024 * 1024, bytesASecond: 1024 * 1024 };
var usefulMs = 1e3;
var mostNonsense = 3;
async function follow(agent, host, path, options) {
  const { signal, onLost } = options;
  let version = options.resourceVersion;
  let [failures, nonsense] = [0, 0];
  const reader = new WatchReader({ host, method: "WATCH", path });
  while (!signal.aborted) {
    const began = performance.now();
    let lost;
    try {
      for await (const line of linesOf(agent, reader, version, options)) {
        if (line.type === "ERROR") throw refused(reader.attempt, line.object.code ?? 500, say(line));
        version = line.object.metadata.resourceVersion ?? version;
        if (line.type !== "BOOKMARK") await options.onEvent(line);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      lost = error;
      if (error.code === "API_NONSENSE") nonsense += 1;
      if (isFinal(error, nonsense)) throw error;
      if (error.status === 410) version = void 0;
      onLost?.(error.message);
    }
    const useful = performance.now() - began >= usefulMs;
    failures = useful ? 0 : failures + 1;
    if (useful && !lost) continue;
    await delay(Math.min(2e3, 50 * 2 ** Math.max(1, failures)), void 0, { signal }).catch(() => void 0);
  }
}
function isFinal(error, nonsense) {
  if (error.code === "API_NONSENSE") return nonsense >= mostNonsense;
  return error.status !== 410 && !error.temporary;
}
var say = (line) => JSON.stringify({ ...line.object, kind: "Status" });
async function* linesOf(agent, reader, version, options) {
  const { fieldSelector, labelSelector, idleMs = 9e4 } = options;
  const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true", timeoutSeconds: "290" });
  if (version !== void 0) query.set("resourceVersion", version);
  if (fieldSelector !== void 0) query.set("fieldSelector", fieldSelector);
  if (labelSelector !== void 0) query.set("labelSelector", labelSelector);
  const { attempt } = reader;
  const idle = new AbortController();
  const expire = () => idle.abort(new DOMException(`nothing heard for ${idleMs} ms`, "TimeoutError"));
  let timer = setTimeout(expire, Math.min(idleMs, 1e4));
  const signal = AbortSignal.any([options.signal, idle.signal]);
  try {
    const answer = await begin({
      agent,
      attempt: { ...attempt, method: "GET", path: `${attempt.path}?${query}` },
      signal
    });
    if (answer.statusCode !== 200) {
      throw refused(attempt, answer.statusCode ?? 0, await textOf(answer, attempt, signal));
    }
    reader.begin();
    clearTimeout(timer);
    timer = setTimeout(expire, idleMs);
    for await (const chunk of answer) {
      for (const line of reader.take(chunk)) {
        timer.refresh();
        yield line;
      }
    }
  } catch (error) {
    throw unanswered(attempt, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}
var WatchReader = class {
  attempt;
  #shape;
  #began = performance.now();
  #refuse;
  #reader;
  #lines = 0;
  #bytes = 0;
  constructor(attempt) {
    this.attempt = attempt;
    this.#shape = shapeOfLine(attempt.path);
    this.#refuse = (what) => apiNonsense(attempt, what);
    this.#reader = new LineReader(lineBytes, this.#refuse);
  }
  /** Another connection. */
  begin() {
    this.#reader = new LineReader(lineBytes, this.#refuse);
  }
  /** The events that end in this piece. @throws ApiProblem API_NONSENSE */
  take(piece) {
    const lines2 = this.#reader.take(piece).filter((line) => line !== "");
    this.#bytes += piece.length;
    this.#lines += lines2.length;
    const seconds = (performance.now() - this.#began) / 1e3;
    const tooMany = this.#lines > most.lines + seconds * most.linesASecond;
    if (tooMany || this.#bytes > most.bytes + seconds * most.bytesASecond)
      throw this.#refuse("more events than any cluster has");
    return lines2.map((line) => readAnswer(this.attempt, line, this.#shape));
  }
};

// src/kubernetes/api-client.ts
var fieldManager = "k8s-ha-action";
var pageSize = 500;
var mostPages = 100;
var mostTextBytes = 1024 * 1024;
var nonsenseAttempts = 3;
var ApiClient = class {
  /** The host through which the API is used, for errors and logs. */
  host;
  #agent;
  #ownsAgent;
  /** Each watch occupies a connection, so watches have their own agent. */
  #watchAgent;
  #closing = new AbortController();
  /** @throws Problem KUBECONFIG_INVALID */
  constructor(tunnel, endpoint, credentials) {
    const isKept = credentials instanceof KeptConnections;
    const { agent, context } = isKept ? credentials : new KeptConnections(tunnel, endpoint, credentials);
    this.host = tunnel.host.name;
    this.#agent = agent;
    this.#ownsAgent = !isKept;
    this.#watchAgent = new TunnelAgent(tunnel, endpoint, context, { keepAlive: false });
  }
  /** Reads one object, or the resources of a group's path. Checks it against the schema of its kind in shapes.ts. @throws ApiProblem */
  async get(path, options) {
    return await this.#json("GET", path, void 0, options);
  }
  /** All items of a collection, read page by page. @throws ApiProblem */
  async list(path, options) {
    const items = [];
    let from;
    for (let pages2 = 0; pages2 < mostPages; pages2 += 1) {
      const query = { ...options?.query, limit: pageSize, continue: from };
      const page = await this.#page(path, { ...options, query, isPage: true });
      items.push(...page.items ?? []);
      from = page.metadata.continue;
      if (!from) return { metadata: page.metadata, items };
    }
    throw apiNonsense(this.#attempt("GET", path), `a list of more than ${mostPages} pages`);
  }
  /** POST to a collection. Not retried if the server may have received it. @throws ApiProblem */
  async create(path, body, options) {
    return await this.#json("POST", path, { body, type: "application/json" }, options);
  }
  /** A JSON merge patch. @throws ApiProblem */
  async patch(path, body, options) {
    return await this.#json("PATCH", path, { body, type: "application/merge-patch+json" }, options);
  }
  /** Server-side apply; takes over fields of other managers, because the file is the source of truth. @throws ApiProblem */
  async apply(path, body, options) {
    const query = { fieldManager, force: true, ...options?.query };
    return await this.#json("PATCH", path, { body, type: "application/apply-patch+yaml" }, { ...options, query });
  }
  /** Deletes an object, its dependents in the background; false if it does not exist. @throws ApiProblem */
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
  /** One attempt, which returns any status: for /readyz, whose failure is information. @throws ApiProblem if there is no answer */
  async raw(path, options) {
    return await this.#once("GET", path, void 0, options, options?.mostBytes ?? mostTextBytes);
  }
  /**
   * Calls `onEvent` for each change under a collection's path until `signal` aborts; reconnects when a connection is lost.
   * Without a resourceVersion it begins with all existing objects as ADDED, and again after each restart from the beginning:
   * so ADDED means "this is its state now".
   * @throws ApiProblem if the server refuses permanently; errors of `onEvent`
   */
  async watch(path, options) {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    await follow(this.#watchAgent, this.host, path, { ...options, signal });
  }
  /** Aborts pending requests. Returns at once, so a dead host does not delay the end. */
  close() {
    this.#closing.abort();
    if (this.#ownsAgent) this.#agent.destroy();
    this.#watchAgent.destroy();
  }
  async #page(path, options) {
    return await this.#repeated("GET", options, async () => {
      const text2 = await this.#accepted("GET", path, void 0, options);
      return readAnswer(this.#attempt("GET", path), text2, shapeOfPage(path));
    });
  }
  async #json(method, path, content2, options = {}) {
    return await this.#repeated(method, options, async () => {
      const text2 = await this.#accepted(method, path, content2, options);
      const shape = method === "DELETE" ? void 0 : shapeOfObject(path);
      return readAnswer(this.#attempt(method, path), text2, shape);
    });
  }
  async #repeated(method, { retryMs = 3e4, signal }, attempt) {
    if (retryMs === 0) return await attempt();
    return await pRetry(attempt, {
      retries: 20,
      minTimeout: 100,
      maxTimeout: 2e3,
      randomize: true,
      maxRetryTime: retryMs,
      shouldRetry: ({ error, attemptNumber }) => error instanceof ApiProblem && mayRepeat(method, error, attemptNumber),
      ...signal && { signal }
    });
  }
  /** The text of a successful answer. @throws ApiProblem */
  async #accepted(method, path, content2, options) {
    const { status, text: text2 } = await this.#once(method, path, content2, options);
    if (status >= 400) throw refused(this.#attempt(method, path), status, text2);
    if (status >= 200 && status < 300) return text2;
    throw apiNonsense(this.#attempt(method, path), `the status ${status}`);
  }
  #attempt(method, path) {
    return { host: this.host, method, path };
  }
  async #once(method, path, content2, options = {}, limit) {
    const signals = [this.#closing.signal, AbortSignal.timeout(options.timeoutMs ?? 1e4), options.signal];
    const signal = AbortSignal.any(signals.filter((one) => one !== void 0));
    const attempt = this.#attempt(method, withQuery(path, options.query));
    const body = content2 && JSON.stringify(content2.body);
    const headers = { accept: acceptOf(options), ...content2 && { "content-type": content2.type } };
    const answer = await begin({ agent: this.#agent, attempt, headers, signal, ...body !== void 0 && { body } });
    const text2 = await textOf(answer, attempt, signal, limit);
    return { status: answer.statusCode ?? 0, text: text2 };
  }
};
function acceptOf({ metadataOnly = false, isPage = false }) {
  const kind = `PartialObjectMetadata${isPage ? "List" : ""}`;
  return metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1` : "application/json";
}
function mayRepeat(method, error, attempts) {
  if (method === "POST") return error.status === 429;
  return error.temporary || error.code === "API_NONSENSE" && attempts < nonsenseAttempts;
}
function withQuery(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== void 0);
  if (given.length === 0) return path;
  const text2 = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return `${path}${path.includes("?") ? "&" : "?"}${text2}`;
}

// src/kubernetes/pem.ts
var column = 64;
function readPem(text2, label) {
  const [begin2, end] = [`-----BEGIN ${label}-----
`, `-----END ${label}-----`];
  const whole = text2.endsWith("\n") ? text2 : `${text2}
`;
  if (!whole.startsWith(begin2) || !whole.endsWith(`${end}
`)) throw new Error(`the text is not one block of ${label}`);
  const bytes = Buffer.from(whole.slice(begin2.length, -end.length - 1), "base64");
  if (writePem(bytes, label) !== whole) throw new Error(`the block of ${label} is not in its canonical form`);
  return bytes;
}
function writePem(bytes, label) {
  const lines2 = bytes.toString("base64").match(new RegExp(`.{1,${column}}`, "g")) ?? [];
  return `${[`-----BEGIN ${label}-----`, ...lines2, `-----END ${label}-----`].join("\n")}
`;
}
function certificatesIn(text2) {
  return text2.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

// src/kubernetes/aggregated-apis.ts
var published = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
var fields = { "front-proxy": "requestheader-client-ca-file", kubernetes: "client-ca-file" };
async function readPublishedAuthorities(api, of) {
  const found = await ifFound(api.get(published));
  return certificatesIn(found?.data?.[fields[of]] ?? "");
}
async function writePublishedAuthorities(api, of, pems) {
  await api.patch(published, { data: { [fields[of]]: `${pems.join("\n")}
` } });
}
async function unavailableApis(api) {
  const services = await aggregated(api);
  const isAvailable = ({ type, status }) => type === "Available" && status === "True";
  return services.filter(({ status }) => !status?.conditions?.some(isAvailable)).map(({ metadata: metadata2 }) => metadata2.name);
}
async function aggregatedApis(api) {
  const services = await aggregated(api);
  return (await Promise.all(services.map((each) => serversOf(api, each)))).flat();
}
async function aggregated(api) {
  const { items } = await api.list("/apis/apiregistration.k8s.io/v1/apiservices");
  return items.filter(({ spec }) => spec?.service);
}
async function serversOf(api, { metadata: metadata2, spec }) {
  const { namespace: namespace2 = "", name: name2 = "", port: port2 = 443 } = spec?.service ?? {};
  const service2 = await ifFound(api.get(`/api/v1/namespaces/${namespace2}/services/${name2}`));
  const wanted = service2?.spec?.ports?.find((each) => each.port === port2)?.name ?? "";
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name2}`);
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace2}/endpointslices?labelSelector=${selector}`;
  const { items } = await api.list(slices);
  return items.flatMap(({ ports, endpoints }) => {
    const at = ports?.find((each) => (each.name ?? "") === wanted)?.port;
    const ready = (endpoints ?? []).filter(({ conditions: conditions2 }) => conditions2?.ready !== false);
    const addresses = ready.flatMap((each) => each.addresses ?? []);
    return at ? addresses.map((address) => ({ name: metadata2.name, address, port: at })) : [];
  });
}

// node_modules/p-wait-for/index.js
var resolveValue = /* @__PURE__ */ Symbol("resolveValue");
var sleep = (ms, signal) => new Promise((resolve, reject) => {
  if (signal?.aborted) {
    reject(signal.reason);
    return;
  }
  const timeout = setTimeout(resolve, ms);
  if (signal) {
    signal.addEventListener("abort", () => {
      clearTimeout(timeout);
      reject(signal.reason);
    }, { once: true });
  }
});
var validateOptions = (interval, timeout) => {
  if (typeof interval !== "number" || !Number.isFinite(interval) || interval < 0) {
    throw new TypeError("Expected interval to be a finite non-negative number");
  }
  if (typeof timeout === "object" && timeout !== null) {
    if (typeof timeout.milliseconds !== "number" || Number.isNaN(timeout.milliseconds) || timeout.milliseconds < 0) {
      throw new TypeError("Expected timeout.milliseconds to be a finite non-negative number");
    }
  } else if (typeof timeout === "number" && (Number.isNaN(timeout) || timeout < 0)) {
    throw new TypeError("Expected timeout to be a finite non-negative number");
  }
};
var createTimeoutError = (timeout) => {
  if (timeout.message instanceof Error) {
    return timeout.message;
  }
  const message = timeout.message ?? `Promise timed out after ${timeout.milliseconds} milliseconds`;
  return new TimeoutError(message);
};
var handleFallback = (timeout) => {
  if (timeout.fallback) {
    return timeout.fallback();
  }
  throw createTimeoutError(timeout);
};
var handleAbortError = (timeoutSignal, timeout, signal) => {
  if (timeoutSignal?.aborted) {
    if (typeof timeout === "object") {
      return handleFallback(timeout);
    }
    throw new TimeoutError();
  }
  throw signal.reason;
};
async function pWaitFor(condition2, options = {}) {
  const {
    interval = 20,
    timeout = Number.POSITIVE_INFINITY,
    before = true,
    signal
  } = options;
  validateOptions(interval, timeout);
  const timeoutMs2 = typeof timeout === "number" ? timeout : timeout?.milliseconds ?? Number.POSITIVE_INFINITY;
  const timeoutSignal = timeoutMs2 === Number.POSITIVE_INFINITY ? void 0 : AbortSignal.timeout(timeoutMs2);
  const combinedSignal = timeoutSignal && signal ? AbortSignal.any([timeoutSignal, signal]) : timeoutSignal ?? signal;
  if (!before) {
    await sleep(interval, combinedSignal);
  }
  if (combinedSignal?.aborted) {
    return handleAbortError(timeoutSignal, timeout, signal);
  }
  while (true) {
    try {
      const value = await condition2();
      if (typeof value === "object" && value !== null && resolveValue in value) {
        return value[resolveValue];
      }
      if (value === true) {
        return;
      }
      if (value === false) {
        await sleep(interval, combinedSignal);
        continue;
      }
      throw new TypeError("Expected condition to return a boolean");
    } catch (error) {
      if (error === combinedSignal?.reason) {
        return handleAbortError(timeoutSignal, timeout, signal);
      }
      throw error;
    }
  }
}
pWaitFor.resolveWith = (value) => ({ [resolveValue]: value });
var TimeoutError = class extends Error {
  constructor(message = "Promise timed out") {
    super(message);
    this.name = "TimeoutError";
  }
};

// src/waiting.ts
async function waitWhile(look, { timeoutMs: timeoutMs2, everyMs, signal }) {
  let reason;
  const isOver = async () => {
    reason = await look();
    return reason === void 0;
  };
  await pWaitFor(isOver, {
    interval: everyMs,
    // It takes whole milliseconds, and throws without a fallback.
    timeout: { milliseconds: Math.max(0, Math.ceil(timeoutMs2)), fallback: () => void 0 },
    ...signal && { signal }
  });
  return reason;
}

// src/kubernetes/apiserver-health.ts
async function whyNotServing(api) {
  try {
    const { status, text: text2 } = await api.raw("/readyz?verbose=true", { timeoutMs: 3e3 });
    return status === 200 ? void 0 : failedChecks(text2, status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
var mostWords2 = 2e3;
function failedChecks(text2, status) {
  const failed = text2.split("\n").filter((line) => line.startsWith("[-]"));
  const words2 = failed.map((line) => line.slice(3)).join("; ");
  return failed.length > 0 ? words2.slice(0, mostWords2) : `status ${status}: ${text2.slice(0, 200)}`;
}
async function waitForApiServer(api, { timeoutMs: timeoutMs2, signal }) {
  const reason = await waitWhile(() => whyNotServing(api), { timeoutMs: timeoutMs2, everyMs: 200, signal });
  if (reason === void 0) return;
  throw new Problem(`the API server is not ready after ${Math.round(timeoutMs2 / 1e3)} s: ${reason}`, {
    code: "API_SERVER_NOT_READY",
    host: api.host,
    unit: withoutSuffix(components.apiServer.unit),
    hint: "Check `journalctl -u kube-apiserver`; it needs a quorum of etcd."
  });
}

// src/kubernetes/apply-manifests.ts
import { isDeepStrictEqual as isDeepStrictEqual2 } from "node:util";

// src/kubernetes/discovery.ts
var Discovery = class {
  #api;
  #known = /* @__PURE__ */ new Map();
  constructor(api) {
    this.#api = api;
  }
  /** The kind's resource; undefined if the server does not serve it (yet). */
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
  async pathOf({ apiVersion, kind, name: name2, namespace: namespace2 }) {
    const resource = await this.find(apiVersion, kind);
    if (!resource) {
      throw new Problem(`the cluster knows no kind ${kind} in ${apiVersion}`, {
        code: "KIND_UNKNOWN",
        hint: "Is its CustomResourceDefinition among the manifests, and is the apiVersion one that this Kubernetes serves?"
      });
    }
    const place = resource.namespaced ? `namespaces/${encodeURIComponent(namespace2 ?? "default")}/` : "";
    return `${groupPath(apiVersion)}/${place}${resource.name}/${encodeURIComponent(name2)}`;
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
function referenceOf(object3) {
  const { apiVersion, kind, metadata: metadata2 } = object3;
  const { name: name2, namespace: namespace2 } = metadata2;
  return { apiVersion, kind, name: name2, ...namespace2 !== void 0 && { namespace: namespace2 } };
}
function nameOf({ kind, namespace: namespace2, name: name2 }) {
  return `${kind} ${namespace2 === void 0 ? "" : `${namespace2}/`}${name2}`;
}

// src/kubernetes/inventory.ts
import { isDeepStrictEqual } from "node:util";
var setLabel = "k8s-ha-action/set";
async function openInventory(api, set) {
  const name2 = `k8s-ha-action-${set}`;
  const path = `/api/v1/namespaces/kube-system/configmaps/${name2}`;
  const found = await ifFound(api.get(path));
  const objects = parse(found?.data?.objects);
  let recorded = found && sorted(objects);
  return {
    objects,
    async record(wanted) {
      const next = sorted(wanted);
      if (isDeepStrictEqual(recorded, next)) return;
      await api.apply(path, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: name2, namespace: "kube-system", labels: { [setLabel]: set } },
        data: { objects: JSON.stringify(next, void 0, 1) }
      });
      recorded = next;
    }
  };
}
var references = array(
  strictObject({
    apiVersion: string(),
    kind: string(),
    namespace: string().exactOptional(),
    name: string()
  })
);
function parse(text2) {
  try {
    return references.parse(parseJson(text2 ?? "[]", Error));
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
  const { set, dryRun = false, log } = options;
  const discovery = new Discovery(api);
  const labelled = objects.map((object3) => withLabel(object3, set));
  const inventory = await openInventory(api, set);
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
  for (const { object: object3, did } of changes) log.info(`${nameOf(object3)}: ${dryRun ? "would be " : ""}${did}`);
  return changes;
}
var identity = ({ apiVersion, kind, namespace: namespace2, name: name2 }) => ({
  group: apiVersion.includes("/") ? apiVersion.split("/")[0] : "",
  kind,
  namespace: namespace2 ?? "",
  name: name2
});
function withLabel(object3, set) {
  const { metadata: metadata2 } = object3;
  return { ...object3, metadata: { ...metadata2, labels: { ...metadata2.labels, [setLabel]: set } } };
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
  return order.map((_, step) => objects.filter((object3) => stepOf(object3) === step)).filter((wave) => wave.length > 0);
}
async function applyWave(api, discovery, wave, all2, dryRun, signal) {
  const limit = pLimit(8);
  const results = await Promise.allSettled(
    wave.map((object3) => limit(() => applyOne(api, discovery, object3, all2, dryRun, signal)))
  );
  const failed = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `failed to apply ${failed.length} objects`);
  return results.flatMap((result) => result.status === "fulfilled" && result.value ? [result.value] : []);
}
async function applyOne(api, discovery, object3, all2, dryRun, signal) {
  const reference = referenceOf(object3);
  const created = { object: reference, did: "created" };
  const defined = definedBy(object3, all2);
  if (defined) {
    if (dryRun && !await discovery.find(object3.apiVersion, object3.kind)) return created;
    await untilServed(discovery, object3);
  }
  const path = await discovery.pathOf(reference);
  const before = await ifFound(api.get(path, { signal }));
  if (dryRun && !before && all2.some(({ kind, metadata: metadata2 }) => kind === "Namespace" && metadata2.name === reference.namespace)) {
    return created;
  }
  const query = dryRun ? { dryRun: "All" } : {};
  const after = await api.apply(path, object3, { query, signal });
  if (!before) return created;
  return isDeepStrictEqual2(content(before), content(after)) ? void 0 : { object: reference, did: "changed" };
}
function content(object3) {
  const { status: _status, metadata: metadata2, ...rest } = object3;
  const { managedFields: _1, resourceVersion: _2, generation: _3, uid: _4, creationTimestamp: _5, ...meta } = metadata2;
  return { ...rest, meta };
}
function definedBy(object3, all2) {
  const [group2] = object3.apiVersion.split("/");
  return all2.some(({ kind, spec }) => {
    const definition = spec;
    return kind === "CustomResourceDefinition" && definition?.group === group2 && definition?.names?.kind === object3.kind;
  });
}
async function untilServed(discovery, { apiVersion, kind }) {
  const look = async () => await discovery.find(apiVersion, kind) ? void 0 : "not served";
  await waitWhile(look, { timeoutMs: 1e4, everyMs: 100 });
}
async function prune(api, discovery, gone, { set, log, dryRun = false, signal }) {
  const removed = [];
  for (const object3 of gone.toReversed()) {
    try {
      const path = await discovery.pathOf(object3);
      const { metadata: metadata2 } = await api.get(path, { signal });
      if (metadata2.labels?.[setLabel] !== set) {
        log.warning(`${nameOf(object3)} is no longer in the set ${set}, nor does it carry its label: left as it is`);
        continue;
      }
      if (!dryRun) await api.delete(path, { signal });
      removed.push({ object: object3, did: "removed" });
    } catch (error) {
      if (isNotFound(error) || error instanceof Problem && error.code === "KIND_UNKNOWN") continue;
      throw error;
    }
  }
  return removed;
}

// src/kubernetes/certificate-request.ts
import { verify } from "node:crypto";

// src/kubernetes/der.ts
var tags = {
  integer: 2,
  bitString: 3,
  null: 5,
  oid: 6,
  utf8String: 12,
  printableString: 19,
  sequence: 48,
  set: 49
};
var longestLength = 4;
function readDer(bytes) {
  const value = firstOf(bytes);
  if (value.bytes.length !== bytes.length) throw new Error("there are bytes behind the value");
  return value;
}
function partsOf(value, tag) {
  const parts = [];
  let rest = contentOf(value, tag);
  while (rest.length > 0) {
    const part = firstOf(rest);
    parts.push(part);
    rest = rest.subarray(part.bytes.length);
  }
  return parts;
}
function exactly(count, value, tag) {
  const parts = partsOf(value, tag);
  if (parts.length !== count) throw new Error(`a structure has ${parts.length} parts instead of ${count}`);
  return parts;
}
function contentOf(value, tag) {
  if (value?.tag !== tag) throw new Error(`a value has the tag ${value?.tag} instead of ${tag}`);
  return value.content;
}
function bytesOf2(value) {
  const content2 = contentOf(value, tags.bitString);
  if (content2[0] !== 0) throw new Error("a bit string does not end with a byte");
  return content2.subarray(1);
}
function firstOf(bytes) {
  const [tag, first] = bytes;
  if (tag === void 0 || first === void 0) throw new Error("a value is cut off");
  if ((tag & 31) === 31) throw new Error("a tag has several bytes");
  const size = first < 128 ? 0 : first & 127;
  if (size > longestLength || first === 128) throw new Error("a length is indefinite or too long");
  if (bytes.length < 2 + size) throw new Error("a length is cut off");
  const length = size === 0 ? first : bytes.readUIntBE(2, size);
  const shortest = length < 128 ? 0 : Math.ceil(length.toString(16).length / 2);
  if (size !== shortest) throw new Error("a length is not in its shortest form");
  const end = 2 + size + length;
  if (bytes.length < end) throw new Error("a value is cut off");
  return { tag, content: bytes.subarray(2 + size, end), bytes: bytes.subarray(0, end) };
}

// src/kubernetes/public-key.ts
import { createPublicKey } from "node:crypto";
var curves = { "2a8648ce3d030107": 32, "2b81040022": 48, "2b81040023": 66 };
var [ecPublicKey, rsaEncryption] = ["2a8648ce3d0201", "2a864886f70d010101"];
var rsaBits = { least: 2048, most: 8192 };
var usualExponent = "010001";
function readPublicKey(info) {
  const [algorithm, key] = exactly(2, info, tags.sequence);
  const [oid, parameters] = exactly(2, algorithm, tags.sequence);
  const kind = contentOf(oid, tags.oid).toString("hex");
  if (kind === ecPublicKey) checkPoint(contentOf(parameters, tags.oid).toString("hex"), bytesOf2(key));
  else if (kind === rsaEncryption && contentOf(parameters, tags.null).length === 0) checkRsa(readDer(bytesOf2(key)));
  else throw new Error("a key of this kind is not accepted");
  return createPublicKey({ key: info?.bytes ?? Buffer.alloc(0), format: "der", type: "spki" });
}
function checkPoint(curve, point) {
  const size = curves[curve];
  if (size === void 0) throw new Error("a key on this curve is not accepted");
  if (point[0] !== 4 || point.length !== 1 + 2 * size) throw new Error("a point is compressed");
}
function checkRsa(key) {
  const [modulus, exponent] = partsOf(key, tags.sequence).map((part) => contentOf(part, tags.integer));
  if (exactly(2, key, tags.sequence) && exponent?.toString("hex") !== usualExponent)
    throw new Error("an RSA key is unusual");
  const [top, next = 0] = modulus ?? [];
  const bits = 8 * ((modulus?.length ?? 0) - 1);
  if (top !== 0 || next < 128 || ((modulus?.at(-1) ?? 0) & 1) === 0) throw new Error("an RSA key is unusual");
  if (bits < rsaBits.least || bits > rsaBits.most) throw new Error(`an RSA key of ${bits} bits is not accepted`);
}

// src/kubernetes/certificate-request.ts
var longestText = 16384;
function readCertificateRequest(pem) {
  try {
    if (pem.length > longestText) throw new Error("the request is too long");
    const [info, algorithm, signature] = exactly(3, readDer(readPem(pem, "CERTIFICATE REQUEST")), tags.sequence);
    const [version, name2, key, attributes] = exactly(4, info, tags.sequence);
    if (contentOf(version, tags.integer).toString("hex") !== "00") throw new Error("the version is not 0");
    const publicKey = readPublicKey(key);
    const hash = hashOf(algorithm, publicKey);
    if (!verify(hash, info?.bytes ?? Buffer.alloc(0), publicKey, bytesOf2(signature)))
      throw new Error("the signature is not of its key");
    const subject = readName(name2);
    if (subject.length !== partsOf(name2, tags.sequence).length)
      throw new Error("a part of the name has several attributes");
    return { subject, asksForMore: contentOf(attributes, contextZero).length > 0, publicKey };
  } catch (error) {
    throw new Problem("the certificate request can\u2019t be read", { code: "CSR_UNREADABLE", cause: error });
  }
}
var contextZero = 160;
var attributeNames = { "550403": "CN", "55040a": "O" };
function readName(name2) {
  const pairs = partsOf(name2, tags.sequence).flatMap((part) => partsOf(part, tags.set));
  return pairs.map((pair) => {
    const [type, value] = exactly(2, pair, tags.sequence);
    const oid = contentOf(type, tags.oid).toString("hex");
    if (value?.tag !== tags.printableString && value?.tag !== tags.utf8String)
      throw new Error("a name\u2019s value is not text");
    const text2 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value.content);
    return { attribute: attributeNames[oid] ?? oid, value: text2 };
  });
}
var hashes = {
  ec: { "2a8648ce3d040302": "sha256", "2a8648ce3d040303": "sha384", "2a8648ce3d040304": "sha512" },
  rsa: { "2a864886f70d01010b": "sha256", "2a864886f70d01010c": "sha384", "2a864886f70d01010d": "sha512" }
};
function hashOf(algorithm, { asymmetricKeyType: kind }) {
  if (kind !== "ec" && kind !== "rsa") throw new Error("a key of this kind is not accepted");
  const [oid, ...parameters] = partsOf(algorithm, tags.sequence);
  const hash = hashes[kind][contentOf(oid, tags.oid).toString("hex")];
  const fits = kind === "ec" ? parameters.length === 0 : isNull(parameters);
  if (hash === void 0 || !fits) throw new Error("the signature has an algorithm that is not accepted");
  return hash;
}
function isNull([parameter, ...more]) {
  return more.length === 0 && contentOf(parameter, tags.null).length === 0;
}

// src/kubernetes/judge-request.ts
var kubeletClientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
var prefix = "system:node:";
function judgeRequest(object3, expected) {
  const { spec } = object3;
  if (spec?.signerName !== kubeletClientSigner) return { verdict: "ignore" };
  const joining = expected.get(spec.username ?? "");
  if (!joining && (isDecided(object3) || !spec.username?.startsWith("system:bootstrap:"))) return { verdict: "ignore" };
  const request2 = requestIn(spec.request ?? "");
  const name2 = typeof request2 === "string" ? void 0 : nodeIn(request2);
  if (!joining) {
    const node2 = [...expected.values()].find((each) => each.node === name2)?.node;
    return node2 === void 0 ? { verdict: "ignore" } : { verdict: "stale", node: node2 };
  }
  const reason = typeof request2 === "string" ? request2 : whyNot(request2, spec.usages ?? [], joining);
  if (reason !== void 0 || typeof request2 === "string") return { verdict: "refuse", joining, reason: reason ?? "" };
  return { verdict: "approve", joining, request: request2 };
}
function isDecided({ status }) {
  const decided = status?.conditions?.some(({ type }) => /^(Approved|Denied|Failed)$/.test(type));
  return decided === true || status?.certificate !== void 0;
}
function requestIn(base64) {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return "it can\u2019t be read";
  try {
    return readCertificateRequest(bytes.toString("latin1"));
  } catch {
    return "it can\u2019t be read";
  }
}
function nodeIn({ subject }) {
  const name2 = subject.find(({ attribute }) => attribute === "CN")?.value;
  return name2?.startsWith(prefix) ? name2.slice(prefix.length) : void 0;
}
function whyNot(request2, usages, { node: node2 }) {
  const { subject, asksForMore } = request2;
  if (asksForMore) return "it asks for more than a name (a node\u2019s client certificate has no SANs)";
  const values = (of) => subject.filter(({ attribute }) => attribute === of).map(({ value }) => value);
  const [organizations, names] = [values("O"), values("CN")];
  if (organizations.length !== 1 || organizations[0] !== "system:nodes" || names.length !== 1 || subject.length !== 2)
    return "its subject is not O=system:nodes and one CN";
  const [name2 = ""] = names;
  if (!name2.startsWith(prefix)) return `its name is not ${prefix}\u2026`;
  if (name2 !== prefix + node2)
    return `it asks for the node ${JSON.stringify(name2.slice(prefix.length, 300))}, not ${node2}`;
  return usagesFit(usages) ? void 0 : `it asks for the usages ${usages.join(", ").slice(0, 300)}`;
}
function usagesFit(usages) {
  const asked = new Set(usages);
  asked.delete("key encipherment");
  return asked.size === 2 && asked.has("digital signature") && asked.has("client auth");
}

// src/kubernetes/signed-certificate.ts
var backdatedMs = 5 * 6e4;
var clockMs = 6e4;
var extensions = { subjectAltName: "551d11", keyUsage: "551d0f", basicConstraints: "551d13", extKeyUsage: "551d25" };
var [clientAuth, notCa] = ["300a06082b06010505070302", "3000"];
var keyUsages = { signature: "03020780", signatureAndEncipherment: "030205a0" };
function differenceFrom(approved, pem, ca, now) {
  try {
    return firstDifference(approved, pem, ca, now);
  } catch {
    return "it can\u2019t be read";
  }
}
function firstDifference(approved, pem, ca, now) {
  const { subject, publicKey, asked } = readSigned(pem);
  const [certificate, issuer] = [readCertificate(pem), readCertificate(ca)];
  if (!certificate || !issuer) return "it can\u2019t be read";
  if (spell(subject) !== spell(approved.subject)) return `its subject is ${spell(subject)}`;
  if (!publicKey.equals(approved.publicKey.export({ type: "spki", format: "der" }))) return "it is for another key";
  if (asked.has(extensions.subjectAltName)) return "it has alternative names";
  if (asked.get(extensions.extKeyUsage) !== clientAuth) return "its usage is not that of a client alone";
  const usage = asked.get(extensions.keyUsage);
  const fits = usage === keyUsages.signature || approved.keyEncipherment && usage === keyUsages.signatureAndEncipherment;
  if (!fits) return "its key has other usages";
  if ((asked.get(extensions.basicConstraints) ?? notCa) !== notCa) return "it is a CA\u2019s";
  if (!signedBy(certificate, issuer)) return "the cluster\u2019s CA has not signed it";
  return timeDifference([notBefore(certificate), notAfter(certificate)], approved.seconds, notAfter(issuer), now);
}
function timeDifference([start, end], seconds, last, now) {
  if (start.getTime() > now.getTime() + clockMs || end <= now) return "it is not valid now";
  if (end > last) return "it outlives the CA";
  const longest = seconds === void 0 ? Number.POSITIVE_INFINITY : seconds * 1e3 + backdatedMs + clockMs;
  return end.getTime() - start.getTime() > longest ? `it is valid until ${end.toISOString()}` : void 0;
}
function printOf(pem) {
  const certificate = readCertificate(pem);
  return certificate ? `SHA-256 ${fingerprint(certificate)}, serial number ${certificate.serialNumber}` : "unreadable";
}
function spell(subject) {
  const parts = subject.map(({ attribute, value }) => `${attribute}=${JSON.stringify(value)}`);
  return parts.toSorted().join(", ");
}
function readSigned(pem) {
  const [info] = partsOf(readDer(readPem(pem, "CERTIFICATE")), tags.sequence);
  const [, , , , , name2, key, ...more] = partsOf(info, tags.sequence);
  const list = more.filter(({ tag }) => tag === contextThree).flatMap((each) => partsOf(each, contextThree));
  const all2 = list.flatMap((each) => partsOf(each, tags.sequence)).map(readExtension);
  const asked = new Map(all2);
  if (asked.size !== all2.length) throw new Error("an extension is there twice");
  return { subject: readName(name2), publicKey: key?.bytes ?? Buffer.alloc(0), asked };
}
var contextThree = 163;
var octetString = 4;
function readExtension(extension) {
  const parts = partsOf(extension, tags.sequence);
  return [contentOf(parts[0], tags.oid).toString("hex"), contentOf(parts.at(-1), octetString).toString("hex")];
}

// src/kubernetes/approve-nodes.ts
var collection = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
var mostWarnings = 5;
var Approvals = class {
  #api;
  #options;
  /** By the name of the request; the signed certificate is compared with it once. */
  #unchecked = /* @__PURE__ */ new Map();
  /** Users whose one request is approved, with its name. */
  #approved = /* @__PURE__ */ new Map();
  #seen = /* @__PURE__ */ new Set();
  #warnings = /* @__PURE__ */ new Map();
  constructor(api, options) {
    this.#api = api;
    this.#options = options;
  }
  /** Judges a request, or the certificate of an approved one. @throws ApiProblem; Problem CERTIFICATE_DIFFERS */
  async decide(object3) {
    const { name: name2 } = object3.metadata;
    if (this.#unchecked.has(name2)) return await this.#check(object3);
    const judgement = judgeRequest(object3, this.#options.expected);
    if (judgement.verdict === "stale") return await this.#remove(name2, judgement.node);
    if (judgement.verdict === "ignore" || this.#seen.has(name2)) return;
    const reason = judgement.verdict === "refuse" ? judgement.reason : this.#whyNotNow(object3);
    if (reason !== void 0) return this.#refuse(name2, judgement.joining, reason);
    if (judgement.verdict === "approve") await this.#approve(object3, judgement.joining, judgement.request);
  }
  /** Why a matching request is not approved; undefined if it is. */
  #whyNotNow(object3) {
    const first = this.#approved.get(object3.spec.username ?? "");
    if (first !== void 0) return `its token has been used, for ${first}`;
    return isRefused(object3) ? "it was denied, or its signer failed" : void 0;
  }
  async #approve(object3, joining, request2) {
    const { metadata: metadata2, spec, status } = object3;
    if (!isApproved(object3)) await approve(this.#api, object3, this.#options.signal);
    const keyEncipherment = spec.usages?.includes("key encipherment") === true;
    const { subject, publicKey } = request2;
    const approved = { joining, subject, publicKey, keyEncipherment, seconds: spec.expirationSeconds };
    this.#approved.set(spec.username ?? "", metadata2.name);
    this.#seen.add(metadata2.name);
    this.#unchecked.set(metadata2.name, approved);
    this.#options.log.info(`${joining.node}: approved its certificate (${metadata2.name})`);
    if (status?.certificate) await this.#check(object3);
  }
  /** Compares the signed certificates that were not compared yet. @throws AggregateError with the errors of `decide` */
  async checkRest() {
    const looks = [...this.#unchecked].map(async ([name2, { joining }]) => {
      const object3 = await this.#api.get(`${collection}/${name2}`).catch((error) => {
        throw isNotFound(error) ? alarm(name2, joining, "the request was removed before that could be compared") : error;
      });
      await this.#check(object3);
    });
    await all(looks);
  }
  async #check({ metadata: { name: name2 }, status }) {
    const approved = this.#unchecked.get(name2);
    if (!approved || !status?.certificate) return;
    const pem = Buffer.from(status.certificate, "base64").toString("latin1");
    const difference = differenceFrom(approved, pem, this.#options.ca, /* @__PURE__ */ new Date());
    this.#unchecked.delete(name2);
    if (difference === void 0) return;
    await this.#api.delete(`${collection}/${name2}`).catch(() => void 0);
    throw alarm(name2, approved.joining, difference, pem);
  }
  async #remove(name2, node2) {
    await this.#api.delete(`${collection}/${name2}`, { signal: this.#options.signal });
    const line = `${node2}: removed the request ${name2} of an earlier run, so that its kubelet asks again`;
    if (this.#mayReport(node2)) this.#options.log.info(line);
  }
  #refuse(name2, { host }, reason) {
    this.#seen.add(name2);
    if (this.#mayReport(host))
      this.#options.log.warning(
        `${host}: not approved: certificate request ${name2}, by the token of ${host}: ${reason}`
      );
  }
  #mayReport(host) {
    const count = (this.#warnings.get(host) ?? 0) + 1;
    this.#warnings.set(host, count);
    if (count === mostWarnings + 1) this.#options.log.warning(`${host}: its further requests are not reported`);
    return count <= mostWarnings;
  }
};
var has = ({ status }, types) => status?.conditions?.some(({ type }) => types.test(type)) === true;
var isApproved = (object3) => has(object3, /^Approved$/);
var isRefused = (object3) => has(object3, /^(Denied|Failed)$/);
function alarm(name2, { host, node: node2 }, difference, pem = "") {
  return new Problem(
    `the certificate request ${name2} was approved for the node ${node2}, but something else was signed: ${difference}`,
    {
      code: "CERTIFICATE_DIFFERS",
      host,
      ...pem !== "" && { detail: [`the certificate: ${printOf(pem)}`] },
      hint: `Another person may have a certificate of this cluster: take ${host} off the network, find out how (the audit log names the request), delete the node, and rotate the Kubernetes CA.`
    }
  );
}
function passOver(error, signal) {
  if (error instanceof ApiProblem && (signal.aborted || isNotFound(error) || isConflict(error))) return;
  throw error;
}
async function approve(api, request2, signal) {
  const { name: name2, resourceVersion } = request2.metadata;
  const condition2 = {
    type: "Approved",
    status: "True",
    reason: "K8sHaActionApproved",
    message: "The host is in cluster.yaml and joined with the token that this run made for it."
  };
  const body = { metadata: { resourceVersion }, status: { conditions: [condition2] } };
  await api.patch(`${collection}/${name2}/approval`, body, { signal });
}
async function whileApproving(api, options, work) {
  const done = new AbortController();
  const { signal } = done;
  const approvals = new Approvals(api, { ...options, signal });
  const approving = api.watch(collection, {
    signal,
    fieldSelector: "spec.signerName=kubernetes.io/kube-apiserver-client-kubelet",
    onEvent: async ({ type, object: object3 }) => {
      if (type !== "DELETED") await approvals.decide(object3).catch((error) => passOver(error, signal));
    }
  });
  const failed = approving.then(() => new Promise(() => void 0));
  const working = Promise.race([work(), failed]);
  await Promise.allSettled([working]);
  done.abort();
  await all([working, approving, approvals.checkRest()]);
  return await working;
}
async function all(promises) {
  const settled = await Promise.allSettled(promises);
  const reasons = new Set(settled.flatMap((each) => each.status === "rejected" ? [each.reason] : []));
  const [first, ...more] = reasons;
  if (more.length > 0) throw new AggregateError(reasons, "joining failed");
  if (reasons.size > 0) throw first;
}

// src/kubernetes/bootstrap-token.ts
var bootstrapUser = ({ id }) => `system:bootstrap:${id}`;
var collection2 = "/api/v1/namespaces/kube-system/secrets";
var pathOf = ({ id }) => `${collection2}/bootstrap-token-${id}`;
async function putBootstrapToken(api, token, node2, expires) {
  await api.apply(pathOf(token), bootstrapTokenSecret(token, node2, expires));
}
async function deleteBootstrapToken(api, token) {
  await api.delete(pathOf(token));
}
async function deleteTokensOf(api, nodes3) {
  const { items } = await api.list(`${collection2}?labelSelector=${encodeURIComponent(joinsLabel)}`);
  const left = items.filter(({ metadata: metadata2 }) => nodes3.has(metadata2.labels?.[joinsLabel] ?? ""));
  await Promise.all(left.map(({ metadata: metadata2 }) => api.delete(`${collection2}/${metadata2.name}`)));
}

// src/kubernetes/client-certificate.ts
var collection3 = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
async function clientCertificate(api, asked) {
  try {
    const made = await api.create(collection3, objectOf(asked));
    await approve2(api, made);
    const certificate = await issued(api, asked);
    checkIssued(asked, certificate, api.host);
    return certificate;
  } finally {
    await api.delete(`${collection3}/${asked.name}`).catch((error) => {
      asked.log.warning(`the certificate request ${asked.name} stays for an hour: ${describeProblem(error)}`);
    });
  }
}
function objectOf({ name: name2, request: request2, seconds }) {
  return {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: name2, labels: { "app.kubernetes.io/managed-by": "k8s-ha-action" } },
    spec: {
      signerName: "kubernetes.io/kube-apiserver-client",
      request: Buffer.from(request2).toString("base64"),
      expirationSeconds: seconds,
      usages: ["digital signature", "key encipherment", "client auth"]
    }
  };
}
async function approve2(api, { metadata: metadata2 }) {
  const condition2 = {
    type: "Approved",
    status: "True",
    reason: "K8sHaActionApproved",
    message: "Requested by the kubeconfig action."
  };
  const body = { metadata: { resourceVersion: metadata2.resourceVersion }, status: { conditions: [condition2] } };
  await api.patch(`${collection3}/${metadata2.name}/approval`, body);
}
async function issued(api, { name: name2, limitMs = 6e4, signal }) {
  const found = new AbortController();
  let certificate = "";
  await api.watch(collection3, {
    fieldSelector: `metadata.name=${name2}`,
    signal: AbortSignal.any([found.signal, AbortSignal.timeout(limitMs), ...signal ? [signal] : []]),
    onEvent: ({ type, object: object3 }) => {
      if (type === "DELETED") throw notIssued("the request was removed");
      const refusal = object3.status?.conditions?.find((each) => each.type === "Denied" || each.type === "Failed");
      if (refusal) throw notIssued(`${refusal.type}: ${refusal.message ?? refusal.reason ?? "no reason given"}`);
      if (!object3.status?.certificate) return;
      certificate = Buffer.from(object3.status.certificate, "base64").toString();
      found.abort();
    }
  });
  if (certificate === "") signal?.throwIfAborted();
  if (certificate === "") throw notIssued(`nothing from the signer in ${limitMs / 1e3} s`);
  return certificate;
}
function checkIssued({ name: name2, ca, request: request2, seconds }, pem, host) {
  const { subject, publicKey } = readCertificateRequest(request2);
  const difference = differenceFrom({ subject, publicKey, keyEncipherment: true, seconds }, pem, ca, /* @__PURE__ */ new Date());
  if (difference === void 0) return;
  throw new Problem(`the certificate request ${name2} was approved, but something else was signed: ${difference}`, {
    code: "CERTIFICATE_DIFFERS",
    host,
    detail: [`the certificate: ${printOf(pem)}`],
    hint: "Find out who signs in this cluster: check --cluster-signing-cert-file of the kube-controller-managers and the audit log. If it is not your CA, rotate the Kubernetes CA."
  });
}
function notIssued(reason) {
  const hint = "See `journalctl -u kube-controller-manager` on the masters: the leader signs.";
  return new Problem(`the cluster issued no client certificate: ${reason}`, { code: "CERTIFICATE_NOT_ISSUED", hint });
}

// src/kubernetes/cordon.ts
var pathOf2 = (name2) => `/api/v1/nodes/${encodeURIComponent(name2)}`;
var cordonAnnotation = "k8s-ha-action/cordoned-by";
async function cordonNode(api, name2, run) {
  await api.patch(pathOf2(name2), {
    metadata: { annotations: { [cordonAnnotation]: run } },
    spec: { unschedulable: true }
  });
}
async function uncordonNode(api, name2) {
  await api.patch(pathOf2(name2), {
    metadata: { annotations: { [cordonAnnotation]: null } },
    spec: { unschedulable: null }
  });
}

// src/kubernetes/drain.ts
import { setTimeout as delay2 } from "node:timers/promises";

// src/kubernetes/nodes.ts
import { isDeepStrictEqual as isDeepStrictEqual3 } from "node:util";
var collection4 = "/api/v1/nodes";
async function waitForNodes(api, nodeNames, { timeoutMs: timeoutMs2, log, signal, kubeletVersion, onReport }) {
  const reasons = new Map(nodeNames.map((name2) => [name2, "it never registered with the API server"]));
  if (reasons.size === 0) return;
  const started = performance.now();
  const done = new AbortController();
  const deadline = AbortSignal.timeout(timeoutMs2);
  const ended = AbortSignal.any([done.signal, deadline, ...signal ? [signal] : []]);
  await api.watch(collection4, {
    signal: ended,
    onEvent: ({ type, object: object3 }) => {
      const { name: name2 } = object3.metadata;
      if (!nodeNames.includes(name2)) return;
      if (type !== "DELETED") onReport?.(object3);
      const reason = type === "DELETED" ? "its Node object was deleted" : whyNotReady(object3) ?? whyNotUpgraded(object3, kubeletVersion);
      if (reason !== void 0) {
        reasons.set(name2, reason);
      } else if (reasons.delete(name2)) {
        const seconds = ((performance.now() - started) / 1e3).toFixed(1);
        log.info(`${name2}: Ready${seconds === "0.0" ? "" : ` after ${seconds} s`}`);
      }
      if (reasons.size === 0) done.abort();
    }
  });
  if (signal?.aborted) throw abortedBefore(signal.reason, reasons);
  if (reasons.size > 0) throw notReady(reasons, timeoutMs2);
}
function notReady(reasons, timeoutMs2) {
  const names = [...reasons.keys()];
  const [first] = names;
  return new Problem(`${names.join(", ")}: not Ready after ${Math.round(timeoutMs2 / 1e3)} s`, {
    code: "NODES_NOT_READY",
    detail: [...reasons].map(([name2, reason]) => `${name2}: ${reason}`),
    hint: `Look at \`journalctl -u kubelet\` on ${first}.`
  });
}
function whyNotUpgraded({ status }, wanted) {
  const version = status?.nodeInfo?.kubeletVersion ?? "";
  if (wanted === void 0 || version === `v${wanted}`) return void 0;
  return `its kubelet reports ${version || "no version"}, not v${wanted}`;
}
function whyNotReady(node2) {
  const conditions2 = node2.status?.conditions ?? [];
  const ready = conditions2.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return void 0;
  if (!ready) return "its kubelet has not reported yet";
  const troubles = conditions2.filter(({ type, status }) => type !== "Ready" && status === "True");
  return [ready, ...troubles].map(({ reason, message }) => [reason, message].filter(Boolean).join(": ")).join("; ");
}
async function nodeReasons(api, nodeNames) {
  const { items } = await api.list(collection4);
  const found = new Map(items.map((node2) => [node2.metadata.name, whyNotReady(node2)]));
  return new Map(
    nodeNames.map((name2) => [name2, found.has(name2) ? found.get(name2) : "it is not registered with the API server"])
  );
}
async function readyNodes(api, nodeNames) {
  const found = await Promise.all(
    nodeNames.map(async (name2) => {
      const node2 = await ifFound(api.get(`${collection4}/${name2}`));
      return node2 && whyNotReady(node2) === void 0 ? [name2] : [];
    })
  );
  return new Set(found.flat());
}
async function nodeStatus(api, nodeName) {
  const named3 = (path) => `${path}?fieldSelector=metadata.name%3D${encodeURIComponent(nodeName)}`;
  const [nodes3, leases3] = await Promise.all([
    api.list(named3(collection4)),
    api.list(named3("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"))
  ]);
  const [node2] = nodes3.items;
  if (!node2) return void 0;
  const reason = whyNotReady(node2);
  const renewed = Date.parse(leases3.items[0]?.spec?.renewTime ?? "");
  return {
    name: nodeName,
    ready: reason === void 0,
    reason,
    kubeletVersion: node2.status?.nodeInfo?.kubeletVersion ?? "",
    renewed: Number.isNaN(renewed) ? void 0 : new Date(renewed)
  };
}
function labelsOf(host) {
  const roles = { "node-role.kubernetes.io/node": "" };
  if (host.roles.includes("master")) roles["node-role.kubernetes.io/control-plane"] = "";
  return { ...roles, ...host.labels };
}
async function labelNodes(api, hosts, dryRun = false) {
  const { items } = await api.list(collection4);
  const limit = pLimit(8);
  const changed = await Promise.all(
    hosts.map(
      (host) => limit(async () => {
        const node2 = items.find(({ metadata: metadata2 }) => metadata2.name === host.nodeName);
        if (!node2 || isLabelled(node2, labelsOf(host))) return void 0;
        const { name: name2, uid } = node2.metadata;
        const body = { apiVersion: "v1", kind: "Node", metadata: { name: name2, uid, labels: labelsOf(host) } };
        if (!dryRun) await api.apply(`${collection4}/${name2}`, body);
        return host.nodeName;
      })
    )
  );
  return changed.filter((name2) => name2 !== void 0);
}
function isLabelled({ metadata: metadata2 }, wanted) {
  const ours = metadata2.managedFields?.find(isOurs)?.fieldsV1?.["f:metadata"];
  const owned = Object.keys(ours?.["f:labels"] ?? {}).map((field) => field.replace(/^f:/, ""));
  const same = Object.entries(wanted).every(([key, value]) => metadata2.labels?.[key] === value);
  return same && isDeepStrictEqual3(owned.toSorted(), Object.keys(wanted).toSorted());
}
var isOurs = ({ manager, operation, subresource }) => manager === fieldManager && operation === "Apply" && !subresource;

// src/kubernetes/drain.ts
var [firstWaitMs, mostWaitMs] = [250, 5e3];
async function drainNode(api, nodeName, { timeoutMs: timeoutMs2, log, signal, hint }) {
  const end = performance.now() + timeoutMs2;
  const evicted = /* @__PURE__ */ new Set();
  for (let wait = firstWaitMs; ; wait = Math.min(mostWaitMs, wait * 1.5)) {
    signal?.throwIfAborted();
    const [pods, node2] = await Promise.all([podsToEvict(api, nodeName), nodeNamed(api, nodeName)]);
    if (pods.length === 0) return;
    const lost = node2 ? whyNotReady(node2) : "it was deleted";
    if (lost !== void 0) return log.warning(`${nodeName}: the drain ends with ${pods.length} pods left: ${lost}`);
    const left = pods.filter((pod2) => !evicted.has(keyOf(pod2)));
    const refusals = await Promise.all(left.map((pod2) => evict(api, pod2)));
    const blocked = new Map(left.flatMap((pod2, index) => refusals[index] ? [[keyOf(pod2), refusals[index]]] : []));
    for (const pod2 of left) {
      if (blocked.has(keyOf(pod2))) continue;
      evicted.add(keyOf(pod2));
      log.info(`${nodeName}: evicted ${nameOf2(pod2)}`);
    }
    if (performance.now() + wait > end) throw notDrained(nodeName, pods, blocked, { timeoutMs: timeoutMs2, hint });
    await delay2(wait, void 0, { ...signal && { signal } });
  }
}
var nameOf2 = ({ metadata: metadata2 }) => `${metadata2.namespace}/${metadata2.name}`;
var keyOf = (pod2) => `${nameOf2(pod2)} ${pod2.metadata.uid}`;
async function podsToEvict(api, nodeName) {
  const selector = encodeURIComponent(`spec.nodeName=${nodeName}`);
  const { items } = await api.list(`/api/v1/pods?fieldSelector=${selector}`);
  return items.filter(({ metadata: metadata2, status }) => {
    const owner = metadata2.ownerReferences?.find(({ controller }) => controller === true);
    const isStatic = metadata2.annotations?.["kubernetes.io/config.mirror"] !== void 0;
    const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
    return owner?.kind !== "DaemonSet" && !isStatic && !isOver;
  });
}
async function evict(api, { metadata: { name: name2, namespace: namespace2, uid } }) {
  const path = `/api/v1/namespaces/${namespace2}/pods/${name2}/eviction`;
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: name2, namespace: namespace2 },
    // Not the pod that has its name by then, as those of a StatefulSet do.
    deleteOptions: { preconditions: { uid } }
  };
  try {
    await api.create(path, body, { retryMs: 0 });
    return void 0;
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return void 0;
    if (error instanceof ApiProblem && error.temporary) return error.message.replace(/^failed to POST \S+: /, "");
    throw error;
  }
}
function notDrained(nodeName, pods, blocked, { timeoutMs: timeoutMs2, hint }) {
  const lines2 = pods.map((pod2) => `${nameOf2(pod2)}: ${blocked.get(keyOf(pod2)) ?? "it is still terminating"}`);
  const few = lines2.slice(0, 3).join("; ") + (lines2.length > 3 ? `; and ${lines2.length - 3} more` : "");
  return new Problem(`${nodeName} still has ${pods.length} pods after ${Math.round(timeoutMs2 / 1e3)} s: ${few}`, {
    code: "NODE_NOT_DRAINED",
    detail: lines2,
    hint
  });
}

// src/kubernetes/front-proxy-client.ts
import { Agent as Agent2 } from "node:https";
import { connect as connect2 } from "node:tls";
var caller = "k8s-ha-action:rotation";
var nowhere = "/k8s-ha-action";
var timeoutMs = 1e4;
async function trusts(tunnel, api, pair) {
  const agent = new ClientAgent(tunnel, api, pair);
  const attempt = { host: tunnel.host.name, method: "GET", path: nowhere };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await begin({ agent, attempt, headers: { "x-remote-user": caller }, signal });
    const text2 = await textOf(answer, attempt, signal, 64 * 1024);
    return text2.includes(caller) || answer.statusCode === 404;
  } finally {
    agent.destroy();
  }
}
var ClientAgent = class extends Agent2 {
  #open;
  constructor(tunnel, { address, port: port2 }, pair) {
    super({ keepAlive: false });
    this.#open = async () => {
      const socket = await tunnel.forward(address, port2);
      return connect2({ socket, ...pair, rejectUnauthorized: false });
    };
  }
  createConnection(_options, callback) {
    this.#open().then(
      (stream) => callback?.(null, stream),
      // Node's own type wants a stream beside the error, which there is none of.
      (error) => callback?.(error)
    );
  }
};

// src/kubernetes/leases.ts
var elected = [components.controllerManager, components.scheduler].map(({ unit }) => withoutSuffix(unit));
var microTime = () => (/* @__PURE__ */ new Date()).toISOString().replace("Z", "000Z");
var collection5 = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
function hostByHostname(hosts, hostname, hostnames = /* @__PURE__ */ new Map()) {
  const wanted = hostname.toLowerCase();
  const named3 = (host) => [hostnames.get(host.name), host.hostname, host.nodeName, host.name].some((name2) => name2?.toLowerCase() === wanted);
  return hosts.find(named3)?.name;
}
function leaseView({ metadata: metadata2, spec }, hosts, hostnames) {
  const lease2 = elected.find((name2) => name2 === metadata2.name);
  if (!lease2) return void 0;
  const holder = spec?.holderIdentity ?? "";
  const hostname = holder.slice(0, Math.max(0, holder.lastIndexOf("_")));
  return {
    lease: lease2,
    holder,
    host: hostname === "" ? void 0 : hostByHostname(hosts, hostname, hostnames),
    transitions: spec?.leaseTransitions ?? 0,
    acquired: dateOf(spec?.acquireTime),
    renewed: dateOf(spec?.renewTime),
    durationSeconds: spec?.leaseDurationSeconds ?? 0
  };
}
function dateOf(text2) {
  const time2 = Date.parse(text2 ?? "");
  return Number.isNaN(time2) ? void 0 : new Date(time2);
}
async function readLeases(api, hosts, hostnames) {
  const { items } = await api.list(collection5);
  const views = items.map((item) => leaseView(item, hosts, hostnames)).filter((view) => view !== void 0);
  return new Map(views.map((view) => [view.lease, view]));
}
async function watchLeases(api, hosts, options) {
  const { onLease, onLost, signal, hostnames } = options;
  await api.watch(collection5, {
    signal,
    // Leases are renewed every 2 s, so a silence of this length is a lost connection.
    idleMs: 15e3,
    ...onLost && { onLost },
    onEvent: ({ type, object: object3 }) => {
      const view = type === "DELETED" ? void 0 : leaseView(object3, hosts, hostnames);
      if (view) onLease(view);
    }
  });
}

// src/kubernetes/manifests.ts
var import_yaml2 = __toESM(require_dist(), 1);
function parseManifests(text2, file) {
  const lineCounter = new import_yaml2.LineCounter();
  const documents = (0, import_yaml2.parseAllDocuments)(text2, {
    version: "1.1",
    lineCounter,
    customTags: (tags2) => tags2.filter((tag) => !timeTags.has(typeof tag === "string" ? tag : tagName(tag)))
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const { line, col } = lineCounter.linePos(document.contents?.range?.[0] ?? 0);
    const [error] = document.errors;
    if (error) {
      const start = error.linePos?.[0];
      throw invalid(error.message.split("\n")[0] ?? "not YAML", file, start?.line ?? line, start?.col ?? col);
    }
    return objectsIn(document.toJS(), (message) => invalid(message, file, line, col));
  });
}
var timeTags = /* @__PURE__ */ new Set(["timestamp", "intTime", "floatTime"]);
var tagName = (tag) => tag.format === "TIME" ? "intTime" : tag.tag === "tag:yaml.org,2002:timestamp" ? "timestamp" : "";
function objectsIn(value, wrong) {
  if (value === null || value === void 0) return [];
  if (typeof value !== "object" || Array.isArray(value)) throw wrong("a manifest is a map with apiVersion and kind");
  const { apiVersion, kind, items, metadata: metadata2 } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") throw wrong("the manifest lacks apiVersion or kind");
  if (kind.endsWith("List") && Array.isArray(items)) return items.flatMap((item) => objectsIn(item, wrong));
  const name2 = metadata2?.name;
  if (typeof name2 !== "string" || name2 === "") throw wrong(`the ${kind} lacks metadata.name`);
  return [value];
}
function invalid(message, file, line, column2) {
  return new Problem(message, { code: "MANIFEST_INVALID", file, line, column: column2 });
}

// src/kubernetes/record.ts
var collection6 = "/api/v1/namespaces/kube-system/configmaps";
async function readRecord(api, name2) {
  const found = await ifFound(api.get(`${collection6}/${name2}`));
  return new Map(Object.entries(found?.data ?? {}));
}
async function changeRecord(api, name2, data) {
  const patch = async () => await api.patch(`${collection6}/${name2}`, { data });
  try {
    await patch();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await create(api, name2);
    await patch();
  }
}
async function create(api, name2) {
  try {
    await api.create(collection6, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: name2, namespace: "kube-system" }
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

// src/kubernetes/restored.ts
var nodes2 = "/api/v1/nodes";
var leases2 = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
async function correctRestored(api, revision) {
  const isOld = ({ metadata: metadata2 }) => Number(metadata2.resourceVersion) <= revision;
  const [allNodes, allLeases] = await Promise.all([api.list(nodes2), api.list(leases2)]);
  const work = [
    ...allNodes.items.filter(isOld).map((node2) => () => markUnknown(api, node2)),
    ...allLeases.items.filter((lease2) => isOld(lease2) && elected.some((name2) => name2 === lease2.metadata.name)).map((lease2) => () => release(api, lease2))
  ];
  const done = await Promise.all(work.map((each) => each()));
  return done.flatMap((name2) => name2 ?? []);
}
async function markUnknown(api, { metadata: metadata2, status }) {
  const lastTransitionTime = (/* @__PURE__ */ new Date()).toISOString().replace(/\.\d+/, "");
  const unknown = {
    status: "Unknown",
    reason: "Restored",
    message: "The cluster was restored from a backup, and the kubelet has not reported since.",
    lastTransitionTime
  };
  const conditions2 = (status?.conditions ?? []).map((each) => each.type === "Ready" ? { ...each, ...unknown } : each);
  const path = `${nodes2}/${encodeURIComponent(metadata2.name)}/status`;
  return await unlessWritten(
    `Node ${metadata2.name}`,
    metadata2,
    (old) => api.patch(path, { metadata: old, status: { conditions: conditions2 } })
  );
}
async function release(api, { metadata: metadata2 }) {
  const spec = { holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime() };
  return await unlessWritten(
    `Lease ${metadata2.name}`,
    metadata2,
    (old) => api.patch(`${leases2}/${metadata2.name}`, { metadata: old, spec })
  );
}
async function unlessWritten(name2, { resourceVersion }, write) {
  try {
    await write({ resourceVersion });
    return name2;
  } catch (error) {
    if (isConflict(error)) return void 0;
    throw error;
  }
}

// src/kubernetes/rewrite-objects.ts
var group = "/apis/storagemigration.k8s.io/v1";
var migrations = `${group}/storageversionmigrations`;
var migrationMs = 20 * 6e4;
var atOnce = 8;
async function migrateStorage(api, name2, rewriting) {
  const { resource, log, signal } = rewriting;
  if (await ifFound(api.get(group, { signal })) === void 0) return false;
  await createMigration(api, name2, resource);
  let outcome;
  const look = async () => {
    const { status } = await api.get(`${migrations}/${name2}`, { signal });
    outcome = status?.conditions?.find((each) => isEnd(each))?.type;
    return outcome === void 0 ? "it is in progress" : void 0;
  };
  log.info(`${resource}: waiting for the StorageVersionMigration ${name2}`);
  const reason = await waitWhile(look, { timeoutMs: migrationMs, everyMs: 500, signal });
  await api.delete(`${migrations}/${name2}`, { signal });
  if (outcome !== "Succeeded") log.warning(`the StorageVersionMigration ${name2} did not succeed: ${reason ?? outcome}`);
  return outcome === "Succeeded";
}
var isEnd = ({ type, status }) => status === "True" && ["Succeeded", "Failed"].includes(type);
async function createMigration(api, name2, resource) {
  try {
    await api.create(migrations, {
      apiVersion: "storagemigration.k8s.io/v1",
      kind: "StorageVersionMigration",
      metadata: { name: name2 },
      spec: { resource: { group: "", resource } }
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}
async function rewriteObjects(api, { resource, log, signal }) {
  const { items } = await api.list(`/api/v1/${resource}`, { metadataOnly: true, signal });
  log.info(`${resource}: writing ${items.length} objects again`);
  const limit = pLimit(atOnce);
  const refusals = await Promise.all(items.map((item) => limit(() => rewritten(api, resource, item, signal))));
  const refused2 = refusals.flat();
  if (refused2.length === 0) return items.length;
  throw new Problem(`${refused2.length} ${resource} could not be written again: ${refused2.slice(0, 3).join("; ")}`, {
    code: "REWRITE_REFUSED",
    detail: refused2,
    hint: "Fix what refuses them: an admission webhook or policy, most often. Then run again."
  });
}
async function rewritten(api, resource, { metadata: { name: name2, namespace: namespace2 = "" } }, signal) {
  signal.throwIfAborted();
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace2)}/${resource}/${encodeURIComponent(name2)}`;
  try {
    await api.patch(path, {}, { metadataOnly: true, signal });
    return [];
  } catch (error) {
    if (isNotFound(error)) return [];
    signal.throwIfAborted();
    if (error instanceof ApiProblem && error.status !== void 0) return [`${namespace2}/${name2}: ${error.message}`];
    throw error;
  }
}

// src/kubernetes/root-authorities.ts
var rootMap = "kube-root-ca.crt";
async function rootAuthorities(api, signal) {
  const selector = encodeURIComponent(`metadata.name=${rootMap}`);
  const [namespaces, maps] = await Promise.all([
    api.list("/api/v1/namespaces", { metadataOnly: true, signal }),
    api.list(`/api/v1/configmaps?fieldSelector=${selector}`, { signal })
  ]);
  const kept = namespaces.items.filter(({ metadata: metadata2 }) => !metadata2.deletionTimestamp);
  return kept.map(({ metadata: { name: namespace2 } }) => {
    const map = maps.items.find((each) => each.metadata.namespace === namespace2);
    return { namespace: namespace2, pems: certificatesIn(map?.data?.["ca.crt"] ?? ""), since: map && changedAt(map) };
  });
}
function changedAt({ metadata: metadata2 }) {
  const times = (metadata2.managedFields ?? []).map(({ time: time2 }) => Date.parse(time2 ?? ""));
  return times.length === 0 || times.some(Number.isNaN) ? void 0 : new Date(Math.max(...times));
}

// src/kubernetes/service-account-tokens.ts
import { createHash, createPublicKey as createPublicKey2 } from "node:crypto";
async function longestPodToken(api, signal) {
  const [pods, drivers] = await Promise.all([
    api.list("/api/v1/pods", { signal }),
    api.list("/apis/storage.k8s.io/v1/csidrivers", { signal })
  ]);
  const requests2 = [...pods.items.flatMap(projectedTokens), ...drivers.items.flatMap(driverTokens)];
  return Math.max(0, ...requests2.map(({ expirationSeconds }) => expirationSeconds ?? 3600));
}
function projectedTokens({ spec }) {
  const sources = (spec?.volumes ?? []).flatMap(({ projected: projected2 }) => projected2?.sources ?? []);
  return sources.flatMap(({ serviceAccountToken: token }) => token ?? []);
}
var driverTokens = ({ spec }) => spec?.tokenRequests ?? [];
async function tokensOfOtherKeys(api, pub, signal) {
  const type = encodeURIComponent("type=kubernetes.io/service-account-token");
  const { items } = await api.list(`/api/v1/secrets?fieldSelector=${type}`, { signal });
  const kid = keyName(pub);
  const others2 = items.filter(({ data }) => data?.token !== void 0 && kidOf(data.token) !== kid);
  return others2.map(({ metadata: { namespace: namespace2, name: name2 } }) => `${namespace2}/${name2}`);
}
function keyName(pub) {
  const der = createPublicKey2(pub).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}
function kidOf(encoded) {
  const [header = ""] = Buffer.from(encoded, "base64").toString("latin1").split(".", 1);
  try {
    const read = parseJson(Buffer.from(header, "base64url").toString(), Error);
    return typeof read === "object" && read !== null && "kid" in read ? String(read.kid) : void 0;
  } catch {
    return void 0;
  }
}

// src/kubernetes/serving.ts
var servingCollection = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
var addressesOf = (slice) => (slice?.endpoints ?? []).flatMap(({ addresses }) => addresses ?? []);
async function servingAddresses(api, options) {
  return addressesOf(await ifFound(api.get(`${servingCollection}/kubernetes`, options)));
}

// src/kubernetes/token-pods.ts
async function tokenPods(api, signal) {
  const type = encodeURIComponent("type=kubernetes.io/service-account-token");
  const [pods, secrets] = await Promise.all([
    api.list("/api/v1/pods", { signal }),
    api.list(`/api/v1/secrets?fieldSelector=${type}`, { metadataOnly: true, signal })
  ]);
  const tokens = new Set(secrets.items.map(({ metadata: { namespace: namespace2, name: name2 } }) => `${namespace2}/${name2}`));
  return pods.items.filter((pod2) => isRunning(pod2) && mayUseApi(pod2, tokens)).map(asTokenPod);
}
var isRunning = ({ metadata: metadata2, status }) => !metadata2.deletionTimestamp && status?.phase !== "Succeeded" && status?.phase !== "Failed";
function mayUseApi({ metadata: metadata2, spec }, tokens) {
  return (spec?.volumes ?? []).some(
    ({ projected: projected2, configMap: configMap2, secret }) => configMap2?.name === rootMap || tokens.has(`${metadata2.namespace}/${secret?.secretName}`) || projected2?.sources?.some((source) => source.serviceAccountToken || source.configMap?.name === rootMap)
  );
}
function asTokenPod({ metadata: metadata2 }) {
  const { namespace: namespace2 = "", name: name2, creationTimestamp, ownerReferences } = metadata2;
  const created = new Date(creationTimestamp ?? "");
  return {
    namespace: namespace2,
    name: name2,
    created: Number.isNaN(created.getTime()) ? void 0 : created,
    owner: ownerReferences?.find(({ controller }) => controller)
  };
}

// src/kubernetes/turn.ts
import { setTimeout as delay3 } from "node:timers/promises";
var namespace = "kube-system";
var collection7 = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
var failedAnnotation = "k8s-ha-action/failed-attempt";
var usualTimes = { duration: 6e4, renew: 1e4, poll: 1e3 };
async function inTurn(api, options, work) {
  const turn = new Turn(api, options, await taken(api, options));
  let failed = true;
  try {
    const done = await work(AbortSignal.any([options.signal, turn.lost]));
    failed = false;
    return done;
  } catch (error) {
    turn.lost.throwIfAborted();
    throw error;
  } finally {
    await turn.end(failed);
  }
}
async function taken(api, options) {
  const { duration, poll } = options.times ?? usualTimes;
  const seen = /* @__PURE__ */ new Map();
  let logged = "";
  for (; ; ) {
    options.signal.throwIfAborted();
    const leases3 = await Promise.all(slotsOf(options).map((name2) => leaseNamed(api, name2)));
    refuseAfterFailure(leases3, options);
    const holders = leases3.map((lease2) => lease2?.spec?.holderIdentity ?? "");
    for (const [slot, lease2] of leases3.entries()) {
      const name2 = slotsOf(options)[slot] ?? "";
      const version = lease2?.metadata.resourceVersion;
      if (seen.get(name2)?.version !== version || !seen.has(name2)) seen.set(name2, { version, at: performance.now() });
      const isExpired = performance.now() - (seen.get(name2)?.at ?? 0) > duration;
      const holder = holders[slot] ?? "";
      const isFree = holder === "" || holder === options.holder || isExpired || options.isGone?.(holder) === true;
      const mine = isFree ? await tryToTake(api, name2, lease2, options) : void 0;
      if (mine) return mine;
    }
    const others2 = holders.filter((holder) => holder !== "").join(", ");
    if (others2 !== logged) options.log.info(`${options.holder}: waits for its turn; now: ${others2}`);
    logged = others2;
    await delay3(poll, void 0, { signal: options.signal });
  }
}
function slotsOf({ name: name2, slots }) {
  return Array.from({ length: slots }, (_, slot) => `${name2}-${slot}`);
}
async function leaseNamed(api, name2) {
  return await ifFound(api.get(`${collection7}/${name2}`));
}
function refuseAfterFailure(leases3, { attempt, holder }) {
  const failed = leases3.find((lease2) => lease2?.metadata.annotations?.[failedAnnotation] === attempt);
  if (!failed) return;
  throw new Problem(`${holder}: not begun, because another host of this run has failed`, {
    code: "TURN_REFUSED",
    hint: "See the error of the other host, fix it, and run again."
  });
}
async function tryToTake(api, name2, lease2, { holder, times = usualTimes }) {
  const now = microTime();
  const leaseTransitions = (lease2?.spec?.leaseTransitions ?? -1) + 1;
  const leaseDurationSeconds = Math.max(1, Math.round(times.duration / 1e3));
  const spec = { holderIdentity: holder, leaseDurationSeconds, acquireTime: now, renewTime: now, leaseTransitions };
  try {
    if (lease2) {
      const metadata2 = { resourceVersion: lease2.metadata.resourceVersion };
      return await api.patch(`${collection7}/${name2}`, { metadata: metadata2, spec });
    }
    const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: name2, namespace }, spec };
    return await api.create(collection7, body);
  } catch (error) {
    if (isConflict(error)) return void 0;
    throw error;
  }
}
var Turn = class {
  #api;
  #options;
  #lost = new AbortController();
  #done = new AbortController();
  #renewing;
  #lease;
  constructor(api, options, lease2) {
    this.#api = api;
    this.#options = options;
    this.#lease = lease2;
    this.#renewing = this.#renewUntilDone();
  }
  /** Aborts when another one may have the turn. */
  get lost() {
    return this.#lost.signal;
  }
  async #renewUntilDone() {
    const { duration, renew } = this.#options.times ?? usualTimes;
    let renewed = performance.now();
    while (!this.#done.signal.aborted && !this.#lost.signal.aborted) {
      try {
        await delay3(renew, void 0, { signal: this.#done.signal, ref: false });
      } catch {
        return;
      }
      try {
        await this.#change({ spec: { renewTime: microTime() } });
        renewed = performance.now();
      } catch (error) {
        const isTaken = isConflict(error) && !await this.#isStillMine();
        if (isTaken || performance.now() - renewed > duration - renew) this.#lost.abort(lostTurn(this.#options, error));
      }
    }
  }
  /** After a conflict: the answer to an own change may have been lost. */
  async #isStillMine() {
    try {
      const lease2 = await leaseNamed(this.#api, this.#lease.metadata.name);
      if (lease2?.spec?.holderIdentity !== this.#options.holder) return false;
      this.#lease = lease2;
      return true;
    } catch {
      return true;
    }
  }
  async #change(body) {
    const { name: name2, resourceVersion } = this.#lease.metadata;
    const retryMs = (this.#options.times ?? usualTimes).renew;
    const metadata2 = { ...body.metadata, resourceVersion };
    this.#lease = await this.#api.patch(`${collection7}/${name2}`, { ...body, metadata: metadata2 }, { retryMs });
  }
  /** Gives the turn back. Where that is not possible, it expires. */
  async end(failed) {
    this.#done.abort();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    const metadata2 = failed ? { annotations: { [failedAnnotation]: this.#options.attempt } } : {};
    await this.#change({ metadata: metadata2, spec: { holderIdentity: "" } }).catch((error) => {
      if (!(error instanceof Problem)) throw error;
      this.#options.log.info(`${this.#options.holder}: its turn could not be given back and expires: ${error.message}`);
    });
  }
};
function lostTurn({ holder }, cause) {
  return new Problem(`${holder}: its turn was lost: the Lease could not be renewed`, {
    code: "TURN_LOST",
    hint: "The API did not answer for too long, or another run took the turn. Run again when the API answers.",
    cause
  });
}

// src/kubernetes/workloads.ts
var collections = { Deployment: "deployments", StatefulSet: "statefulsets", DaemonSet: "daemonsets" };
var annotation = "kubectl.kubernetes.io/restartedAt";
async function workloadOf(api, { namespace: namespace2, owner }) {
  if (owner?.kind !== "ReplicaSet") return named2(namespace2, owner);
  const path = `/apis/apps/v1/namespaces/${namespace2}/replicasets/${owner.name}`;
  const found = await ifFound(api.get(path, { metadataOnly: true }));
  return named2(
    namespace2,
    found?.metadata.ownerReferences?.find(({ controller }) => controller)
  );
}
function named2(namespace2, owner) {
  const kind = owner?.kind;
  if (kind !== "Deployment" && kind !== "StatefulSet" && kind !== "DaemonSet") return void 0;
  return { kind, namespace: namespace2, name: owner?.name ?? "" };
}
async function restartWorkload(api, { kind, namespace: namespace2, name: name2 }) {
  const path = `/apis/apps/v1/namespaces/${namespace2}/${collections[kind]}/${name2}`;
  const annotations = { [annotation]: (/* @__PURE__ */ new Date()).toISOString() };
  await api.patch(path, { spec: { template: { metadata: { annotations } } } }, { metadataOnly: true });
}

// src/kubernetes/index.ts
function openKubernetes(session, adminConf2, endpoint) {
  return new ApiClient(session, endpoint, adminConf2);
}

// src/phases/cluster-access.ts
async function adminConf(run, master) {
  const prepared = run.secrets?.get(master.name)?.files.find((file) => file.path === paths.adminConf);
  if (prepared && prepared.sha256 === void 0) return prepared.content;
  const text2 = run.inspections?.get(master.name)?.files.get(paths.adminConf) ?? await readAdminConf(run, master);
  if (text2 !== void 0) {
    const files = [secretFile(paths.adminConf, text2)];
    run.mask(secretValues({ cluster: run.cluster.name, host: master.name, authorities: {}, files }));
    return text2;
  }
  const hint = "Run the master action first.";
  throw new Problem(`there is no ${paths.adminConf} here`, { code: "NOT_A_MASTER", host: master.name, hint });
}
async function readAdminConf(run, master) {
  const { status, stdout } = await sessionOf(run, master).run(`cat ${paths.adminConf}`);
  return status === 0 ? stdout : void 0;
}
async function apiOf(run, master, { address } = master) {
  const endpoint = { address, port: run.cluster.api.port };
  const [session, conf] = [sessionOf(run, master), await adminConf(run, master)];
  const place = `${master.name} ${address}`;
  const known = run.apiConnections.get(place);
  if (known?.session === session && known.conf === conf) return openKubernetes(session, known.connections, endpoint);
  const connections = new KeptConnections(session, endpoint, conf);
  run.apiConnections.set(place, { session, conf, connections });
  return openKubernetes(session, connections, endpoint);
}
async function withMaster(run, master, work, at = master) {
  const api = await apiOf(run, master, at);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}
async function withApi(run, work, last) {
  const connected = hostsWith(run.cluster, "master").filter((host) => run.sessions.has(host.name));
  const masters = [...connected.filter((host) => host !== last), ...connected.filter((host) => host === last)];
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
  const hint = "Run journalctl -u kube-apiserver on a master for the reason.";
  throw new Problem("no master answers", { code: "API_UNREACHABLE", detail: refusals, hint });
}
function refusalOf(error) {
  if (error instanceof Problem) return error;
  throw error;
}

export {
  ApiProblem,
  isNotFound,
  isConflict,
  ifFound,
  begin,
  textOf,
  parseKubeconfig,
  secureContextOf,
  secure,
  TunnelAgent,
  follow,
  fieldManager,
  readPublishedAuthorities,
  writePublishedAuthorities,
  unavailableApis,
  aggregatedApis,
  waitWhile,
  whyNotServing,
  waitForApiServer,
  nameOf,
  applyManifests,
  whileApproving,
  bootstrapUser,
  putBootstrapToken,
  deleteBootstrapToken,
  deleteTokensOf,
  clientCertificate,
  cordonAnnotation,
  cordonNode,
  uncordonNode,
  nodeNamed,
  deleteNode,
  createNode,
  waitForNodes,
  whyNotReady,
  nodeReasons,
  readyNodes,
  nodeStatus,
  labelsOf,
  labelNodes,
  drainNode,
  trusts,
  elected,
  microTime,
  readLeases,
  watchLeases,
  parseManifests,
  readRecord,
  changeRecord,
  correctRestored,
  migrateStorage,
  rewriteObjects,
  rootAuthorities,
  longestPodToken,
  tokensOfOtherKeys,
  servingCollection,
  addressesOf,
  servingAddresses,
  tokenPods,
  inTurn,
  workloadOf,
  restartWorkload,
  openKubernetes,
  adminConf,
  withMaster,
  withApi
};
