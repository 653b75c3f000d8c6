import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  hostsWith,
  paths,
  require_dist,
  require_ipaddr,
  tokenText
} from "./chunk-A4VTBSGO.js";
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
  unknown
} from "./chunk-OMF65OCO.js";
import {
  __toESM
} from "./chunk-A6KX56EC.js";

// src/pki/age-identity.ts
async function readIdentity(secret) {
  const age = await import("./dist-H5A65IP4.js");
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const [identity, ...others] = lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (identity === void 0 || others.length > 0) throw invalid(identity ? "more than one" : "no");
  try {
    return { identity, recipient: await age.identityToRecipient(identity) };
  } catch {
    throw invalid("a damaged");
  }
}
function invalid(what) {
  return new Problem(`the bundles\u2019 key has ${what} age identity in it`, {
    code: "IDENTITY_INVALID",
    hint: "Store what `age-keygen` prints (AGE-SECRET-KEY-1\u2026) as the repository\u2019s secret."
  });
}

// src/pki/keys.ts
import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
var generate = promisify(generateKeyPair);
var publicKeyEncoding = { type: "spki", format: "pem" };
async function newSigningPair() {
  const privateKeyEncoding = { type: "pkcs1", format: "pem" };
  const pair2 = await generate("rsa", { modulusLength: 2048, privateKeyEncoding, publicKeyEncoding });
  return { key: pair2.privateKey, pub: pair2.publicKey };
}
async function newLeafPair() {
  const privateKeyEncoding = { type: "sec1", format: "pem" };
  const pair2 = await generate("ec", { namedCurve: "P-256", privateKeyEncoding, publicKeyEncoding });
  return { key: pair2.privateKey, pub: pair2.publicKey };
}
function publicHalf(key2) {
  return createPublicKey(key2).export({ type: "spki", format: "pem" }).toString();
}
function keyId(pem) {
  try {
    return sha256(createPublicKey(pem).export({ type: "spki", format: "der" }));
  } catch {
    return void 0;
  }
}
function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
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

// src/pki/encryption.ts
var import_yaml = __toESM(require_dist(), 1);
import { randomBytes } from "node:crypto";
var key = object({ name: string(), secret: base64() });
var provider = object({ keys: array(key).min(1) });
var configuration = object({
  kind: literal("EncryptionConfiguration"),
  resources: array(object({ providers: array(record(string(), unknown())) })).min(1)
});
function newEncryptionConfig() {
  return `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - { name: key1, secret: ${randomBytes(32).toString("base64")} }
      - identity: {}
`;
}
function encryptionKeys(text) {
  const read = configuration.safeParse(parsed(text));
  if (!read.success) return [];
  const providers = read.data.resources.flatMap((resource) => resource.providers.flatMap(Object.values));
  return providers.flatMap((each) => provider.safeParse(each).data?.keys.map(({ secret }) => secret) ?? []);
}
function parsed(text) {
  try {
    return (0, import_yaml.parse)(text);
  } catch {
    return void 0;
  }
}

// src/pki/x509-write.ts
import { createPrivateKey, createPublicKey as createPublicKey2, randomBytes as randomBytes2, sign } from "node:crypto";
var day = 24 * 3600 * 1e3;
var clockSkew = 5 * 60 * 1e3;
var leafLife = 365 * day;
var authorityLife = 3650 * day;
async function loadForge() {
  return (await import("./lib-ZSYWNWUW.js")).default;
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
      notAfter: new Date(Math.min(now.getTime() + leafLife, authorityEnd)),
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
    // Nothing is enciphered to a key of an elliptic curve: RFC 8813, section 3.
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
var authorityNames = ["kubernetes", "etcd", "front-proxy"];
var commonNames = {
  kubernetes: "kubernetes",
  etcd: "etcd-ca",
  "front-proxy": "front-proxy-ca"
};
async function makeAuthorities(now, kept = {}) {
  const authority = async (name) => {
    const key2 = kept[name]?.key ?? (await newSigningPair()).key;
    return { key: key2, crt: kept[name]?.crt ?? await selfSign(commonNames[name], key2, now) };
  };
  const [kubernetes, etcd, frontProxy, serviceAccount] = await Promise.all([
    authority("kubernetes"),
    authority("etcd"),
    authority("front-proxy"),
    kept.serviceAccount ?? newSigningPair()
  ]);
  const encryptionConfig = kept.encryptionConfig ?? newEncryptionConfig();
  return { kubernetes, etcd, "front-proxy": frontProxy, serviceAccount, encryptionConfig };
}

// src/pki/authority-files.ts
var authorityPlaces = {
  kubernetes: paths.ca,
  etcd: paths.etcdCa,
  "front-proxy": paths.frontProxyCa
};
var authorityPaths = [
  ...authorityNames.flatMap((name) => [authorityPlaces[name].key, authorityPlaces[name].crt]),
  paths.serviceAccount.key,
  paths.serviceAccount.pub,
  paths.encryptionConfig
];
function authorityFiles(authorities) {
  const pairs = authorityNames.flatMap((name) => [
    secretFile(authorityPlaces[name].key, authorities[name].key),
    publicFile(authorityPlaces[name].crt, authorities[name].crt)
  ]);
  return [
    ...pairs,
    secretFile(paths.serviceAccount.key, authorities.serviceAccount.key),
    publicFile(paths.serviceAccount.pub, authorities.serviceAccount.pub),
    secretFile(paths.encryptionConfig, authorities.encryptionConfig)
  ];
}
function authorityFingerprints(authorities) {
  const of = (name) => fingerprintOf(authorities[name].crt) ?? "";
  return { kubernetes: of("kubernetes"), etcd: of("etcd"), "front-proxy": of("front-proxy") };
}
function seenFingerprints(files) {
  const texts = {
    kubernetes: files.get(paths.ca.crt),
    etcd: files.get(paths.etcdCa.crt) ?? files.get(paths.etcd.ca),
    "front-proxy": files.get(paths.frontProxyCa.crt)
  };
  const prints = Object.entries(texts).map(([name, text]) => [name, text && fingerprintOf(text)]);
  return Object.fromEntries(prints.filter((entry2) => Boolean(entry2[1])));
}
function fingerprintOf(pem) {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}
function secretFile(path, content, owner = "root:root") {
  return { path, content, mode: "600", owner, secret: true };
}
function publicFile(path, content) {
  return { path, content, mode: "644", owner: "root:root", secret: false };
}

// src/pki/age-envelope.ts
var lengthStanza = "k8s-ha-action/length";
var magic = "age-encryption.org/v1\n";
var headerEnd = /\n--- [^\n]*\n/;
async function lengthRecipient(plaintextBytes) {
  const { Stanza } = await import("./dist-H5A65IP4.js");
  const length = String(payloadBytes(plaintextBytes));
  return { wrapFileKey: () => [new Stanza([lengthStanza, length], new Uint8Array())] };
}
function judgeEnvelope(bytes) {
  const text = Buffer.from(bytes).toString("latin1");
  if (!text.startsWith(magic)) return magic.startsWith(text) ? "truncated" : "foreign";
  const end = headerEnd.exec(text);
  if (!end) return "truncated";
  const header = text.slice(0, end.index);
  const written = new RegExp(`
-> ${lengthStanza} (\\d+)`).exec(header)?.[1];
  if (written === void 0) return "whole";
  const missing = Number(written) - (text.length - end.index - end[0].length);
  if (missing === 0) return "whole";
  return missing > 0 ? "truncated" : "overlong";
}
function payloadBytes(plaintextBytes) {
  const chunk = 64 * 1024;
  return 16 + plaintextBytes + 16 * Math.max(1, Math.ceil(plaintextBytes / chunk));
}

// src/pki/bundle.ts
var format = "k8s-ha-action/bundle/v1";
var file = strictObject({
  path: string(),
  content: string(),
  mode: string().regex(/^[0-7]{3}$/),
  owner: string().regex(/^[a-z]+:[a-z]+$/),
  secret: boolean()
});
var bundle = object({
  format: literal(format),
  cluster: string(),
  host: string(),
  authorities: record(string(), string()),
  files: array(file)
});
async function sealBundle(secrets, recipient, meta) {
  const age = await import("./dist-H5A65IP4.js");
  const made = { sealedAt: meta.sealedAt.toISOString(), ...meta.run === void 0 ? {} : { run: meta.run } };
  const plaintext = Buffer.from(`${JSON.stringify({ format, ...made, ...secrets }, null, 1)}
`);
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(recipient);
  encrypter.addRecipient(await lengthRecipient(plaintext.length));
  return await encrypter.encrypt(plaintext);
}
async function openBundle(bytes, secretKey, expected) {
  const refuse = (code, message, hint) => new Problem(`the bundle of ${expected.host} ${message}`, { code, hint, host: expected.host });
  const { identity } = await readIdentity(secretKey);
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
function checkBundleFresh(secrets, seen) {
  const differing = Object.keys(seen).filter((name) => seen[name] !== secrets.authorities[name]);
  if (differing.length === 0) return;
  throw new Problem(
    `the bundle of ${secrets.host} is from other authorities than the hosts have: ${differing.join(", ")}`,
    {
      code: "BUNDLE_STALE",
      host: secrets.host,
      hint: newBundles
    }
  );
}
var newBundles = "Run the pki job again, then this one.";
var checkNames = `Which artifact does this job download, and what else writes it? ${newBundles}`;
var tampered = ["BUNDLE_TAMPERED", "was changed after it was sealed", `Find out by whom. ${newBundles}`];
var outsideFaults = {
  foreign: ["BUNDLE_NOT_AGE", "is not an age file", checkNames],
  truncated: ["BUNDLE_TRUNCATED", "is cut off", newBundles],
  overlong: tampered,
  whole: void 0
};
async function decrypt(bytes, identity, refuse) {
  const age = await import("./dist-H5A65IP4.js");
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(bytes, "text");
  } catch (error) {
    const otherKey = error instanceof Error && error.message.startsWith("no identity matched");
    if (!otherKey) throw refuse(...tampered);
    throw refuse("BUNDLE_OTHER_KEY", "is sealed for another key", `Was the secret changed since? ${newBundles}`);
  }
}
var knownPaths = new Set(leavesOf(paths));
function readPayload(text) {
  const { data } = bundle.safeParse(parsed2(text));
  if (!data?.files.every(({ path }) => knownPaths.has(path))) return void 0;
  const { cluster, host, authorities, files } = data;
  return { cluster, host, authorities, files };
}
function parsed2(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function leavesOf(tree) {
  return Object.values(tree).flatMap((value) => typeof value === "string" ? value : leavesOf(value));
}

// src/pki/certificate-request.ts
import { createPrivateKey as createPrivateKey2, sign as sign2 } from "node:crypto";
async function certificateRequest({ user, groups }, key2) {
  const forge = (await import("./lib-ZSYWNWUW.js")).default;
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

// src/pki/kubeconfig.ts
var import_yaml2 = __toESM(require_dist(), 1);
var entry = object({
  user: object({ "client-certificate-data": base64(), "client-key-data": base64() })
});
var withCertificate = object({ users: array(entry).length(1) });
function localServer(cluster) {
  return `https://127.0.0.1:${cluster.api.localPort}`;
}
function kubeconfigText({ clusterName, server, ca, user, credentials }) {
  const context = `${user}@${clusterName}`;
  const secret = "token" in credentials ? `      token: ${credentials.token}` : `      client-certificate-data: ${base642(credentials.crt)}
      client-key-data: ${base642(credentials.key)}`;
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${clusterName}
    cluster:
      server: ${server}
      certificate-authority-data: ${base642(ca)}
contexts:
  - name: ${context}
    context:
      cluster: ${clusterName}
      user: ${user}
current-context: ${context}
users:
  - name: ${user}
    user:
${secret}
`;
}
function bootstrapKubeconfig(cluster, ca, token) {
  const credentials = { token: tokenText(token) };
  const user = "tls-bootstrap-token-user";
  return kubeconfigText({ clusterName: cluster.name, server: localServer(cluster), ca, user, credentials });
}
function clientCertificateOf(text) {
  const read = withCertificate.safeParse(parsed3(text));
  const user = read.data?.users[0]?.user;
  return user && { crt: plain(user["client-certificate-data"]), key: plain(user["client-key-data"]) };
}
function parsed3(text) {
  try {
    return (0, import_yaml2.parse)(text);
  } catch {
    return void 0;
  }
}
function base642(text) {
  return Buffer.from(text).toString("base64");
}
function plain(encoded) {
  return Buffer.from(encoded, "base64").toString();
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
    const text = files.get(path);
    const id = text === void 0 ? void 0 : keyId(text);
    if (text !== void 0 && id === void 0) throw broken(host, path, `the ${title}\u2019s file can\u2019t be read`);
    return id;
  });
  const [keyHas, halfHas] = ids;
  if (keyHas !== void 0 && halfHas !== void 0 && keyHas !== halfHas)
    throw broken(host, key2, `the ${title}\u2019s key does not fit ${half}`);
}
function collect(path, masters) {
  const seen = /* @__PURE__ */ new Map();
  for (const { host, files } of masters) {
    const text = files.get(path);
    const key2 = text === void 0 ? void 0 : keyId(text);
    if (text === void 0 || key2 === void 0) continue;
    const certificate = readCertificate(text);
    const id = certificate ? fingerprint(certificate) : key2;
    const known = seen.get(id);
    seen.set(id, known ? { ...known, hosts: [...known.hosts, host] } : { text, keyId: key2, id, hosts: [host] });
  }
  return [...seen.values()];
}
function disagreement(title, path, versions) {
  const detail = versions.map(({ id, hosts }) => `${hosts.join(", ")}: ${path} ${id.slice(0, 16)}\u2026`);
  return new Problem(`the masters disagree about the ${title}: ${detail.join("; ")}`, {
    code: "AUTHORITIES_DIFFER",
    detail,
    hint: "Decide which one the cluster uses (the hosts\u2019 certificates tell: openssl verify) and remove the other\u2019s files from their masters."
  });
}
function broken(host, file2, message) {
  return new Problem(`${file2}: ${message}`, {
    code: "AUTHORITY_BROKEN",
    host,
    hint: "Restore the file from a backup or from another master, or remove both halves from this master where another one has them."
  });
}

// src/pki/find-encryption.ts
function findEncryption(masters) {
  const path = paths.encryptionConfig;
  const [first, ...others] = collectTexts(path, masters);
  if (!first) return void 0;
  for (const { text, hosts } of [first, ...others])
    if (encryptionKeys(text).length === 0) throw broken(hosts[0] ?? "", path, "no EncryptionConfiguration with a key");
  if (others.length > 0) throw disagreement("encryption at rest", path, [first, ...others]);
  return first.text;
}
function collectTexts(path, masters) {
  const seen = /* @__PURE__ */ new Map();
  for (const { host, files } of masters) {
    const text = files.get(path);
    if (text === void 0) continue;
    const id = sha256(text.trim());
    const known = seen.get(id) ?? { text, id, hosts: [] };
    known.hosts.push(host);
    seen.set(id, known);
  }
  return [...seen.values()];
}

// src/pki/traces.ts
var leafs = {
  kubernetes: [paths.apiserver.crt, paths.apiserverKubeletClient.crt, paths.kubeletServing.crt],
  etcd: [paths.apiserverEtcdClient.crt, paths.etcd.server.crt, paths.etcd.peer.crt, paths.etcd.client.crt],
  "front-proxy": [paths.frontProxyClient.crt]
};
var trustCopies = [paths.ca.crt, paths.etcdCa.crt, paths.etcd.ca];
var kubeconfigs = [paths.adminConf, paths.controllerManagerConf, paths.schedulerConf, paths.proxyConf];
function findTraces(masters, others) {
  return [...masters.flatMap(leafTraces), ...others.flatMap((host) => [...leafTraces(host), ...trustTraces(host)])];
}
function comesFrom(trace, authority) {
  const { certificate } = trace;
  if (!certificate) return false;
  return fingerprint(certificate) === fingerprint(authority) || signedBy(certificate, authority);
}
function leafTraces(host) {
  const pairs = Object.keys(leafs).flatMap(
    (name) => leafs[name].flatMap((path) => traceAt(host, path, name))
  );
  const users = kubeconfigs.flatMap((path) => traceAt(host, path, "kubernetes"));
  return [...pairs, ...users, ...traceAt(host, paths.etcd.ca, "etcd")];
}
function trustTraces(host) {
  return [...traceAt(host, paths.ca.crt, "kubernetes"), ...traceAt(host, paths.etcdCa.crt, "etcd")];
}
function traceAt({ host, files }, path, authority) {
  const content = files.get(path);
  if (content === void 0) return [];
  const pem = clientCertificateOf(content)?.crt ?? content;
  return [{ host, path, authority, trust: trustCopies.includes(path), certificate: readCertificate(pem) }];
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
async function authoritiesOf(found, now) {
  return found.kind === "found" ? found.authorities : await makeAuthorities(now, found.kept);
}
function keptOn(masters, traces) {
  const authorities = authorityNames.flatMap((name) => {
    const found = findAuthority(name, masters, traces);
    return found ? [[name, found]] : [];
  });
  const { key: key2, pub } = paths.serviceAccount;
  const account = findPair({ title: "service-account key pair", key: key2, half: pub }, masters, () => traces.length > 0);
  const encryptionConfig = findEncryption(masters);
  return {
    ...Object.fromEntries(authorities),
    ...account && { serviceAccount: { key: account.key, pub: account.half ?? publicHalf(account.key) } },
    ...encryptionConfig !== void 0 && { encryptionConfig }
  };
}
function findAuthority(name, masters, traces) {
  const place = authorityPlaces[name];
  const found = findPair({ title: `${name} authority`, key: place.key, half: place.crt }, masters, (crt) => {
    const certificate2 = readCertificate(crt);
    return certificate2 !== void 0 && traces.some((trace) => comesFrom(trace, certificate2));
  });
  if (found?.half === void 0) return found && { key: found.key };
  const host = masters.find(({ files }) => files.get(place.crt) === found.half)?.host ?? "";
  const certificate = readCertificate(found.half);
  if (!certificate?.ca)
    throw broken(host, place.crt, `the ${name} authority\u2019s certificate is not that of an authority`);
  if (certificate.publicKey.asymmetricKeyType !== "rsa")
    throw broken(host, place.crt, `the ${name} authority\u2019s key is not RSA, which is not supported`);
  return { key: found.key, crt: found.half };
}
function completeOf({ serviceAccount, encryptionConfig, ...kept }) {
  const whole = (name) => {
    const { crt, key: key2 } = kept[name] ?? {};
    return crt !== void 0 && key2 !== void 0 ? { crt, key: key2 } : void 0;
  };
  const [kubernetes, etcd, frontProxy] = [whole("kubernetes"), whole("etcd"), whole("front-proxy")];
  if (!kubernetes || !etcd || !frontProxy || !serviceAccount || encryptionConfig === void 0) return void 0;
  return { kubernetes, etcd, "front-proxy": frontProxy, serviceAccount, encryptionConfig };
}
function missingOn(masters, authorities) {
  const wanted = authorityFiles(authorities);
  const lacks = ({ files }) => wanted.some(({ path, content }) => !same(files.get(path), content));
  return masters.filter(lacks).map(({ host }) => host);
}
function same(has, wanted) {
  return has !== void 0 && meaningOf(has) === meaningOf(wanted);
}
function meaningOf(text) {
  const certificate = readCertificate(text);
  const id = certificate ? fingerprint(certificate) : keyId(text);
  return id === void 0 ? text.trim() : `${text.slice(0, 27)}${id}`;
}
function refuseForeign(authorities, traces) {
  const foreign = traces.filter(({ trust, certificate, authority, ...rest }) => {
    const ours = readCertificate(authorities[authority].crt);
    return trust && certificate && ours && !comesFrom({ trust, certificate, authority, ...rest }, ours);
  });
  const [first] = foreign;
  if (!first) return;
  throw new Problem(`${first.path} is not the ${first.authority} authority that the masters have`, {
    code: "AUTHORITIES_FOREIGN",
    host: first.host,
    detail: foreign.map(({ host, path }) => `${host}: ${path}`),
    hint: "Reset the host when it is left over from another cluster; restore the masters when they have the wrong authorities."
  });
}
function lost(kept, traces) {
  const missing = [
    ...authorityNames.filter((name) => kept[name]?.crt === void 0).map((name) => `${name} authority`),
    ...kept.serviceAccount ? [] : ["service-account key pair"],
    ...kept.encryptionConfig === void 0 ? ["encryption-at-rest key"] : []
  ];
  const detail = traces.map(({ host, path }) => `${host}: ${path}`);
  const message = `no master has the whole ${missing.join(", ")}, yet the cluster uses them: ${detail.slice(0, 3).join(", ")}`;
  return new Problem(message, {
    code: "AUTHORITIES_LOST",
    detail,
    hint: "Restore them to a master from a backup: new ones would cut off every host. Hosts that are left over from another cluster are to be reset first."
  });
}

// src/pki/certificates.ts
var import_ipaddr2 = __toESM(require_ipaddr(), 1);
function certificatesFor(cluster, host) {
  const byRole = {
    etcd: (_, each) => etcdCertificates(each),
    master: masterCertificates,
    node: nodeCertificates
  };
  return host.roles.flatMap((role) => byRole[role](cluster, host));
}
function pathOf({ place }) {
  return place.kind === "pair" ? place.crt : place.path;
}
function masterCertificates(cluster, host) {
  const server = `https://${bracketed(host.address)}:${cluster.api.port}`;
  const user = (path, name, organization) => client("kubernetes", name, { kind: "kubeconfig", path, server, user: name }, organization);
  return [
    apiserverCertificate(cluster, host),
    // What it may do comes from a binding to system:kubelet-api-admin, not from system:masters.
    client("kubernetes", "kube-apiserver-kubelet-client", pair(paths.apiserverKubeletClient)),
    client("etcd", "kube-apiserver-etcd-client", pair(paths.apiserverEtcdClient)),
    client("front-proxy", "front-proxy-client", pair(paths.frontProxyClient)),
    // The way in when RBAC itself is broken; it never leaves the masters.
    user(paths.adminConf, "kubernetes-admin", "system:masters"),
    user(paths.controllerManagerConf, "system:kube-controller-manager"),
    user(paths.schedulerConf, "system:kube-scheduler")
  ];
}
function apiserverCertificate(cluster, host) {
  const service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster"];
  const domain = `kubernetes.default.svc.${cluster.network.dnsDomain}`;
  const masters = hostsWith(cluster, "master").map((master) => master.address);
  const names = [...service, domain, host.name, host.nodeName, "localhost", host.address, ...masters];
  const all = [...names, cluster.serviceAddress, "127.0.0.1", ...cluster.api.certSANs];
  return {
    authority: "kubernetes",
    commonName: "kube-apiserver",
    ...dnsAndIps(all),
    usages: ["serverAuth"],
    place: pair(paths.apiserver)
  };
}
function etcdCertificates(host) {
  const names = dnsAndIps([host.name, host.nodeName, "localhost", host.address, "127.0.0.1"]);
  const usages = ["clientAuth", "serverAuth"];
  const member = { authority: "etcd", commonName: host.nodeName, ...names, usages };
  return [
    { ...member, place: pair(paths.etcd.server, "etcd:etcd") },
    { ...member, place: pair(paths.etcd.peer, "etcd:etcd") },
    client("etcd", "kube-etcd-healthcheck-client", pair(paths.etcd.client))
  ];
}
function nodeCertificates(cluster, host) {
  const user = "system:kube-proxy";
  return [
    {
      authority: "kubernetes",
      commonName: `system:node:${host.nodeName}`,
      organization: "system:nodes",
      ...dnsAndIps([host.nodeName, host.name, host.address]),
      // Not clientAuth: whoever takes this key must not be able to act as the node towards the API.
      usages: ["serverAuth"],
      place: pair(paths.kubeletServing)
    },
    client("kubernetes", user, { kind: "kubeconfig", path: paths.proxyConf, server: localServer(cluster), user })
  ];
}
function client(authority, commonName, place, organization) {
  const who = organization === void 0 ? { commonName } : { commonName, organization };
  return { authority, ...who, dns: [], ips: [], usages: ["clientAuth"], place };
}
function pair({ crt, key: key2 }, keyOwner = "root:root") {
  return { kind: "pair", crt, key: key2, keyOwner };
}
function dnsAndIps(names) {
  const unique = [...new Set(names.map(oneSpelling))].sort();
  return { dns: unique.filter((name) => !import_ipaddr2.default.isValid(name)), ips: unique.filter((name) => import_ipaddr2.default.isValid(name)) };
}
function bracketed(address) {
  return address.includes(":") ? `[${address}]` : address;
}

// src/pki/host-files.ts
function trustFilesFor(host, authorities) {
  const byRole = {
    master: () => authorityFiles(authorities),
    etcd: () => [publicFile(paths.etcd.ca, authorities.etcd.crt)],
    node: () => [publicFile(paths.ca.crt, authorities.kubernetes.crt)]
  };
  return uniqueByPath(host.roles.flatMap((role) => byRole[role]()));
}
function secretPathsFor(cluster, host) {
  const trust = {
    master: authorityPaths,
    etcd: [paths.etcd.ca],
    node: [paths.ca.crt]
  };
  const leafs2 = certificatesFor(cluster, host).flatMap(
    ({ place }) => place.kind === "pair" ? [place.crt, place.key] : [place.path]
  );
  return [.../* @__PURE__ */ new Set([...host.roles.flatMap((role) => trust[role]), ...leafs2])];
}
function uniqueByPath(files) {
  return [...new Map(files.toReversed().map((file2) => [file2.path, file2])).values()].toReversed();
}

// src/pki/keep.ts
var renewBefore = 30 * 24 * 3600 * 1e3;
function faultOf(wanted, { crt, key: key2 }, authority, now) {
  const certificate = readCertificate(crt);
  if (!certificate) return "unreadable";
  const id = keyId(key2);
  if (id === void 0) return "its key is unreadable";
  if (id !== keyId(crt)) return "its key does not fit";
  if (!signedBy(certificate, authority)) return `not signed by the cluster\u2019s ${wanted.authority} authority`;
  return contentFault(wanted, certificate) ?? timeFault(certificate, now);
}
function contentFault(wanted, certificate) {
  const organization = wanted.organization === void 0 ? [] : [`O=${wanted.organization}`];
  const names = [...wanted.dns.map((name) => `DNS:${name}`), ...wanted.ips.map((ip) => `IP:${ip}`)];
  return difference("subject", subjectOf(certificate), [...organization, `CN=${wanted.commonName}`]) ?? difference("names", namesOf(certificate), names) ?? difference("usages", usagesOf(certificate), wanted.usages);
}
function timeFault(certificate, now) {
  const [start, end] = [notBefore(certificate), notAfter(certificate)];
  const margin = Math.min(renewBefore, (end.getTime() - start.getTime()) / 3);
  if (start > now) return `not valid before ${start.toISOString()}`;
  if (end <= now) return `ended ${end.toISOString()}`;
  return end.getTime() - now.getTime() < margin ? `ends ${end.toISOString()}` : void 0;
}
function difference(what, has, wants) {
  const missing = wants.filter((each) => !has.includes(each)).map((each) => `+${each}`);
  const extra = has.filter((each) => !wants.includes(each)).map((each) => `-${each}`);
  return missing.length + extra.length > 0 ? `${what} differ: ${[...missing, ...extra].join(" ")}` : void 0;
}

// src/pki/issue.ts
async function issue(cluster, authorities, existing, now) {
  const certificates = validCertificates(authorities, now);
  const context = { cluster, authorities, certificates, signer: lazySigners(authorities), now };
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
  const [sign3, pair2] = await Promise.all([context.signer(wanted.authority), newLeafPair()]);
  const made = { crt: sign3(wanted, pair2.pub, context.now), key: pair2.key };
  const issued = { host: host.name, path: pathOf(wanted), reason: reason ?? "missing" };
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
  const ca = authorities.kubernetes.crt;
  return [secretFile(path, kubeconfigText({ clusterName: cluster.name, server, ca, user, credentials: { crt, key: key2 } }))];
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
    `the ${name} authority\u2019s certificate ${certificate ? `ended ${certificate.validTo}` : "is unreadable"}`,
    {
      code: "AUTHORITY_EXPIRED",
      hint: "Rotate the authorities; certificates signed by this one are refused everywhere."
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
  return [tokenText(token), token.secret, base643(token.secret)];
}
function valuesOf(content) {
  const client2 = clientCertificateOf(content);
  if (client2) return keyValues(client2.key);
  if (content.startsWith("-----BEGIN")) return keyValues(content);
  return encryptionKeys(content);
}
function keyValues(pem) {
  const lines = pem.split(/\r?\n/).filter((line) => !line.startsWith("-----"));
  return [...lines, lines.join(""), base643(pem)];
}
function base643(text) {
  return Buffer.from(text).toString("base64");
}

export {
  readIdentity,
  newSigningPair,
  readCertificate,
  notAfter,
  authorityPaths,
  authorityFiles,
  seenFingerprints,
  sealBundle,
  openBundle,
  checkBundleFresh,
  certificateRequest,
  kubeconfigText,
  bootstrapKubeconfig,
  findAuthorities,
  authoritiesOf,
  secretPathsFor,
  issue,
  secretValues,
  tokenValues
};
