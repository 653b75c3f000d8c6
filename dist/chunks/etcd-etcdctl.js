import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  etcdEndpoints
} from "./cluster-cluster.js";
import {
  paths
} from "./layout-addresses.js";

// src/host/shell-command.ts
function shellQuoted(argument) {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
function shellCommand(argv) {
  return argv.map(shellQuoted).join(" ");
}

// src/layout/quorum.ts
function quorumOf(members) {
  return Math.floor(members / 2) + 1;
}

// src/etcd/etcdctl.ts
var asMember = { ca: paths.etcd.ca, ...paths.etcd.client };
var asApiserver = { ca: paths.etcdCa.crt, ...paths.apiserverEtcdClient };
var restartLock = "k8s-ha-action/restart";
var failedRestart = "k8s-ha-action/failed-restart";
var answerSeconds = 8;
var promptMs = 1e3;
function etcdctl(cluster, identity, endpoints, ...command) {
  return [
    `${cluster.binDir}/etcdctl`,
    `--endpoints=${endpoints.join(",")}`,
    `--cacert=${identity.ca}`,
    `--cert=${identity.crt}`,
    `--key=${identity.key}`,
    "--dial-timeout=1s",
    `--command-timeout=${answerSeconds}s`,
    ...command
  ];
}
function readOfQuorum(cluster, identity, endpoints) {
  return shellCommand(etcdctl(cluster, identity, endpoints, "get", "--keys-only", "--limit=1", restartLock));
}
function promptWrites(cluster, identity, endpoint) {
  const limit = `--command-timeout=${promptMs}ms`;
  const write = shellCommand(etcdctl(cluster, identity, [endpoint], limit, "del", "k8s-ha-action/none"));
  return `{ ${write} && ${write}; } >/dev/null 2>&1`;
}
function statusOf(cluster, identity, endpoints) {
  const limit = "--command-timeout=3s";
  return shellCommand(etcdctl(cluster, identity, endpoints, limit, "--write-out=json", "endpoint", "status"));
}
function hasNoSpace(cluster, identity, endpoints = etcdEndpoints(cluster)) {
  return `${statusOf(cluster, identity, endpoints)} 2>/dev/null | grep -q alarm:NOSPACE`;
}
function memberListOf(cluster, identity, endpoints) {
  return shellCommand(etcdctl(cluster, identity, endpoints, "--hex", "--write-out=json", "member", "list"));
}
function restartQueue(cluster, identity) {
  return shellCommand(
    etcdctl(cluster, identity, etcdEndpoints(cluster), "get", "--prefix", "--keys-only", `${restartLock}/`)
  );
}

export {
  shellQuoted,
  shellCommand,
  asMember,
  asApiserver,
  restartLock,
  failedRestart,
  promptMs,
  etcdctl,
  readOfQuorum,
  promptWrites,
  statusOf,
  hasNoSpace,
  memberListOf,
  restartQueue,
  quorumOf
};
