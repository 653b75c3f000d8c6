import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  asMember,
  etcdctl,
  quorumOf,
  shellCommand
} from "./etcd-etcdctl.js";
import {
  parseJson
} from "./entry-json.js";
import {
  etcdEndpoints,
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  hostPort
} from "./layout-addresses.js";
import {
  Problem,
  array,
  boolean,
  looseObject,
  number,
  string
} from "./errors.js";
import {
  redactLines
} from "./host-redact-keys.js";

// src/etcd/health.ts
import { setTimeout as delay } from "node:timers/promises";
var { clients, peers } = components.etcd.ports;
var mostWords = 4096;
var identifier = number().or(string().max(30)).optional();
var healthLines = array(looseObject({ endpoint: string(), health: boolean(), error: string().optional() }));
var statusLines = array(
  looseObject({
    Endpoint: string(),
    Status: looseObject({
      leader: identifier,
      header: looseObject({ member_id: identifier }).optional(),
      raftAppliedIndex: number().optional(),
      version: string().max(100).optional(),
      dbSize: number().optional(),
      dbSizeInUse: number().optional(),
      // Since etcd 3.6.
      dbSizeQuota: number().optional()
    })
  })
);
async function etcdHealth(session, cluster) {
  const answer = await session.run(etcdctlLine(cluster), { timeoutSeconds: 20 });
  const [health = "", status = ""] = answer.stdout.split("\n---\n");
  return combine(cluster, {
    health: parsed(health, healthLines),
    status: parsed(status, statusLines),
    stderr: answer.stderr,
    asked: session.host.name
  });
}
async function etcdVersions(session, cluster) {
  const answer = await session.run(`${etcdctlOn(cluster)} -w json endpoint status`, { timeoutSeconds: 20 });
  const endpoints = etcdEndpoints(cluster);
  const hosts = hostsWith(cluster, "etcd");
  return new Map(
    (parsed(answer.stdout, statusLines) ?? []).flatMap(({ Endpoint, Status: { version } }) => {
      const host = hosts[endpoints.indexOf(Endpoint)];
      return host && version !== void 0 ? [[host.name, version]] : [];
    })
  );
}
function etcdctlOn(cluster, endpoints = etcdEndpoints(cluster)) {
  return shellCommand(etcdctl(cluster, asMember, endpoints, "--command-timeout=2s"));
}
function etcdctlLine(cluster) {
  const ask = `${etcdctlOn(cluster)} -w json`;
  return `${ask} endpoint health; echo; echo ---; ${ask} endpoint status`;
}
function parsed(text, shape) {
  try {
    return shape.parse(parseJson(text, Error));
  } catch {
    return void 0;
  }
}
function combine(cluster, { health, status, stderr, asked }) {
  if (!health) {
    throw new Problem("etcdctl gave no answer", {
      code: "ETCD_UNKNOWN",
      host: asked,
      detail: redactLines(stderr.slice(-mostWords)).slice(-3),
      hint: "See `systemctl status etcd` and its journal on that host."
    });
  }
  const endpoints = etcdEndpoints(cluster);
  const members = hostsWith(cluster, "etcd").map((host, index) => {
    const line = health.find(({ endpoint }) => endpoint === endpoints[index]);
    const state = status?.find(({ Endpoint }) => Endpoint === endpoints[index])?.Status;
    const id = state?.header?.member_id;
    const alarm = alarmIn(line?.error);
    const healthy = line?.health === true || alarm !== void 0;
    return {
      host: host.name,
      healthy,
      error: healthy ? void 0 : reasonIn(stderr, host) ?? line?.error ?? "no answer",
      ...alarm !== void 0 && { alarm },
      leader: id !== void 0 && id === state?.leader,
      applied: state?.raftAppliedIndex ?? 0,
      ...spaceOf(cluster, state)
    };
  });
  return { members, healthy: members.filter(({ healthy }) => healthy).length, quorum: quorumOf(members.length) };
}
var usualQuota = 2 * 1024 ** 3;
function spaceOf({ etcd }, state) {
  const bytes = state?.dbSize ?? 0;
  if (bytes <= 0) return {};
  const set = Number(etcd.extraArgs.find(({ name }) => name === "quota-backend-bytes")?.value ?? 0);
  const quota = state?.dbSizeQuota || (set > 0 ? set : usualQuota);
  return { space: { bytes, inUse: state?.dbSizeInUse ?? bytes, quota } };
}
function alarmIn(error = "") {
  if (error === "Unable to fetch the alarm list") return "unknown";
  const words = /^Active Alarm\(s\): ([A-Z ]{1,100})$/.exec(error)?.[1]?.trim().split(" ");
  return words && [...new Set(words)].join(" ");
}
function reasonIn(stderr, { address }) {
  const isOf = (text) => text.length < mostWords && text.startsWith("{") && text.includes(hostPort(address, clients.port));
  const line = stderr.split("\n").findLast(isOf);
  return /(?:connect: |handshake failed: |desc = )([^"\\=]+)(?:\\*")*}?$/.exec(line ?? "")?.[1]?.trim();
}
function describeEtcd({ members, healthy, quorum }) {
  const ill = members.filter((member) => !member.healthy).map(({ host, error }) => `${host}: ${error}`);
  return [`${healthy} of ${members.length} members healthy, quorum is ${quorum}`, ...ill, ...alarmsOf(members)].join(
    "; "
  );
}
function alarmsOf(members) {
  return members.flatMap(({ host, alarm }) => alarm === void 0 ? [] : [`${host}: alarm ${alarm}`]);
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
        hint: `Look at \`journalctl -u etcd\` on the members named above, and at port ${peers.port} between them.`
      });
    }
    await delay(wait, void 0, { signal });
  }
}

export {
  etcdHealth,
  etcdVersions,
  etcdctlOn,
  describeEtcd,
  alarmsOf,
  waitForEtcd
};
