import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  clientCertificateOf,
  kubeconfigText,
  localServer,
  parseYaml,
  readStandIn,
  standInText,
  toBeMade,
  tokenText
} from "./pki-bootstrap-token.js";
import {
  jsonOrUndefined
} from "./entry-json.js";
import {
  hostsWith,
  iso_exports,
  require_ipaddr
} from "./cluster-cluster.js";
import {
  apiServerUrl,
  components,
  paths
} from "./layout-addresses.js";
import {
  Bytes,
  inUnits,
  roles
} from "./entry-bytes.js";
import {
  Problem,
  array,
  base64,
  boolean,
  literal,
  object,
  record,
  strictObject,
  string,
  tuple,
  unknown
} from "./errors.js";
import {
  __toESM
} from "./runtime.js";

// src/phases/run.ts
function newRun(parts) {
  const { cluster, access, dryRun, name, log, mask } = parts;
  const named = parts.targets ?? new Map(roles.map((role) => [role, hostsWith(cluster, role).map((host) => host.name)]));
  const targets = new Map(
    [...named].map(([role, names]) => [role, hostsWith(cluster, role).filter((host) => names.includes(host.name))])
  );
  return {
    cluster,
    access,
    dryRun,
    name,
    attempt: parts.attempt ?? name,
    commit: parts.commit,
    log,
    mask,
    targets,
    rejoin: new Set(parts.rejoin),
    forget: new Set(parts.forget),
    now: /* @__PURE__ */ new Date(),
    connections: /* @__PURE__ */ new Map(),
    apiConnections: /* @__PURE__ */ new Map(),
    issued: [],
    etcd: { facts: void 0, voters: [], bootstrap: /* @__PURE__ */ new Map() },
    gate: dryRun ? void 0 : parts.gate,
    objects: [],
    results: [],
    drains: [],
    timings: []
  };
}
function targetsOf(run, role) {
  return run.targets.get(role) ?? [];
}
function allTargets(run) {
  const names = new Set([...run.targets.values()].flat().map((host) => host.name));
  return run.cluster.hosts.filter((host) => names.has(host.name));
}

// src/layout/secrets.ts
var both = ({ crt, key: key2 }) => [crt, key2];
var trust = {
  master: [
    paths.encryptionConfig,
    paths.nextCaKey,
    paths.signingCa,
    ...[paths.ca, paths.frontProxyCa, paths.etcdCa].flatMap(both),
    paths.serviceAccount.key,
    paths.serviceAccount.pub
  ],
  etcd: [paths.etcd.ca],
  node: [paths.ca.crt]
};
var records = Object.values(components);
var pairsOf = (all) => all.flatMap(({ certificates = {} }) => Object.values(certificates));
function roleSecrets(role) {
  const own = records.filter(({ roles: roles2 }) => roles2.includes(role));
  return { trust: trust[role], pairs: pairsOf(own), kubeconfigs: own.flatMap(({ kubeconfig = [] }) => kubeconfig) };
}
function secretPathsOf(role) {
  const { kubeconfigs: kubeconfigs2, trust: own, pairs } = roleSecrets(role);
  return [...kubeconfigs2.map(({ path }) => path), ...own, ...pairs.flatMap(both)];
}
function leafsOf(authority) {
  return pairsOf(records).flatMap((pair) => pair.authority === authority ? pair.crt : []);
}

// node_modules/is-network-error/index.js
var objectToString = Object.prototype.toString;
var isError = (value) => objectToString.call(value) === "[object Error]";
var errorMessages = /* @__PURE__ */ new Set([
  "network error",
  // Chrome
  "NetworkError when attempting to fetch resource.",
  // Firefox
  "The Internet connection appears to be offline.",
  // Safari 16
  "Network request failed",
  // `cross-fetch`
  "fetch failed",
  // Undici (Node.js)
  "terminated",
  // Undici (Node.js)
  " A network error occurred.",
  // Bun (WebKit)
  "Network connection lost"
  // Cloudflare Workers (fetch)
]);
function isNetworkError(error) {
  const isValid = error && isError(error) && error.name === "TypeError" && typeof error.message === "string";
  if (!isValid) {
    return false;
  }
  const { message, stack } = error;
  if (message === "Load failed" || message.startsWith("Load failed (") && message.endsWith(")")) {
    return stack === void 0 || "__sentry_captured__" in error;
  }
  if (message.startsWith("error sending request for url")) {
    return true;
  }
  if (message === "Failed to fetch" || message.startsWith("Failed to fetch (") && message.endsWith(")")) {
    return true;
  }
  return errorMessages.has(message);
}

// node_modules/p-retry/index.js
function validateRetries(retries) {
  if (typeof retries === "number") {
    if (retries < 0) {
      throw new TypeError("Expected `retries` to be a non-negative number.");
    }
    if (Number.isNaN(retries)) {
      throw new TypeError("Expected `retries` to be a valid number or Infinity, got NaN.");
    }
  } else if (retries !== void 0) {
    throw new TypeError("Expected `retries` to be a number or Infinity.");
  }
}
function validateNumberOption(name, value, { min = 0, allowInfinity = false } = {}) {
  if (value === void 0) {
    return;
  }
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`Expected \`${name}\` to be a number${allowInfinity ? " or Infinity" : ""}.`);
  }
  if (!allowInfinity && !Number.isFinite(value)) {
    throw new TypeError(`Expected \`${name}\` to be a finite number.`);
  }
  if (value < min) {
    throw new TypeError(`Expected \`${name}\` to be \u2265 ${min}.`);
  }
}
var AbortError = class extends Error {
  constructor(message) {
    super();
    if (message instanceof Error) {
      this.originalError = message;
      ({ message } = message);
    } else {
      this.originalError = new Error(message);
      this.originalError.stack = this.stack;
    }
    this.name = "AbortError";
    this.message = message;
  }
};
function calculateDelay(retriesConsumed, options) {
  const attempt = Math.max(1, retriesConsumed + 1);
  const random = options.randomize ? Math.random() + 1 : 1;
  let timeout = Math.round(random * options.minTimeout * options.factor ** (attempt - 1));
  timeout = Math.min(timeout, options.maxTimeout);
  return timeout;
}
function calculateRemainingTime(start, max) {
  if (!Number.isFinite(max)) {
    return max;
  }
  return max - (performance.now() - start);
}
async function onAttemptFailure({ error, attemptNumber, retriesConsumed, startTime, options }) {
  const normalizedError = error instanceof Error ? error : new TypeError(`Non-error was thrown: "${error}". You should only throw errors.`);
  if (normalizedError instanceof AbortError) {
    throw normalizedError.originalError;
  }
  const retriesLeft = Number.isFinite(options.retries) ? Math.max(0, options.retries - retriesConsumed) : options.retries;
  const maxRetryTime = options.maxRetryTime ?? Number.POSITIVE_INFINITY;
  const context = Object.freeze({
    error: normalizedError,
    attemptNumber,
    retriesLeft,
    retriesConsumed
  });
  await options.onFailedAttempt(context);
  if (calculateRemainingTime(startTime, maxRetryTime) <= 0) {
    throw normalizedError;
  }
  const consumeRetry = await options.shouldConsumeRetry(context);
  const remainingTime = calculateRemainingTime(startTime, maxRetryTime);
  if (remainingTime <= 0 || retriesLeft <= 0) {
    throw normalizedError;
  }
  if (normalizedError instanceof TypeError && !isNetworkError(normalizedError)) {
    if (consumeRetry) {
      throw normalizedError;
    }
    options.signal?.throwIfAborted();
    return false;
  }
  if (!await options.shouldRetry(context)) {
    throw normalizedError;
  }
  if (!consumeRetry) {
    options.signal?.throwIfAborted();
    return false;
  }
  const delayTime = calculateDelay(retriesConsumed, options);
  const finalDelay = Math.min(delayTime, remainingTime);
  options.signal?.throwIfAborted();
  if (finalDelay > 0) {
    await new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timeoutToken);
        options.signal?.removeEventListener("abort", onAbort);
        reject(options.signal.reason);
      };
      const timeoutToken = setTimeout(() => {
        options.signal?.removeEventListener("abort", onAbort);
        resolve();
      }, finalDelay);
      if (options.unref) {
        timeoutToken.unref?.();
      }
      options.signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
  options.signal?.throwIfAborted();
  return true;
}
async function pRetry(input, options = {}) {
  options = { ...options };
  validateRetries(options.retries);
  if (Object.hasOwn(options, "forever")) {
    throw new Error("The `forever` option is no longer supported. For many use-cases, you can set `retries: Infinity` instead.");
  }
  options.retries ??= 10;
  options.factor ??= 2;
  options.minTimeout ??= 1e3;
  options.maxTimeout ??= Number.POSITIVE_INFINITY;
  options.maxRetryTime ??= Number.POSITIVE_INFINITY;
  options.randomize ??= false;
  options.onFailedAttempt ??= () => {
  };
  options.shouldRetry ??= () => true;
  options.shouldConsumeRetry ??= () => true;
  validateNumberOption("factor", options.factor, { min: 0, allowInfinity: false });
  validateNumberOption("minTimeout", options.minTimeout, { min: 0, allowInfinity: false });
  validateNumberOption("maxTimeout", options.maxTimeout, { min: 0, allowInfinity: true });
  validateNumberOption("maxRetryTime", options.maxRetryTime, { min: 0, allowInfinity: true });
  if (!(options.factor > 0)) {
    options.factor = 1;
  }
  options.signal?.throwIfAborted();
  let attemptNumber = 0;
  let retriesConsumed = 0;
  const startTime = performance.now();
  while (Number.isFinite(options.retries) ? retriesConsumed <= options.retries : true) {
    attemptNumber++;
    try {
      options.signal?.throwIfAborted();
      const result = await input(attemptNumber);
      options.signal?.throwIfAborted();
      return result;
    } catch (error) {
      if (await onAttemptFailure({
        error,
        attemptNumber,
        retriesConsumed,
        startTime,
        options
      })) {
        retriesConsumed++;
      }
    }
  }
  throw new Error("Retry attempts exhausted without throwing an error.");
}

// src/pki/x509-read.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
import { X509Certificate } from "node:crypto";
var usageIds = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth"
};
function readCertificate(pem) {
  try {
    return new X509Certificate(pem);
  } catch {
    return void 0;
  }
}
function fingerprint(certificate) {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}
function notBefore(certificate) {
  return new Date(certificate.validFrom);
}
function notAfter(certificate) {
  return new Date(certificate.validTo);
}
function signedBy(certificate, authority) {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
function subjectOf(certificate) {
  return (certificate.subject ?? "").split("\n").sort();
}
function usagesOf(certificate) {
  return (certificate.keyUsage ?? []).map((id) => usageIds[id] ?? id).sort();
}
function namesOf(certificate) {
  const names = certificate.subjectAltName?.split(", ") ?? [];
  return names.map((name) => name.startsWith("IP Address:") ? `IP:${oneSpelling(name.slice("IP Address:".length))}` : name).sort();
}
function oneSpelling(address) {
  return import_ipaddr.default.isValid(address) ? import_ipaddr.default.parse(address).toNormalizedString() : address;
}

// src/pki/age-identity.ts
async function readIdentity(secret, title = "the bundles\u2019 key") {
  const age = await import("./age-encryption.js");
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const [identity, ...others] = lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (identity === void 0 || others.length > 0) throw invalid(title, identity ? "more than one" : "no");
  try {
    return { identity, recipient: await age.identityToRecipient(identity) };
  } catch {
    throw invalid(title, "a damaged");
  }
}
function invalid(title, what) {
  return new Problem(`${title} contains ${what} age identity`, {
    code: "IDENTITY_INVALID",
    hint: "Store what `age-keygen` prints (AGE-SECRET-KEY-1\u2026) as the repository\u2019s secret."
  });
}

// src/layout/authorities.ts
var authorityRecords = {
  kubernetes: { commonName: "kubernetes", ...paths.ca, nextKey: paths.nextCaKey, copies: [paths.ca.crt] },
  etcd: { commonName: "etcd-ca", ...paths.etcdCa, copies: [paths.etcdCa.crt, paths.etcd.ca] },
  "front-proxy": { commonName: "front-proxy-ca", ...paths.frontProxyCa, copies: [paths.frontProxyCa.crt] }
};
function nextKeyPath(name) {
  const { nextKey } = authorityRecords[name];
  return nextKey;
}
var authorityNames = Object.keys(authorityRecords);

// src/pki/keys.ts
import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
var generate = promisify(generateKeyPair);
var publicKeyEncoding = { type: "spki", format: "pem" };
async function newSigningPair() {
  const privateKeyEncoding = { type: "pkcs1", format: "pem" };
  const pair = await generate("rsa", { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding });
  return { key: pair.privateKey, pub: pair.publicKey };
}
async function newLeafPair() {
  const privateKeyEncoding = { type: "sec1", format: "pem" };
  const pair = await generate("ec", { namedCurve: "P-256", privateKeyEncoding, publicKeyEncoding });
  return { key: pair.privateKey, pub: pair.publicKey };
}
function publicHalf(key2) {
  return createPublicKey(key2).export({ type: "spki", format: "pem" }).toString();
}
function keyId(pem) {
  const standIn = readStandIn(pem);
  if (standIn) return standIn.publicHalf;
  try {
    return sha256(createPublicKey(pem).export({ type: "spki", format: "der" }));
  } catch {
    return void 0;
  }
}
function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

// src/pki/encryption.ts
import { randomBytes } from "node:crypto";
var key = object({ name: string(), secret: base64() });
var provider = object({ keys: array(key).min(1) });
var configuration = object({
  kind: literal("EncryptionConfiguration"),
  resources: array(object({ providers: array(record(string(), unknown())) })).min(1)
});
var ours = strictObject({
  apiVersion: literal("apiserver.config.k8s.io/v1"),
  kind: literal("EncryptionConfiguration"),
  resources: tuple([
    strictObject({
      resources: array(string().regex(/^[a-z]+$/)).min(1),
      providers: tuple([
        strictObject({
          secretbox: strictObject({
            keys: array(key.extend({ name: string().regex(/^[\w.-]+$/) }).strict()).min(1)
          })
        }),
        strictObject({ identity: strictObject({}) })
      ])
    })
  ])
});
function newEncryptionConfig() {
  return encryptionConfig({ resources: ["secrets"], keys: [newKey("key1")] });
}
function newKey(name) {
  return { name, secret: randomBytes(32).toString("base64") };
}
function encryptionConfig({ resources, keys }) {
  const lines = keys.map(({ name, secret }) => `            - { name: ${name}, secret: ${secret} }
`);
  return `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [${resources.join(", ")}]
    providers:
      - secretbox:
          keys:
${lines.join("")}      - identity: {}
`;
}
function readEncryption(text) {
  const read = ours.safeParse(parsed(text));
  if (!read.success) return void 0;
  const [{ resources, providers }] = read.data.resources;
  return { resources, keys: providers[0].secretbox.keys };
}
function encryptionKeys(text) {
  const read = configuration.safeParse(parsed(text));
  if (!read.success) return [];
  const providers = read.data.resources.flatMap((resource) => resource.providers.flatMap(Object.values));
  return providers.flatMap((each) => provider.safeParse(each).data?.keys.map(({ secret }) => secret) ?? []);
}
function parsed(text) {
  if (!text.includes("EncryptionConfiguration")) return void 0;
  try {
    return parseYaml(text, Error);
  } catch {
    return void 0;
  }
}

// src/pki/x509-write.ts
import { createPrivateKey, createPublicKey as createPublicKey2, randomBytes as randomBytes2, sign } from "node:crypto";
var day = 24 * 3600 * 1e3;
var clockSkew = 5 * 60 * 1e3;
var leafDays = 365;
var authorityLife = 3650 * day;
async function loadForge() {
  return (await import("./node-forge.js")).default;
}
async function selfSign(commonName, key2, now) {
  const forge = await loadForge();
  const draft = {
    subject: [{ name: "commonName", value: commonName }],
    publicKey: publicHalf(key2),
    notBefore: new Date(now.getTime() - clockSkew),
    notAfter: new Date(now.getTime() + authorityLife),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, cRLSign: true, critical: true },
      { name: "subjectKeyIdentifier" }
    ]
  };
  return write(forge, draft, key2);
}
async function signerOf(authority) {
  const forge = await loadForge();
  const issuer = forge.pki.certificateFromPem(authority.crt);
  const issuerName = subjectNode(issuer.tbsCertificate);
  const authorityEnd = issuer.validity.notAfter.getTime();
  const identifier = issuer.getExtension("subjectKeyIdentifier");
  const keyIdentifier = identifier?.subjectKeyIdentifier;
  const fromAuthority = keyIdentifier ? [{ name: "authorityKeyIdentifier", keyIdentifier: forge.util.hexToBytes(keyIdentifier) }] : [];
  return (leaf, publicKey, now) => {
    const draft = {
      subject: subjectFields(leaf),
      issuer: issuerName,
      publicKey,
      notBefore: new Date(now.getTime() - clockSkew),
      notAfter: new Date(Math.min(now.getTime() + (leaf.days ?? leafDays) * day, authorityEnd)),
      extensions: [...leafExtensions(leaf), ...fromAuthority]
    };
    return write(forge, draft, authority.key);
  };
}
function subjectFields(leaf) {
  const organization = leaf.organization ? [{ name: "organizationName", value: leaf.organization }] : [];
  return [...organization, { name: "commonName", value: leaf.commonName }];
}
function leafExtensions(leaf) {
  const dns = leaf.dns.map((value) => ({ type: 2, value }));
  const ips = leaf.ips.map((ip) => ({ type: 7, ip }));
  const altNames = [...dns, ...ips];
  return [
    { name: "basicConstraints", cA: false, critical: true },
    // An elliptic-curve key does not encipher: RFC 8813, section 3.
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", ...Object.fromEntries(leaf.usages.map((usage) => [usage, true])) },
    ...altNames.length > 0 ? [{ name: "subjectAltName", altNames }] : []
  ];
}
function write(forge, draft, signingKey) {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicHalf(signingKey));
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = draft.notBefore;
  certificate.validity.notAfter = draft.notAfter;
  certificate.setSubject(draft.subject);
  certificate.setIssuer(draft.subject);
  certificate.setExtensions([...draft.extensions]);
  const key2 = createPrivateKey(signingKey);
  const nativeKey = {
    sign: () => {
      replaceNodes(certificate.tbsCertificate, {
        publicKey: publicKeyNode(forge, draft.publicKey),
        ...draft.issuer && { issuer: draft.issuer }
      });
      const der = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), "latin1");
      return sign("sha256", der, key2).toString("latin1");
    }
  };
  certificate.sign(nativeKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll("\r", "");
}
var places = { issuer: 3, subject: 5, publicKey: 6 };
function subjectNode(tbsCertificate) {
  const subject = nodesOf(tbsCertificate)[places.subject];
  if (!subject) throw new TypeError("a certificate without a subject");
  return subject;
}
function publicKeyNode(forge, pem) {
  const der = createPublicKey2(pem).export({ type: "spki", format: "der" });
  return forge.asn1.fromDer(forge.util.createBuffer(der.toString("latin1")));
}
function replaceNodes(tbsCertificate, nodes) {
  for (const [part, node] of Object.entries(nodes)) nodesOf(tbsCertificate)[places[part]] = node;
}
function nodesOf({ value }) {
  return Array.isArray(value) ? value : [];
}
function serialNumber() {
  const bytes = randomBytes2(16);
  bytes[0] = (bytes[0] ?? 0) & 127 | 64;
  return bytes.toString("hex");
}

// src/pki/authorities.ts
async function planAuthorities(now, kept = {}) {
  const { key: key2 } = await newSigningPair();
  const authority = async (name) => {
    const crt = kept[name]?.crt ?? await selfSign(authorityRecords[name].commonName, key2, now);
    return { key: kept[name]?.key ?? toBeMade, crt };
  };
  const [kubernetes, etcd, frontProxy] = await Promise.all([
    authority("kubernetes"),
    authority("etcd"),
    authority("front-proxy")
  ]);
  const serviceAccount = kept.serviceAccount ?? { key: toBeMade, pub: toBeMade };
  const encryptionConfig2 = kept.encryptionConfig ?? toBeMade;
  return { kubernetes, etcd, "front-proxy": frontProxy, serviceAccount, encryptionConfig: encryptionConfig2 };
}
async function makeAuthority(name, now, kept) {
  const key2 = kept ?? (await newSigningPair()).key;
  return { key: key2, crt: await selfSign(authorityRecords[name].commonName, key2, now) };
}
async function makeAuthorities(now, kept = {}) {
  const authority = async (name) => {
    const { key: key2, crt } = kept[name] ?? {};
    return key2 !== void 0 && crt !== void 0 ? { key: key2, crt } : await makeAuthority(name, now, key2);
  };
  const [kubernetes, etcd, frontProxy, serviceAccount] = await Promise.all([
    authority("kubernetes"),
    authority("etcd"),
    authority("front-proxy"),
    kept.serviceAccount ?? newSigningPair()
  ]);
  const encryptionConfig2 = kept.encryptionConfig ?? newEncryptionConfig();
  return { kubernetes, etcd, "front-proxy": frontProxy, serviceAccount, encryptionConfig: encryptionConfig2 };
}

// src/pki/authority-files.ts
var trustPaths = authorityNames.flatMap((name) => authorityRecords[name].copies);
function authorityFiles(authorities) {
  const pairs = authorityNames.flatMap((name) => [
    ...nextKeyFile(name, authorities[name]),
    secretFile(authorityRecords[name].key, authorities[name].key),
    publicFile(authorityRecords[name].crt, authorities[name].crt)
  ]);
  return [
    ...pairs,
    secretFile(paths.serviceAccount.key, authorities.serviceAccount.key),
    publicFile(paths.serviceAccount.pub, authorities.serviceAccount.pub),
    secretFile(paths.encryptionConfig, authorities.encryptionConfig)
  ];
}
function nextKeyFile(name, { nextKey }) {
  const path = nextKeyPath(name);
  return path === void 0 || nextKey === void 0 ? [] : [secretFile(path, nextKey)];
}
function authorityFingerprints(authorities) {
  const of = (name) => fingerprintOf(authorities[name].crt) ?? "";
  return { kubernetes: of("kubernetes"), etcd: of("etcd"), "front-proxy": of("front-proxy") };
}
function seenFingerprints(files) {
  const prints = authorityNames.map((name) => {
    const [text] = authorityRecords[name].copies.flatMap((path) => files.get(path) ?? []);
    return [name, text && fingerprintOf(text)];
  });
  return Object.fromEntries(prints.filter((entry) => Boolean(entry[1])));
}
function fingerprintOf(pem) {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}
function secretFile(path, content, owner = "root:root") {
  return { path, content, mode: "600", owner, secret: true, ...hashIn(content) };
}
function publicFile(path, content) {
  return { path, content, mode: "644", owner: "root:root", secret: false, ...hashIn(content) };
}
function hashIn(content) {
  const standIn = readStandIn(content);
  return standIn ? { sha256: standIn.sha256 } : {};
}

// src/pki/age-envelope.ts
var lengthStanza = "k8s-ha-action/length";
var magic = "age-encryption.org/v1\n";
var headerEnd = /\n--- [^\n]*\n/;
async function lengthRecipient(plaintextBytes) {
  const { Stanza } = await import("./age-encryption.js");
  const length = String(payloadBytes(plaintextBytes));
  return { wrapFileKey: () => [new Stanza([lengthStanza, length], new Uint8Array())] };
}
function judgeEnvelope(bytes, length = bytes.length) {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith(magic)) return magic.startsWith(text) ? "truncated" : "foreign";
  const end = headerEnd.exec(text);
  if (!end) return "truncated";
  const header = text.slice(0, end.index);
  const written = new RegExp(`
-> ${lengthStanza} (\\d+)`).exec(header)?.[1];
  if (written === void 0) return "whole";
  const missing = Number(written) - (length - end.index - end[0].length);
  if (missing === 0) return "whole";
  return missing > 0 ? "truncated" : "overlong";
}
function payloadBytes(plaintextBytes) {
  const chunk = 64 * 1024;
  return 16 + plaintextBytes + 16 * Math.max(1, Math.ceil(plaintextBytes / chunk));
}

// src/pki/bundle.ts
var format = "k8s-ha-action/bundle/v1";
var most = { bytes: 4 * 1024 * 1024, files: 100, content: 1024 * 1024, name: 253, hosts: 1e3, url: 2048 };
var file = strictObject({
  path: string(),
  content: string().max(most.content),
  mode: string().regex(/^[0-7]{3}$/),
  owner: string().regex(/^[a-z]+:[a-z]+$/),
  secret: boolean()
});
var bundle = object({
  format: literal(format),
  cluster: string().max(most.name),
  host: string().max(most.name),
  sealedAt: iso_exports.datetime().optional(),
  authorities: record(string(), string().max(most.name)),
  files: array(file).max(most.files),
  startsEtcd: literal(true).optional(),
  newMasters: array(string().max(most.name)).max(most.hosts).optional(),
  versions: record(string().max(most.name), string().regex(/^\d{1,6}\.\d{1,6}(\.\d{1,6})?$/)).optional(),
  sums: record(string().max(most.url), string().regex(/^[0-9a-f]{64}$/)).optional()
});
async function sealBundle(secrets, recipient, meta) {
  const age = await import("./age-encryption.js");
  const made = { sealedAt: meta.sealedAt.toISOString(), ...meta.run === void 0 ? {} : { run: meta.run } };
  const plaintext = Buffer.from(`${JSON.stringify({ format, ...made, ...secrets }, null, 1)}
`);
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(recipient);
  encrypter.addRecipient(await lengthRecipient(plaintext.length));
  return await encrypter.encrypt(plaintext);
}
async function openBundle(bytes, secretKey, expected) {
  const refuse = (code, message, hint2) => new Problem(`the bundle of ${expected.host} ${message}`, { code, hint: hint2, host: expected.host });
  const { identity } = await readIdentity(secretKey);
  if (bytes.length > most.bytes) throw refuse("BUNDLE_UNREADABLE", `has more than ${inUnits(most.bytes)}`, checkNames);
  const outside = outsideFaults[judgeEnvelope(bytes)];
  if (outside) throw refuse(...outside);
  const secrets = readPayload(await decrypt(bytes, identity, refuse));
  if (!secrets) throw refuse("BUNDLE_UNREADABLE", "is not in a form that this version reads", newBundles);
  const { cluster, host } = secrets;
  if (cluster !== expected.cluster)
    throw refuse("BUNDLE_OTHER_CLUSTER", `is of the cluster ${cluster}, not ${expected.cluster}`, checkNames);
  if (host !== expected.host) throw refuse("BUNDLE_OTHER_HOST", `is of the host ${host}`, checkNames);
  return secrets;
}
var newBundles = "Run the pki job again, then this one.";
var checkNames = `Which artifact does this job download, and what else writes it? ${newBundles}`;
var tampered = ["BUNDLE_TAMPERED", "was changed after it was encrypted", `Find out by whom. ${newBundles}`];
var outsideFaults = {
  foreign: ["BUNDLE_NOT_AGE", "is not an age file", checkNames],
  truncated: ["BUNDLE_TRUNCATED", "is cut off", newBundles],
  overlong: tampered,
  whole: void 0
};
async function decrypt(bytes, identity, refuse) {
  const age = await import("./age-encryption.js");
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes, "text");
  } catch (error) {
    const otherKey = error instanceof Error && error.message.startsWith("no identity matched");
    if (!otherKey) throw refuse(...tampered);
    throw refuse("BUNDLE_OTHER_KEY", "is encrypted for another key", `Was the secret changed since? ${newBundles}`);
  }
}
var knownPaths = new Set(leavesOf(paths));
function readPayload(text) {
  const { data } = bundle.safeParse(jsonOrUndefined(text));
  if (!data?.files.every(({ path }) => knownPaths.has(path))) return void 0;
  const { cluster, host, authorities, files, sealedAt, startsEtcd, newMasters, versions, sums } = data;
  return {
    ...{ cluster, host, authorities, files },
    ...sealedAt && { sealedAt },
    ...startsEtcd && { startsEtcd },
    ...newMasters && { newMasters },
    ...versions && { versions },
    ...sums && { sums }
  };
}
function leavesOf(tree) {
  return Object.values(tree).flatMap((value) => typeof value === "string" ? value : leavesOf(value));
}

// src/pki/certificate-request.ts
import { createPrivateKey as createPrivateKey2, sign as sign2 } from "node:crypto";
async function certificateRequest({ user, groups }, key2) {
  const forge = (await import("./node-forge.js")).default;
  const valueTagClass = forge.asn1.Type.UTF8;
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicHalf(key2));
  request.setSubject([
    ...groups.map((value) => ({ name: "organizationName", value, valueTagClass })),
    { name: "commonName", value: user, valueTagClass }
  ]);
  const native = createPrivateKey2(key2);
  const nativeKey = {
    sign: () => sign2("sha256", infoOf(forge, request), native).toString("latin1")
  };
  request.sign(nativeKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll("\r", "");
}
function infoOf(forge, request) {
  const { certificationRequestInfo } = request;
  return Buffer.from(forge.asn1.toDer(certificationRequestInfo).getBytes(), "latin1");
}

// src/pki/certificates.ts
var import_ipaddr2 = __toESM(require_ipaddr(), 1);
function certificatesFor(cluster, host) {
  const serving = {
    etcd: (_, each) => memberCertificates(each),
    master: (...each) => [apiserverCertificate(...each)],
    node: (_, each) => [kubeletCertificate(each)]
  };
  return host.roles.flatMap((role) => [...serving[role](cluster, host), ...clientCertificates(cluster, host, role)]);
}
function pathOf({ place }) {
  return place.kind === "pair" ? place.crt : place.path;
}
function clientCertificates(cluster, host, role) {
  const { pairs, kubeconfigs: kubeconfigs2 } = roleSecrets(role);
  const server = role === "master" ? apiServerUrl(host.address, cluster.api.port) : localServer(cluster);
  const clientOnly = { dns: [], ips: [], usages: ["clientAuth"] };
  return [
    ...pairs.flatMap(
      (pair) => pair.user === void 0 ? [] : [{ ...inFiles(pair), commonName: pair.user, ...clientOnly }]
    ),
    ...kubeconfigs2.map(({ path, user, group }) => {
      const who = group === void 0 ? { commonName: user } : { commonName: user, organization: group };
      return { authority: "kubernetes", place: { kind: "kubeconfig", path, server, user }, ...who, ...clientOnly };
    })
  ];
}
function apiserverCertificate(cluster, host) {
  const service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster"];
  const domain = `kubernetes.default.svc.${cluster.network.dnsDomain}`;
  const masters = hostsWith(cluster, "master").map((master) => master.address);
  const names = [...service, domain, host.name, host.nodeName, "localhost", host.address, ...masters];
  const all = [...names, cluster.serviceAddress, "127.0.0.1", ...cluster.api.certSANs];
  return {
    ...inFiles(components.apiServer.certificates.serving),
    commonName: "kube-apiserver",
    ...dnsAndIps(all),
    usages: ["serverAuth"]
  };
}
function memberCertificates(host) {
  const { server, peer } = components.etcd.certificates;
  const names = dnsAndIps([host.name, host.nodeName, "localhost", host.address, "127.0.0.1"]);
  const usages = ["clientAuth", "serverAuth"];
  return [server, peer].map((pair) => ({ ...inFiles(pair), commonName: host.nodeName, ...names, usages }));
}
function kubeletCertificate(host) {
  return {
    ...inFiles(components.kubelet.certificates.serving),
    commonName: `system:node:${host.nodeName}`,
    organization: "system:nodes",
    ...dnsAndIps([host.nodeName, host.name, host.address]),
    // Not clientAuth: a stolen key must not give access to the API as the node.
    usages: ["serverAuth"]
  };
}
function inFiles({ authority, crt, key: key2, owner }) {
  return { authority, place: { kind: "pair", crt, key: key2, keyOwner: owner } };
}
function dnsAndIps(names) {
  const unique = [...new Set(names.map(oneSpelling))].sort();
  return { dns: unique.filter((name) => !import_ipaddr2.default.isValid(name)), ips: unique.filter((name) => import_ipaddr2.default.isValid(name)) };
}

// src/pki/encryption-rotation.ts
function nextStep({ keys }) {
  if (keys.length === 1) return "add";
  const [first, second] = keys.map(({ name }) => numberOf(name));
  if (keys.length !== 2 || first === void 0 || second === void 0 || first === second) return void 0;
  return first < second ? "promote" : "retire";
}
function afterStep({ resources, keys }, step) {
  if (step === "add") {
    const highest = Math.max(...keys.map(({ name }) => numberOf(name) ?? 0));
    return { resources, keys: [...keys, newKey(`key${highest + 1}`)] };
  }
  return { resources, keys: step === "promote" ? keys.toReversed() : keys.slice(0, 1) };
}
function agreedEncryption(texts) {
  const known2 = texts.flatMap((text) => {
    const encryption = readEncryption(text);
    return encryption ? [{ text, encryption }] : [];
  });
  const [one, other, ...more] = known2;
  if (texts.length !== 2 || !one || !other || more.length > 0) return void 0;
  if (follows(one.encryption, other.encryption)) return laterOf(other, one).text;
  return follows(other.encryption, one.encryption) ? laterOf(one, other).text : void 0;
}
function laterOf(earlier, later) {
  return later.encryption.keys.length >= earlier.encryption.keys.length ? later : earlier;
}
function follows(later, earlier) {
  const step = nextStep(earlier);
  if (step === void 0 || later.resources.join() !== earlier.resources.join()) return false;
  const added = step === "add" && nextStep(later) === "promote";
  const wanted = added ? [...earlier.keys, ...later.keys.slice(1)] : afterStep(earlier, step).keys;
  return JSON.stringify(later.keys) === JSON.stringify(wanted);
}
function numberOf(name) {
  const digits = /^key(\d{1,9})$/.exec(name)?.[1];
  return digits === void 0 ? void 0 : Number(digits);
}

// src/pki/key-blocks.ts
import { createPrivateKey as createPrivateKey3 } from "node:crypto";
var begin = "-----BEGIN ";
var dashes = "-----";
var writtenEnd = /(?:\\r)?\\n/g;
var base64Run = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{80,}={0,2}/g;
function keyBlocks(text) {
  const decoded = (text.match(base64Run) ?? []).map((run) => Buffer.from(run, "base64").toString("latin1"));
  return [text, ...decoded].flatMap(blocksIn);
}
function blocksIn(text) {
  if (!text.includes("PRIVATE KEY")) return [];
  const [, ...parts] = text.replace(writtenEnd, "\n").split(begin);
  return parts.flatMap((part) => {
    const [label = "", body = "", ...end] = part.split(dashes, 3);
    if (!label.endsWith("PRIVATE KEY")) return [];
    const words = body.split(/\s+/).filter(Boolean);
    return [{ text: [begin + label, body, ...end].join(dashes) + (end.length > 0 ? dashes : ""), words }];
  });
}
function keyWords({ words }) {
  const coded = words.filter((word) => /^[A-Za-z0-9+/]+={0,2}$/.test(word));
  if (isExactlyKey(Buffer.from(coded.join(""), "base64"))) return coded;
  return coded.filter((word) => word.length >= 16 && /[A-Z]/.test(word) && /[a-z]/.test(word));
}
var forms = ["pkcs8", "pkcs1", "sec1"];
function isExactlyKey(der) {
  return forms.some((type) => {
    try {
      return exported(createPrivateKey3({ key: der, format: "der", type }), type).equals(der);
    } catch {
      return false;
    }
  });
}
function exported(key2, type) {
  return key2.export({ type, format: "der" });
}
var sole = /^[ \t\r\n]*-----BEGIN ([A-Z ]*PRIVATE KEY)-----\r?\n(?:[A-Za-z0-9+/]+={0,2}\r?\n)+-----END \1-----\s*$/;
function isSoleKey(text) {
  return readStandIn(text)?.isAlone ?? sole.test(text);
}

// src/pki/find-pair.ts
function findPair(place, masters, inUse) {
  for (const master of masters) checkFit(place, master);
  const keys = collect(place.key, masters);
  const halves = collect(place.half, masters);
  const whole = halves.filter((half2) => keys.some((key3) => key3.keyId === half2.keyId));
  const strayHalves = halves.filter((half2) => !whole.includes(half2) && inUse(half2.text));
  const [key2, ...otherKeys] = keys;
  if (otherKeys.length > 0) throw disagreement(place.title, place.key, keys);
  if (whole.length > 1) throw disagreement(place.title, place.half, halves);
  if (key2 && strayHalves.length > 0) throw disagreement(place.title, place.half, halves);
  const [half] = whole;
  return key2 && (half ? { key: key2.text, half: half.text } : { key: key2.text });
}
function checkFit({ title, key: key2, half }, { host, files }) {
  const ids = [key2, half].map((path) => {
    const text2 = files.get(path);
    const id = text2 === void 0 ? void 0 : keyId(text2);
    if (text2 !== void 0 && id === void 0) throw broken(host, path, `the file of the ${title} can\u2019t be read`);
    return id;
  });
  const text = files.get(key2);
  if (text !== void 0 && !isSoleKey(text)) throw surrounded(host, key2, title);
  const [keyHas, halfHas] = ids;
  if (keyHas !== void 0 && halfHas !== void 0 && keyHas !== halfHas)
    throw broken(host, key2, `the key of the ${title} does not match ${half}`);
}
function collect(path, masters) {
  const seen = /* @__PURE__ */ new Map();
  for (const { host, files } of masters) {
    const text = files.get(path);
    const key2 = text === void 0 ? void 0 : keyId(text);
    if (text === void 0 || key2 === void 0) continue;
    const certificate = readCertificate(text);
    const id = certificate ? fingerprint(certificate) : key2;
    const known2 = seen.get(id);
    seen.set(id, known2 ? { ...known2, hosts: [...known2.hosts, host] } : { text, keyId: key2, id, hosts: [host] });
  }
  return [...seen.values()];
}
function disagreement(title, path, versions, hint2 = "Find out which one the cluster uses (run openssl verify on the hosts\u2019 certificates) and remove the files of the other one from their masters.") {
  const detail = versions.map(({ id, hosts }) => `${hosts.join(", ")}: ${path} ${id.slice(0, 16)}\u2026`);
  return new Problem(`the masters disagree about the ${title}: ${detail.join("; ")}`, {
    code: "AUTHORITIES_DIFFER",
    detail,
    hint: hint2
  });
}
function surrounded(host, file2, title) {
  return new Problem(`${file2}: the file of the ${title} holds more than one unencrypted private key`, {
    code: "AUTHORITY_BROKEN",
    host,
    hint: "Remove everything before and after the key\u2019s block from the file: comments, attributes, a byte order mark, other blocks."
  });
}
function broken(host, file2, message) {
  return new Problem(`${file2}: ${message}`, {
    code: "AUTHORITY_BROKEN",
    host,
    hint: "Restore the file from a backup or from another master. If another master has both files, you can also remove both from this one."
  });
}

// src/pki/find-encryption.ts
var hint = "If a rotation was stopped, run rotate again with what: encryption-key. Otherwise restore the file that the cluster uses on all masters: Secrets under another key can\u2019t be read.";
function findEncryption(masters) {
  const path = paths.encryptionConfig;
  const [first, ...others] = collectTexts(path, masters);
  if (!first) return void 0;
  for (const { text, hosts } of [first, ...others])
    if (!hasKey(text)) throw broken(hosts[0] ?? "", path, "not an EncryptionConfiguration with a key");
  if (others.length === 0) return first.text;
  const agreed = agreedEncryption([first, ...others].map(({ text }) => text));
  if (agreed === void 0) throw disagreement("encryption at rest", path, [first, ...others], hint);
  return agreed;
}
function hasKey(text) {
  const standIn = readStandIn(text);
  return standIn ? standIn.publicHalf !== void 0 : encryptionKeys(text).length > 0;
}
function collectTexts(path, masters) {
  const seen = /* @__PURE__ */ new Map();
  for (const { host, files } of masters) {
    const text = files.get(path);
    if (text === void 0) continue;
    const id = readStandIn(text)?.withoutKey ?? sha256(text.trim());
    const known2 = seen.get(id) ?? { text, id, hosts: [] };
    known2.hosts.push(host);
    seen.set(id, known2);
  }
  return [...seen.values()];
}

// src/pki/trust.ts
var marks = { next: "# next: signs nothing yet", former: "# former: signs nothing any more" };
var block = /(?<mark># (?:next|former): [^\n]*)?\r?\n?(?<pem>-----BEGIN (?<label>PUBLIC KEY|CERTIFICATE)-----[\s\S]*?-----END \k<label>-----)/g;
function trustText({ current, next, former }) {
  const marked = (mark, pems) => pems.map((pem) => `${mark}
${pem.trim()}
`);
  return [`${current.trim()}
`, ...marked(marks.next, next), ...marked(marks.former, former)].join("");
}
function readTrust(text) {
  const blocks = Array.from(text.matchAll(block), ({ groups }) => ({
    kind: /^# (\w+)/.exec(groups?.mark ?? "")?.[1],
    pem: groups?.pem ?? ""
  }));
  if (blocks.some(({ pem }) => keyId(pem) === void 0)) return void 0;
  const [current, ...more] = blocks.filter(({ kind }) => kind === void 0);
  if (!current) return void 0;
  const of = (wanted) => blocks.filter(({ kind }) => kind === wanted).map(({ pem }) => pem);
  return { current: current.pem, next: of("next"), former: [...of("former"), ...more.map(({ pem }) => pem)] };
}
function trusted({ current, next, former }) {
  return [current, ...next, ...former];
}
function promoted({ current, next, former }, pub) {
  const others = next.filter((pem) => keyId(pem) !== keyId(pub));
  return { current: pub, next: others, former: [current, ...former] };
}
function trustOf(text) {
  const trust2 = readTrust(text);
  if (!trust2) throw new TypeError("neither a public key nor a certificate");
  return trust2;
}
function isAsWritten(text) {
  const kinds = Array.from(text.matchAll(block), ({ groups }) => groups?.mark);
  return kinds.filter((mark) => mark === void 0).length === 1;
}

// src/pki/find-rotating.ts
function findRotating(place, masters) {
  const held = masters.flatMap((master) => heldBy(place, master));
  const [first] = held;
  if (!first || !held.some(({ trust: trust2 }) => trusted(trust2).length > 1)) return void 0;
  const isTrusted = (key2) => held.every(({ trust: trust2 }) => trusted(trust2).some((pem) => keyId(pem) === keyId(key2)));
  if (!held.every(({ key: key2 }) => isSoleKey(key2) && isTrusted(key2))) return void 0;
  const latest = held.find(({ key: key2 }) => !held.some((other) => isLater(other.key, key2, held))) ?? first;
  const isLatest = ({ key: key2, text, trust: trust2 }) => [key2, trust2.current].every((each) => keyId(each) === keyId(latest.key)) && text.trim() === latest.text.trim();
  return { key: latest.key, half: held.every(isLatest) ? latest.text : trustText(joined(latest, held)) };
}
function heldBy(place, { files }) {
  const [key2, text] = [files.get(place.key), files.get(place.half)];
  const trust2 = text === void 0 ? void 0 : readTrust(text);
  return key2 !== void 0 && text !== void 0 && trust2 ? [{ key: key2, text, trust: trust2 }] : [];
}
function isLater(key2, than, held) {
  const [later, earlier] = [keyId(key2), keyId(than)];
  const has = (pems, id) => pems.some((pem) => keyId(pem) === id);
  return held.some(
    ({ trust: { current, next, former } }) => keyId(current) === later && has(former, earlier) || keyId(current) === earlier && has(next, later)
  );
}
function joined({ key: key2 }, held) {
  const signing = new Set(held.map((each) => keyId(each.key)));
  const all = new Map(held.flatMap(({ trust: trust2 }) => trusted(trust2).map((pem) => [keyId(pem), pem])));
  const unused = new Set(held.flatMap(({ trust: trust2 }) => trust2.next.map(keyId)).filter((id) => !signing.has(id)));
  for (const { trust: trust2 } of held) for (const pem of [trust2.current, ...trust2.former]) unused.delete(keyId(pem));
  const current = all.get(keyId(key2)) ?? "";
  const others = [...all].filter(([id]) => id !== keyId(key2));
  const pick = (isUnused) => others.filter(([id]) => unused.has(id) === isUnused).map(([, pem]) => pem);
  return { current, next: pick(true), former: pick(false) };
}

// src/pki/find-service-account.ts
function findServiceAccount(masters, inUse) {
  const place = { key: paths.serviceAccount.key, half: paths.serviceAccount.pub };
  const found = findRotating(place, masters) ?? findPair({ title: "service-account key pair", ...place }, masters, inUse);
  return found && { key: found.key, pub: found.half ?? publicOf(found.key) };
}
function publicOf(key2) {
  return readStandIn(key2) ? toBeMade : publicHalf(key2);
}
function withNextKey({ key: key2, pub }, next) {
  return { key: key2, pub: trustText({ ...trustOf(pub), next: [next] }) };
}
function signingWith({ pub }, pair) {
  return { key: pair.key, pub: trustText(promoted(trustOf(pub), pair.pub)) };
}
function trustingOnlyCurrent({ key: key2, pub }) {
  return { key: key2, pub: trustText({ ...trustOf(pub), next: [], former: [] }) };
}

// src/pki/traces.ts
var kubeconfigs = roles.flatMap((role) => roleSecrets(role).kubeconfigs);
function findTraces(masters, others) {
  return [...masters.flatMap(leafTraces), ...others.flatMap((host) => [...leafTraces(host), ...trustTraces(host)])];
}
function comesFrom(trace, authority) {
  const { certificate } = trace;
  if (!certificate) return false;
  return fingerprint(certificate) === fingerprint(authority) || signedBy(certificate, authority);
}
function leafTraces(host) {
  const pairs = authorityNames.flatMap((name) => leafsOf(name).flatMap((path) => traceAt(host, path, name)));
  const users = kubeconfigs.flatMap(({ path }) => traceAt(host, path, "kubernetes"));
  return [...pairs, ...users, ...traceAt(host, paths.etcd.ca, "etcd")];
}
function trustTraces(host) {
  return [...traceAt(host, paths.ca.crt, "kubernetes"), ...traceAt(host, paths.etcdCa.crt, "etcd")];
}
function traceAt({ host, files }, path, authority) {
  const content = files.get(path);
  if (content === void 0) return [];
  const pem = clientCertificateOf(content)?.crt ?? content;
  const copies = authorityRecords[authority].copies;
  return [{ host, path, authority, trust: copies.includes(path), certificate: readCertificate(pem) }];
}

// src/pki/find-authorities.ts
function findAuthorities(masters, others) {
  const traces = findTraces(masters, others);
  const kept = keptOn(masters, traces);
  const authorities = completeOf(kept);
  if (authorities) {
    refuseForeign(authorities, traces);
    return { kind: "found", authorities, missingOn: missingOn(masters, authorities) };
  }
  if (traces.length > 0) throw lost(kept, traces);
  return { kind: "none", kept };
}
async function authoritiesOf(found, now, dryRun = false) {
  if (found.kind === "found") return found.authorities;
  return dryRun ? await planAuthorities(now, found.kept) : await makeAuthorities(now, found.kept);
}
function keptOn(masters, traces) {
  const authorities = authorityNames.flatMap((name) => {
    const found = findAuthority(name, masters, traces);
    return found ? [[name, found]] : [];
  });
  const serviceAccount = findServiceAccount(masters, () => traces.length > 0);
  const encryptionConfig2 = findEncryption(masters);
  return {
    ...Object.fromEntries(authorities),
    ...serviceAccount && { serviceAccount },
    ...encryptionConfig2 !== void 0 && { encryptionConfig: encryptionConfig2 }
  };
}
function findAuthority(name, masters, traces) {
  const place = authorityRecords[name];
  const pair = { title: `${name} CA`, key: place.key, half: place.crt };
  const inUse = (crt) => traces.some((trace) => comesFromOne(trace, crt));
  const found = findRotating(pair, masters) ?? findPair(pair, masters, inUse);
  if (found?.half === void 0) return found && { key: found.key };
  const host = masters.find(({ files }) => files.get(place.crt) === found.half)?.host ?? "";
  const certificate = readCertificate(found.half);
  if (!certificate?.ca) throw broken(host, place.crt, `the certificate of the ${name} CA is not a CA certificate`);
  if (certificate.publicKey.asymmetricKeyType !== "rsa")
    throw broken(host, place.crt, `the key of the ${name} CA is not RSA; other types are not supported`);
  const nextKey = nextKeyOn(masters, name, found.half);
  return { key: found.key, crt: found.half, ...nextKey !== void 0 && { nextKey } };
}
function nextKeyOn(masters, name, crt) {
  const path = nextKeyPath(name);
  const ids = readTrust(crt)?.next.map(keyId) ?? [];
  if (path === void 0 || ids.length === 0) return void 0;
  const keys = masters.flatMap(({ files }) => files.get(path) ?? []);
  return keys.find((key2) => isSoleKey(key2) && ids.includes(keyId(key2)));
}
function comesFromOne(trace, text) {
  const trust2 = readTrust(text);
  return (trust2 ? trusted(trust2) : []).some((pem) => {
    const certificate = readCertificate(pem);
    return certificate !== void 0 && comesFrom(trace, certificate);
  });
}
function completeOf({ serviceAccount, encryptionConfig: encryptionConfig2, ...kept }) {
  const whole = (name) => {
    const { crt, key: key2, nextKey } = kept[name] ?? {};
    if (crt === void 0 || key2 === void 0) return void 0;
    return { crt, key: key2, ...nextKey !== void 0 && { nextKey } };
  };
  const [kubernetes, etcd, frontProxy] = [whole("kubernetes"), whole("etcd"), whole("front-proxy")];
  if (!kubernetes || !etcd || !frontProxy || !serviceAccount || encryptionConfig2 === void 0) return void 0;
  return { kubernetes, etcd, "front-proxy": frontProxy, serviceAccount, encryptionConfig: encryptionConfig2 };
}
function missingOn(masters, authorities) {
  const wanted = authorityFiles(authorities);
  const lacks = ({ files }) => wanted.some(({ path, content }) => !same(files.get(path), content));
  return masters.filter(lacks).map(({ host }) => host);
}
var begin2 = "-----BEGIN ";
function same(has, wanted) {
  return has !== void 0 && meaningOf(has) === meaningOf(wanted);
}
function meaningOf(text) {
  if (text.indexOf(begin2) !== text.lastIndexOf(begin2)) return text.trim();
  const certificate = readCertificate(text);
  const id = certificate ? fingerprint(certificate) : keyId(text);
  return id === void 0 ? text.trim() : `${text.slice(0, 27)}${id}`;
}
function refuseForeign(authorities, traces) {
  const foreign = traces.filter(
    (trace) => trace.trust && trace.certificate && !comesFromOne(trace, authorities[trace.authority].crt)
  );
  const [first] = foreign;
  if (!first) return;
  throw new Problem(`${first.path} is not from the masters\u2019 ${first.authority} CA`, {
    code: "AUTHORITIES_FOREIGN",
    host: first.host,
    detail: foreign.map(({ host, path }) => `${host}: ${path}`),
    hint: "If the host is left over from another cluster, reset it. If the masters have the wrong CAs, restore the masters."
  });
}
function lost(kept, traces) {
  const missing = [
    ...authorityNames.filter((name) => kept[name]?.crt === void 0).map((name) => `${name} CA`),
    ...kept.serviceAccount ? [] : ["service-account key pair"],
    ...kept.encryptionConfig === void 0 ? ["encryption-at-rest key"] : []
  ];
  const detail = traces.map(({ host, path }) => `${host}: ${path}`);
  const message = `no master has all files of ${missing.join(", ")}, but the cluster uses them: ${detail.slice(0, 3).join(", ")}`;
  return new Problem(message, {
    code: "AUTHORITIES_LOST",
    detail,
    hint: "Restore them on a master from a backup: new ones would cut off every host. Reset hosts that are left over from another cluster first."
  });
}

// src/pki/host-files.ts
function trustFilesFor(host, authorities) {
  const all = [
    ...authorityFiles(authorities),
    ...signingFile(authorities.kubernetes.crt),
    publicFile(paths.etcd.ca, authorities.etcd.crt)
  ];
  const filesOf = (role) => all.filter(({ path }) => roleSecrets(role).trust.includes(path));
  return uniqueByPath(host.roles.flatMap(filesOf));
}
function signingFile(crt) {
  const trust2 = readTrust(crt);
  if (!trust2 || trusted(trust2).length === 1) return [];
  return [publicFile(paths.signingCa, `${trust2.current.trim()}
`)];
}
function secretPathsFor(cluster, host) {
  const leafs = certificatesFor(cluster, host).flatMap(
    ({ place }) => place.kind === "pair" ? [place.crt, place.key] : [place.path]
  );
  return [.../* @__PURE__ */ new Set([...host.roles.flatMap((role) => roleSecrets(role).trust), ...leafs])];
}
function uniqueByPath(files) {
  return [...new Map(files.toReversed().map((file2) => [file2.path, file2])).values()].toReversed();
}

// src/pki/keep.ts
var renewAtShare = 1 / 3;
function faultOf(wanted, { crt, key: key2 }, authority, now) {
  const certificate = readCertificate(crt);
  if (!certificate) return "unreadable";
  const id = keyId(key2);
  if (id === void 0) return "its key is unreadable";
  if (id !== keyId(crt)) return "its key does not match";
  if (!isSoleKey(key2)) return "its file contains more than the key";
  if (!signedBy(certificate, authority)) return `not signed by the cluster\u2019s ${wanted.authority} CA`;
  return contentFault(wanted, certificate) ?? timeFault(certificate, authority, now);
}
function contentFault(wanted, certificate) {
  const organization = wanted.organization === void 0 ? [] : [`O=${wanted.organization}`];
  const names = [...wanted.dns.map((name) => `DNS:${name}`), ...wanted.ips.map((ip) => `IP:${ip}`)];
  return difference("subject", subjectOf(certificate), [...organization, `CN=${wanted.commonName}`]) ?? difference("names", namesOf(certificate), names) ?? difference("usages", usagesOf(certificate), wanted.usages);
}
function timeFault(certificate, authority, now) {
  const [start, end] = [notBefore(certificate), notAfter(certificate)];
  if (start > now) return `not valid before ${start.toISOString()}`;
  if (end <= now) return `ended ${end.toISOString()}`;
  const left = end.getTime() - now.getTime();
  const isDue = left < (end.getTime() - start.getTime()) * renewAtShare && end < notAfter(authority);
  return isDue ? `ends ${end.toISOString()}` : void 0;
}
function difference(what, has, wants) {
  const missing = wants.filter((each) => !has.includes(each)).map((each) => `+${each}`);
  const extra = has.filter((each) => !wants.includes(each)).map((each) => `-${each}`);
  return missing.length + extra.length > 0 ? `${what} differ: ${[...missing, ...extra].join(" ")}` : void 0;
}

// src/pki/issue.ts
async function issue(cluster, authorities, existing, now, dryRun = false) {
  const certificates = validCertificates(authorities, now);
  const context = { cluster, authorities, certificates, signer: lazySigners(authorities), now, dryRun };
  const fingerprints = authorityFingerprints(authorities);
  const hosts = await Promise.all(
    cluster.hosts.map(async (host) => {
      const made = await hostFiles(context, host, existing.get(host.name) ?? /* @__PURE__ */ new Map());
      const files = uniqueByPath([...trustFilesFor(host, authorities), ...made.flatMap((each) => each.files)]);
      const secrets = { cluster: cluster.name, host: host.name, authorities: fingerprints, files };
      return { secrets, issued: made.flatMap((each) => each.issued ?? []) };
    })
  );
  return {
    secrets: new Map(hosts.map(({ secrets }) => [secrets.host, secrets])),
    issued: hosts.flatMap(({ issued }) => issued)
  };
}
async function hostFiles(context, host, has) {
  return await Promise.all(
    certificatesFor(context.cluster, host).map((wanted) => keepOrMake(context, host, wanted, has))
  );
}
async function keepOrMake(context, host, wanted, has) {
  const found = existingAt(wanted.place, has);
  const reason = found ? faultOf(wanted, found, context.certificates[wanted.authority], context.now) : "missing";
  if (found && reason === void 0) return { files: filesAt(context, wanted.place, found) };
  const issued = { host: host.name, path: pathOf(wanted), reason: reason ?? "missing" };
  if (context.dryRun) return { files: unmadeAt(wanted.place), issued };
  const [sign3, pair] = await Promise.all([context.signer(wanted.authority), newLeafPair()]);
  const made = { crt: sign3(wanted, pair.pub, context.now), key: pair.key };
  return { files: filesAt(context, wanted.place, made), issued };
}
function existingAt(place, has) {
  if (place.kind === "kubeconfig") return clientCertificateOf(has.get(place.path) ?? "");
  const [crt, key2] = [has.get(place.crt), has.get(place.key)];
  return crt === void 0 || key2 === void 0 ? void 0 : { crt, key: key2 };
}
function filesAt({ cluster, authorities }, place, { crt, key: key2 }) {
  if (place.kind === "pair") return [secretFile(place.key, key2, place.keyOwner), publicFile(place.crt, crt)];
  const { server, user, path } = place;
  const parts = { clusterName: cluster.name, server, ca: authorities.kubernetes.crt, user };
  const standIn = readStandIn(key2);
  if (!standIn) return [secretFile(path, kubeconfigText({ ...parts, credentials: { crt, key: key2 } }))];
  const rest = kubeconfigText({ ...parts, credentials: { crt, key: "" } }).replace(/\n+$/, "");
  return [secretFile(path, sha256(rest) === standIn.withoutKey ? key2 : toBeMade)];
}
function unmadeAt(place) {
  if (place.kind === "kubeconfig") return [secretFile(place.path, toBeMade)];
  return [secretFile(place.key, toBeMade, place.keyOwner), publicFile(place.crt, toBeMade)];
}
function lazySigners(authorities) {
  const signers = /* @__PURE__ */ new Map();
  return (name) => {
    const signer = signers.get(name) ?? signerOf(authorities[name]);
    signers.set(name, signer);
    return signer;
  };
}
function validCertificates(authorities, now) {
  const entries = authorityNames.map((name) => [name, validCertificate(name, authorities[name].crt, now)]);
  return Object.fromEntries(entries);
}
function validCertificate(name, pem, now) {
  const certificate = readCertificate(pem);
  if (certificate && notAfter(certificate) > now) return certificate;
  throw new Problem(
    `the certificate of the ${name} CA ${certificate ? `ended ${certificate.validTo}` : "is unreadable"}`,
    {
      code: "AUTHORITY_EXPIRED",
      hint: "Certificates that it has signed are refused everywhere, so it can\u2019t be rotated any more: give it a new certificate for the same key, as docs/rotation.md says, and run again."
    }
  );
}

// src/pki/secret-values.ts
var shortest = 8;
function secretValues({ files }) {
  const texts = files.filter(({ secret }) => secret).flatMap(({ content }) => valuesOf(content));
  return [...new Set(texts)].filter((value) => value.length >= shortest);
}
function tokenValues(token) {
  return [tokenText(token), token.secret, base642(token.secret)];
}
function valuesOf(content) {
  const blocks = keyBlocks(content);
  return blocks.length > 0 ? blocks.flatMap(keyValues) : encryptionKeys(content);
}
function keyValues(block2) {
  const words = keyWords(block2);
  return words.length === 0 ? [] : [...words, words.join(""), base642(block2.text), base642(`${block2.text}
`)];
}
function base642(text) {
  return Buffer.from(text, "latin1").toString("base64");
}

// src/pki/withheld-files.ts
function isPublic(path) {
  return path.endsWith(".crt") || path.endsWith(".pub");
}
function withStandIns(hosts) {
  const keys = new Map(hosts.flatMap(({ files, withheld }) => [...withheld].flatMap((entry) => besides(files, entry))));
  return hosts.map(({ host, files, withheld }) => {
    const standIns = [...withheld].map(([path, secret]) => [path, standInText(settled(secret, keys))]);
    return { host, files: new Map([...files, ...standIns]) };
  });
}
function besides(files, [path, secret]) {
  const beside = keyId(secret.certificate) ?? keyId(files.get(otherHalfOf(path)) ?? "");
  return beside === void 0 ? [] : [[secret.withoutKey, beside]];
}
function settled({ publicHalf: publicHalf2, ...rest }, keys) {
  if (publicHalf2 === "unreadable") return rest;
  if (publicHalf2 !== "unknown") return { ...rest, publicHalf: publicHalf2 };
  return { ...rest, publicHalf: keys.get(rest.withoutKey) ?? rest.withoutKey, isAlone: true };
}
function otherHalfOf(path) {
  return path === paths.serviceAccount.key ? paths.serviceAccount.pub : path.replace(/\.key$/, ".crt");
}

// src/pki/bundle-freshness.ts
function checkBundleFresh(secrets, files) {
  const own = new Map(secrets.files.map(({ path, content }) => [path, content]));
  const differing = authorityNames.filter((name) => {
    const seen = trustIn(files, name);
    return seen && !isFresh(seen, trustIn(own, name), secrets.authorities[name]);
  });
  if (differing.length === 0) return;
  throw new Problem(
    `the bundle of ${secrets.host} was issued by other CAs than those on the hosts: ${differing.join(", ")}`,
    {
      code: "BUNDLE_STALE",
      host: secrets.host,
      hint: newBundles
    }
  );
}
function trustIn(files, name) {
  const [text] = authorityRecords[name].copies.flatMap((path) => files.get(path) ?? []);
  return text === void 0 ? void 0 : readTrust(text);
}
function isFresh({ current, next }, bundled, print) {
  const valid = [current, ...next];
  const isSigner = valid.some((pem) => printOf(pem) === print);
  const has = (pem) => bundled === void 0 || trusted(bundled).some((each) => keyId(each) === keyId(pem));
  return isSigner && valid.every(has);
}
function printOf(pem) {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}

// src/phases/stages.ts
function sessionOf({ sessions }, host) {
  return known(sessions.get(host.name), `no connection to ${host.name}`);
}
function inspectionOf({ inspections }, host) {
  return known(inspections.get(host.name), `${host.name} has not been inspected`);
}
function secretsOf({ secrets }, host) {
  return known(secrets.get(host.name), `no secrets for ${host.name}`);
}
function known(value, otherwise) {
  if (value === void 0) throw new Error(otherwise);
  return value;
}

// src/error-codes.ts
var remoteCodes = [
  "ARCHIVE_MEMBER_MISSING",
  "DISK_FULL",
  "DISK_READ_ONLY",
  "DOWNLOAD_FAILED",
  "DOWNLOAD_SUM_MISMATCH",
  "HOST_LOCKED",
  "HOST_UNFIT",
  "LOCK_FAILED",
  "LOCK_TIMEOUT",
  "MODULE_MISSING",
  "NO_PACKAGE_MANAGER",
  "PACKAGE_FAILED",
  "PLACE_INSECURE",
  "RELOAD_FAILED",
  "RESET_BUSY",
  "RESTART_REFUSED",
  "RESTART_REVERTED",
  "RESTART_STOPPED",
  "RESTART_UNKNOWN",
  "RIVAL_RUN",
  "RUN_OVERTAKEN",
  "SWAP_STAYS",
  "SYSCTL_REFUSED",
  "UNIT_FAILED",
  "UNIT_NOT_READY",
  "USER_FAILED",
  "WRITE_FAILED",
  "WRONG_TYPE"
];
var apiReasonCodes = [
  "API_ALREADY_EXISTS",
  "API_BAD_REQUEST",
  "API_CONFLICT",
  "API_ERROR",
  "API_EXPIRED",
  "API_FORBIDDEN",
  "API_GONE",
  "API_INTERNAL_ERROR",
  "API_INVALID",
  "API_METHOD_NOT_ALLOWED",
  "API_NOT_ACCEPTABLE",
  "API_NOT_FOUND",
  "API_REQUEST_ENTITY_TOO_LARGE",
  "API_SERVER_TIMEOUT",
  "API_SERVICE_UNAVAILABLE",
  "API_STORE_READ_ERROR",
  "API_TOO_MANY_REQUESTS",
  "API_UNAUTHORIZED",
  "API_UNSUPPORTED_MEDIA_TYPE"
];

// src/entry/lines.ts
var lineEnd = 10;
var LineReader = class {
  #line;
  /** @param limit the maximum length of a line in bytes, without its line end. */
  constructor(limit, refuse) {
    this.#line = new Bytes(limit, () => refuse(`a line of more than ${inUnits(limit)}`));
  }
  /**
   * Returns the lines that end in this piece. Invalid UTF-8 becomes U+FFFD.
   * @throws the error of `refuse` as soon as a line is too long, even before its end arrives
   */
  take(piece) {
    const lines = [];
    let start = 0;
    for (let end = piece.indexOf(lineEnd); end >= 0; end = piece.indexOf(lineEnd, start)) {
      this.#line.add(piece.subarray(start, end));
      lines.push(this.#line.text());
      this.#line.clear();
      start = end + 1;
    }
    this.#line.add(piece.subarray(start));
    return lines;
  }
};

export {
  roleSecrets,
  secretPathsOf,
  AbortError,
  pRetry,
  remoteCodes,
  apiReasonCodes,
  LineReader,
  readCertificate,
  fingerprint,
  notBefore,
  notAfter,
  signedBy,
  subjectOf,
  readIdentity,
  authorityRecords,
  nextKeyPath,
  authorityNames,
  encryptionConfig,
  readEncryption,
  newSigningPair,
  newLeafPair,
  keyId,
  signerOf,
  makeAuthority,
  trustPaths,
  authorityFiles,
  authorityFingerprints,
  seenFingerprints,
  secretFile,
  lengthRecipient,
  judgeEnvelope,
  sealBundle,
  openBundle,
  trustText,
  readTrust,
  trusted,
  promoted,
  trustOf,
  isAsWritten,
  checkBundleFresh,
  certificateRequest,
  certificatesFor,
  nextStep,
  afterStep,
  withNextKey,
  signingWith,
  trustingOnlyCurrent,
  findAuthorities,
  authoritiesOf,
  secretPathsFor,
  issue,
  secretValues,
  tokenValues,
  isPublic,
  withStandIns,
  sessionOf,
  inspectionOf,
  secretsOf,
  newRun,
  targetsOf,
  allTargets
};
