import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bootstrapGroup
} from "./layout-groups.js";
import {
  apiServerUrl,
  places,
  require_dist
} from "./layout-addresses.js";
import {
  array,
  base64,
  object
} from "./errors.js";
import {
  __toESM
} from "./runtime.js";

// src/entry/yaml.ts
var import_yaml = __toESM(require_dist(), 1);
var mostCharacters = 32 * 1024;
function parseYaml(text, refuse) {
  if (text.length > mostCharacters) throw refuse(`YAML of more than ${mostCharacters} characters`);
  try {
    return (0, import_yaml.parse)(text, { logLevel: "error", schema: "core", uniqueKeys: false });
  } catch {
    throw refuse("text that is no YAML");
  }
}

// src/pki/bootstrap-token.ts
import { randomInt } from "node:crypto";
var alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
function newBootstrapToken() {
  return { id: random(6), secret: random(16) };
}
function tokenText({ id, secret }) {
  return `${id}.${secret}`;
}
var joinsLabel = "k8s-ha-action/joins";
function bootstrapTokenSecret(token, node, expires) {
  const data = {
    "token-id": token.id,
    "token-secret": token.secret,
    // Go's RFC 3339 without fractions of a second, as kubeadm writes it.
    expiration: expires.toISOString().replace(/\.\d+Z$/, "Z"),
    "usage-bootstrap-authentication": "true",
    "usage-bootstrap-signing": "false",
    "auth-extra-groups": bootstrapGroup,
    description: `Created by k8s-ha-action for the node ${node} and for one run.`
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `bootstrap-token-${token.id}`, namespace: "kube-system", labels: { [joinsLabel]: node } },
    type: "bootstrap.kubernetes.io/token",
    data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString("base64")]))
  };
}
function random(length) {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

// src/pki/stand-in.ts
import { randomUUID } from "node:crypto";
var mark = `stand-in ${randomUUID()}
`;
function standInText(standIn) {
  return mark + JSON.stringify(standIn);
}
function readStandIn(text) {
  return text.startsWith(mark) ? JSON.parse(text.slice(mark.length)) : void 0;
}
var toBeMade = standInText({ sha256: "to be made", withoutKey: "", isAlone: true, certificate: "" });

// src/pki/kubeconfig.ts
var entry = object({
  user: object({ "client-certificate-data": base64(), "client-key-data": base64() })
});
var withCertificate = object({ users: array(entry).length(1) });
function localServer(cluster) {
  return apiServerUrl("127.0.0.1", cluster.api.localPort);
}
function kubeconfigText({ clusterName, server, ca, user, credentials }) {
  const context = `${user}@${clusterName}`;
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
${userLines(credentials)}
`;
}
function userLines(credentials) {
  if ("token" in credentials) return `      token: ${credentials.token}`;
  if ("plugin" in credentials) return pluginLines(credentials.plugin);
  if ("file" in credentials)
    return `      client-certificate: ${credentials.file}
      client-key: ${credentials.file}`;
  return `      client-certificate-data: ${base642(credentials.crt)}
      client-key-data: ${base642(credentials.key)}`;
}
function pluginLines({ command, args, env }) {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return `      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: ${JSON.stringify(command)}
        args: ${JSON.stringify(args)}
        env: ${JSON.stringify(variables)}
        interactiveMode: Never
        provideClusterInfo: false`;
}
function bootstrapKubeconfig(cluster, ca, token) {
  const credentials = { token: tokenText(token) };
  const user = "tls-bootstrap-token-user";
  return kubeconfigText({ clusterName: cluster.name, server: localServer(cluster), ca, user, credentials });
}
function kubeletKubeconfig(cluster, ca) {
  const credentials = { file: places.kubeletClientCert };
  const user = "kubelet";
  return kubeconfigText({ clusterName: cluster.name, server: localServer(cluster), ca, user, credentials });
}
function clientCertificateOf(text) {
  const standIn = readStandIn(text);
  if (standIn) return standIn.certificate === "" ? void 0 : { crt: standIn.certificate, key: text };
  if (!text.includes("client-key-data")) return void 0;
  const read = withCertificate.safeParse(parsed(text));
  const user = read.data?.users[0]?.user;
  return user && { crt: plain(user["client-certificate-data"]), key: plain(user["client-key-data"]) };
}
function parsed(text) {
  try {
    return parseYaml(text, Error);
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

export {
  parseYaml,
  newBootstrapToken,
  tokenText,
  joinsLabel,
  bootstrapTokenSecret,
  standInText,
  readStandIn,
  toBeMade,
  localServer,
  kubeconfigText,
  bootstrapKubeconfig,
  kubeletKubeconfig,
  clientCertificateOf
};
