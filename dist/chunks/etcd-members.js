import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  askPauseImage,
  podNetwork
} from "./components.js";
import {
  asMember,
  etcdctl,
  quorumOf,
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  allTargets,
  inspectionOf,
  isPublic,
  onHosts,
  roleSecrets,
  secretPathsFor,
  sessionOf,
  targetsOf,
  trustPaths
} from "./host.js";
import {
  Problem,
  array,
  boolean,
  components,
  etcdClientUrl,
  etcdPeerUrl,
  hostsWith,
  kubernetesMinor,
  loopback,
  looseObject,
  parseJson,
  places,
  portsOfRole,
  string
} from "./cluster.js";
import {
  redactLines
} from "./github-hidden-values.js";

// src/phases/check-hosts.ts
var clockSkewLimit = 5e3;
var oldestSystemd = 245;
var diskNeeded = { etcd: 2e3, master: 2e3, node: 4e3 };
var diskToChange = 500;
var memoryNeeded = { etcd: 900, master: 1700, node: 900 };
var checkHosts = {
  title: "Check the hosts",
  async run(run) {
    const hosts = allTargets(run);
    const problems = hosts.flatMap((host) => problemsOfHost(run.cluster, host, inspectionOf(run, host)));
    problems.push(...clones(hosts.map((host) => [host, inspectionOf(run, host).facts])));
    if (problems.length > 0) throw new AggregateError(problems, "hosts do not meet the requirements");
    for (const host of hosts)
      for (const line of warningsOf(run.cluster, host, inspectionOf(run, host).facts)) run.log.warning(line);
  }
};
function problemsOfHost(cluster, host, inspection) {
  const { facts } = inspection;
  const problem = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  const found = [];
  if (!["amd64", "arm64"].includes(facts.architecture))
    found.push(
      problem("HOST_ARCHITECTURE", `the architecture is ${facts.architecture}`, "Use a host with amd64 or arm64.")
    );
  if (facts.systemdVersion < oldestSystemd)
    found.push(
      problem(
        "HOST_SYSTEMD",
        `systemd is ${facts.systemdVersion}`,
        `Use a distribution with systemd ${oldestSystemd} or newer.`
      )
    );
  if (!facts.addresses.some(({ address }) => address === host.address))
    found.push(
      problem(
        "HOST_ADDRESS",
        `no interface has the address ${host.address}; the host has ${facts.addresses.map(({ address }) => address).join(", ")}`,
        "Correct address in cluster.yaml, or set ssh.address if the runner reaches the host at another one."
      )
    );
  if (Math.abs(facts.clockSkewMs) > clockSkewLimit)
    found.push(
      problem(
        "HOST_CLOCK",
        `the clock differs from the runner's by ${Math.round(facts.clockSkewMs / 1e3)} s`,
        "Start chrony or systemd-timesyncd on it."
      )
    );
  for (const sign of facts.foreign)
    found.push(
      problem(
        "HOST_FOREIGN",
        `there is a Kubernetes here that another tool installed: ${sign}`,
        "Remove it first, or remove the host from cluster.yaml."
      )
    );
  if (host.roles.includes("node") && facts.cgroupVersion === 1 && cluster.kubelet.config.failCgroupV1 !== false && kubernetesMinor(cluster.minor).refusesCgroupV1)
    found.push(
      problem(
        "HOST_CGROUP",
        "the host runs cgroup v1, which the kubelet refuses",
        "Boot with systemd.unified_cgroup_hierarchy=1, or set kubelet.config.failCgroupV1: false."
      )
    );
  return [...found, ...resources(host, inspection), ...takenPorts(cluster, host, inspection)];
}
function resources(host, { facts, scopes }) {
  const memory = host.roles.reduce((sum, role) => sum + memoryNeeded[role], 0);
  const needs = (role) => scopes.includes(role) ? diskToChange : diskNeeded[role];
  const disk = host.roles.reduce((sum, role) => sum + needs(role), 0);
  const short = (code, message, hint) => new Problem(message, { code, host: host.name, hint });
  const low = Object.entries(facts.freeMiB).filter(([, free]) => free < disk);
  return [
    ...facts.memoryMiB < memory ? [
      short(
        "HOST_MEMORY",
        `${facts.memoryMiB} MiB of memory, ${memory} are needed for ${host.roles.join(", ")}`,
        "Add memory, or remove roles."
      )
    ] : [],
    ...low.map(
      ([path, free]) => short(
        "HOST_DISK",
        `${free} MiB are free in ${path}, ${disk} are needed for ${host.roles.join(", ")}`,
        `Free some space in ${path}.`
      )
    )
  ];
}
function takenPorts(cluster, host, inspection) {
  return host.roles.filter((role) => !inspection.scopes.includes(role)).flatMap((role) => portsOfRole(cluster, role)).flatMap((port) => inspection.facts.listening.filter((listener) => listener.port === port)).map(
    ({ port, address, unit }) => new Problem(`port ${port} is taken${unit ? ` by ${unit}` : ""} (on ${address})`, {
      code: "HOST_PORT_TAKEN",
      host: host.name,
      hint: "Stop the program that listens there, or choose another port in cluster.yaml."
    })
  );
}
function clones(hosts) {
  return hosts.flatMap(([host, facts], index) => {
    const twin = hosts.slice(0, index).find(([, other]) => other.machineId === facts.machineId && facts.machineId !== "");
    if (!twin) return [];
    const hint = "Run rm /etc/machine-id && systemd-machine-id-setup on the clone, then reboot it.";
    return [new Problem(`has the same machine-id as ${twin[0].name}`, { code: "HOST_CLONE", host: host.name, hint })];
  });
}
function warningsOf(cluster, host, facts) {
  const ports = host.roles.flatMap((role) => portsOfRole(cluster, role)).join(", ");
  return [
    ...facts.firewalls.map(
      (firewall) => `${host.name}: ${firewall} is active; let the other hosts reach the TCP ports ${ports}${networkPorts(cluster)}`
    ),
    ...facts.selinux === "enforcing" ? [`${host.name}: SELinux is enforcing; containerd needs container-selinux for that`] : []
  ];
}
function networkPorts(cluster) {
  const udp = podNetwork(cluster).udpPorts(cluster);
  if (udp === "unknown") return " and those of your pod network";
  return udp.length === 0 ? "" : ` and UDP ${udp.join(", ")}`;
}

// src/etcd/members.ts
var mostMembers = 50;
var id = string().regex(/^[0-9a-f]{1,16}$/);
var urls = array(string().max(300)).max(20).default([]);
var listShape = looseObject({
  header: looseObject({ cluster_id: id }),
  members: array(
    looseObject({
      ID: id,
      name: string().max(300).default(""),
      peerURLs: urls,
      clientURLs: urls,
      isLearner: boolean().default(false)
    })
  ).min(1).max(mostMembers)
});
function readMemberList(text) {
  try {
    const { header, members } = listShape.parse(parseJson(text, Error));
    return {
      cluster: header.cluster_id,
      members: members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
        id: ID,
        name,
        peerUrls: peerURLs,
        clientUrls: clientURLs,
        learner: isLearner
      }))
    };
  } catch {
    return void 0;
  }
}
function hasStarted({ clientUrls }) {
  return clientUrls.length > 0;
}

// src/etcd/wal.ts
var [metadata, entry, snapshot] = [1, 2, 5];
var confChange = 1;
var firstFile = "0000000000000000-0000000000000000.wal";
function readWal(name, bytes) {
  let origin;
  let history = name !== firstFile;
  for (const record of recordsOf(bytes)) {
    const type = Number(record.get(1) ?? 0);
    const fields = fieldsOf(record.get(3));
    if (type === metadata) origin ??= { member: hexOf(fields.get(1)), cluster: hexOf(fields.get(2)) };
    if (type === snapshot && Number(fields.get(1) ?? 0) > 0) history = true;
    if (type === entry && (Number(fields.get(2) ?? 0) > 1 || Number(fields.get(1) ?? 0) !== confChange)) history = true;
  }
  return origin && { ...origin, history };
}
function* recordsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const frame = view.getBigUint64(at, true);
    if (frame === 0n) return;
    const length = Number(frame & 0xffffffffffffffn);
    const padding = frame >> 63n === 1n ? Number(frame >> 56n & 0x7n) : 0;
    const end = at + 8 + length;
    if (end > bytes.length) return;
    yield fieldsOf(bytes.subarray(at + 8, end));
    at = end + padding;
  }
}
function fieldsOf(bytes) {
  const fields = /* @__PURE__ */ new Map();
  if (!(bytes instanceof Uint8Array)) return fields;
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    const value = tag && varint(bytes, tag.end);
    if (!value) return fields;
    const [number, wire] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    at = value.end;
    if (wire === 2) {
      const end = at + Number(value.value);
      if (end > bytes.length) return fields;
      fields.set(number, bytes.subarray(at, end));
      at = end;
    } else if (wire === 0) fields.set(number, value.value);
    else return fields;
  }
  return fields;
}
function varint(bytes, start) {
  let value = 0n;
  for (let at = start; at < Math.min(bytes.length, start + 10); at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 127) << BigInt(7 * (at - start));
    if (byte < 128) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  return void 0;
}
function hexOf(value) {
  return typeof value === "bigint" ? value.toString(16) : "0";
}

// src/etcd/observe.ts
var walBytes = 16384;
var most = { bootstrap: 16384, why: 300 };
var marks = ["wal", "data", "bootstrap", "unit", "list", "error"];
function observeEtcd(cluster, host, bootstrapFile) {
  const own = [etcdClientUrl(loopback(host.address))];
  const list = shellCommand(etcdctl(cluster, asMember, own, "--hex", "--write-out=json", "member", "list"));
  const wal = walDirOf(cluster);
  return [
    `wal=; for file in ${shellQuoted(wal)}/*.wal; do [ ! -f "$file" ] || { wal=$file; break; }; done`,
    'echo "wal ${wal##*/}"',
    `[ -z "$wal" ] || { printf 'data '; head -c ${walBytes} "$wal" | base64 | tr -d '\\n'; echo; }`,
    `[ ! -f ${bootstrapFile} ] || { printf 'bootstrap '; head -c ${most.bootstrap} ${bootstrapFile} | base64 | tr -d '\\n'; echo; }`,
    `unit=$(systemctl is-active ${components.etcd.unit} 2>/dev/null)`,
    'echo "unit $unit"',
    // Without a quorum since its start it is not active, and would only let etcdctl wait.
    '[ -n "$wal" ] && [ "$unit" = active ] || exit 0',
    // Without a file for the errors: nothing is written on a host that is only asked.
    "printf 'list '",
    `{ error=$(${list} 2>&1 >&3 3>&-); status=$?; } 3>&1; echo`,
    `[ "$status" = 0 ] || printf 'error %s\\n' "$(printf %s "$error" | tail -n 1 | tr -d '\\000-\\037' | head -c ${most.why})"`
  ].join("\n");
}
function walDirOf({ etcd }) {
  return etcd.extraArgs.find(({ name }) => name === "wal-dir")?.value ?? `${etcd.dataDir}/member/wal`;
}
function readEtcdOnHost(stdout) {
  const said = /* @__PURE__ */ new Map();
  for (const line of stdout.split("\n")) {
    const [mark = ""] = line.split(" ", 1);
    if (marks.some((each) => each === mark)) said.set(mark, line.slice(mark.length + 1));
  }
  const wal = said.get("wal");
  const unit = said.get("unit");
  if (wal === void 0 || unit === void 0) return void 0;
  const bootstrap = said.get("bootstrap");
  const list = readMemberList(said.get("list") ?? "");
  const why = list ? void 0 : whyNot(wal, unit, said.get("error"));
  return {
    data: wal === "" ? "none" : readWal(wal, decoded(said.get("data"))) ?? "unreadable",
    active: unit === "active",
    ...bootstrap !== void 0 && { bootstrap: decoded(bootstrap).toString("utf8") },
    ...list && { list },
    ...why !== void 0 && { why }
  };
}
function whyNot(wal, unit, error = "etcdctl gives no answer") {
  if (wal === "") return "it has no data";
  if (unit !== "active") return `its unit is ${/^[a-z-]{1,20}$/.test(unit) ? unit : "unknown"}`;
  return redactLines(error.slice(0, most.why))[0]?.replace(/^Error: /, "") ?? "";
}
function decoded(text = "") {
  return Buffer.from(text, "base64");
}

// src/phases/gather-facts.ts
var gatherFacts = {
  title: "Gather facts",
  async run(run, signal) {
    const inspect = async (host) => [
      host.name,
      await sessionOf(run, host).inspect(queryFor(run, host))
    ];
    return { inspections: new Map(await onHosts(allTargets(run), inspect, signal)) };
  }
};
var hasBundles = ({ secrets }) => secrets !== void 0 && secrets.size > 0;
function queryFor(run, host) {
  return {
    claim: !run.dryRun,
    ...secretsQuery(run, host),
    certificates: host.roles.includes("node") ? [places.kubeletClientCert] : [],
    // The answer about etcd is read as the first one.
    ask: [
      ...isEtcdTarget(run, host) ? [observeEtcd(run.cluster, host, places.etcdBootstrap)] : [],
      ...host.roles.includes("node") && !hasBundles(run) ? [askPauseImage] : []
    ],
    disks: ["/var/lib", run.cluster.binDir, ...host.roles.includes("etcd") ? [run.cluster.etcd.dataDir] : []]
  };
}
function isEtcdTarget(run, { name }) {
  return targetsOf(run, "etcd").some((host) => host.name === name);
}
function secretsQuery(run, host) {
  if (hasBundles(run)) return { read: trustPaths };
  const all = [.../* @__PURE__ */ new Set([...roleSecrets("master").trust, ...secretPathsFor(run.cluster, host)])];
  if (!run.dryRun) return { read: all };
  return { read: all.filter(isPublic), withhold: all.filter((path) => !isPublic(path)) };
}

// src/plan/etcd-bootstrap.ts
function namedPeers(cluster, { members }, own) {
  const hosts = hostsWith(cluster, "etcd");
  return members.flatMap(({ id: id2, peerUrls }) => {
    const host = hosts.find(({ address }) => peerUrls.includes(etcdPeerUrl(address)));
    const name = peerUrls.includes(etcdPeerUrl(own.address)) ? own.name : host?.name ?? `member-${id2}`;
    return peerUrls.map((peerUrl) => ({ name, peerUrl }));
  });
}
function bootstrapText({ name }, state, members) {
  return [
    `ETCD_INITIAL_CLUSTER=${members.map((member) => `${member.name}=${member.peerUrl}`).join(",")}`,
    `ETCD_INITIAL_CLUSTER_STATE=${state}`,
    `ETCD_INITIAL_CLUSTER_TOKEN=${name}`,
    ""
  ].join("\n");
}

// src/plan/etcd-quorum.ts
function objectionTo(member, { members }, health) {
  if (member.learner) return void 0;
  const rest = votersOf(members).filter(({ id: id2 }) => id2 !== member.id);
  const healthy = rest.filter(({ id: id2 }) => health.get(id2) === true);
  if (healthy.length >= quorumOf(rest.length) && rest.length > 0) return void 0;
  const others = rest.filter((each) => !healthy.includes(each));
  return tooFew(
    void 0,
    `without ${titleOf(member)} etcd would have ${healthy.length} healthy members of ${rest.length}`,
    others
  );
}
function tooFew(host, message, ill) {
  const named = ill.length > 0 ? ` (not healthy or not asked: ${ill.map(titleOf).join(", ")})` : "";
  return {
    code: "ETCD_QUORUM",
    ...host && { host: host.name },
    message: `${message} and no quorum${named}`,
    hint: "Start the other members first; etcd changes its members only while a quorum is sure."
  };
}
function noRoomFor(host, { members }, health) {
  const voters = votersOf(members);
  const ill = voters.filter(({ id: id2 }) => health.get(id2) !== true);
  const healthy = voters.length - ill.length + 1;
  if (healthy >= quorumOf(voters.length + 1)) return void 0;
  const size = voters.length + 1;
  return tooFew(host, `with ${host.name} etcd would have ${healthy} healthy members of ${size}`, ill);
}
var votersOf = (members) => members.filter(({ learner }) => !learner);
function titleOf({ name, id: id2 }) {
  return name === "" ? id2 : `${name} (${id2})`;
}

// src/plan/etcd-members.ts
function planMembers(cluster, facts) {
  const list = listOf(facts);
  const all = list ? partsOfLiving(cluster, facts, list) : partsOfSilent(cluster, facts);
  const parts = all.filter((part) => isOwn(part, facts));
  const refusals = parts.flatMap((part) => "code" in part ? [part] : []);
  const steps = refusals.length > 0 ? [] : parts.flatMap((part) => "do" in part ? [part] : []);
  const beginnings = parts.flatMap((part) => "begins" in part ? [[part.begins, part.how]] : []);
  const voters = list ? votersIn(cluster, facts, list) : [];
  return { refusals, steps: inOrder(steps), voters, beginnings: new Map(beginnings) };
}
function isOwn(part, { own }) {
  const host = "begins" in part ? part.begins : part.host;
  return host === void 0 || own.has(host);
}
function startsCluster(cluster, facts) {
  return [...planMembers(cluster, facts).beginnings.values()].some(({ as }) => as === "new");
}
function listOf({ observed }) {
  return [...observed.values()].find(({ list }) => list !== void 0)?.list;
}
function votersIn(cluster, facts, list) {
  const seats = hostsWith(cluster, "etcd").map((host) => seatOf(host, facts, list));
  return seats.flatMap(({ host, member }) => member && !member.learner && hasStarted(member) ? [host.name] : []);
}
function inOrder(steps) {
  const order = ["start", "promote", "remove", "wait", "add"];
  return steps.toSorted((one, other) => order.indexOf(one.do) - order.indexOf(other.do));
}
function partsOfSilent(cluster, facts) {
  const hosts = hostsWith(cluster, "etcd");
  const members = hosts.map(({ name, address }) => ({ name, peerUrl: etcdPeerUrl(address) }));
  const said = (host) => facts.observed.get(host.name);
  const empty = hosts.filter((host) => said(host)?.data === "none");
  const kept = hosts.filter((host) => said(host) && said(host)?.data !== "none");
  const begins = (host, how) => ({ begins: host.name, how });
  const keeps = kept.map((host) => begins(host, { as: "member" }));
  const unseen = hosts.filter((host) => !said(host)).map(unobserved);
  if (empty.length === 0) return [...keeps, ...unseen];
  const news = empty.map((host) => begins(host, { as: "new", members }));
  if (facts.neverBootstrapped) return [...keeps, ...unseen, ...news];
  const doubts = hosts.flatMap((host) => doubtOf(host, said(host), bootstrapText(cluster, "new", members)));
  if (doubts.length > 0) return [...unseen, ...keeps, ...empty.map((host) => unknown(host, doubts))];
  if (facts.hadApiServer && kept.length === 0) return [lost()];
  return [...keeps, ...news];
}
function doubtOf({ name }, said, bootstrap) {
  if (!said) return [`${name} was not asked`];
  if (said.data === "none") return said.active ? [`${name}: etcd runs with data elsewhere`] : [];
  if (said.data === "unreadable") return [`${name} has data that cannot be read`];
  if (said.data.history) return [`${name} has data, and ${said.why ?? "gives no answer"}`];
  return said.bootstrap === bootstrap ? [] : [`${name} has begun a cluster of other members`];
}
function unobserved({ name }) {
  return {
    code: "ETCD_MEMBERS_UNKNOWN",
    host: name,
    message: "this host gives no answer about its etcd",
    hint: "Run again; if it stays so, look at what the host answers (`systemctl status etcd`, its disk)."
  };
}
function unknown(host, doubts) {
  return {
    code: "ETCD_MEMBERS_UNKNOWN",
    host: host.name,
    message: `this host has no data of etcd, and no member can be asked whether there is a cluster: ${doubts.join("; ")}`,
    hint: "Start etcd on the hosts named (`systemctl start etcd`) until they have a quorum, then run again. Without a majority of them, restore a backup."
  };
}
function lost() {
  return {
    code: "ETCD_DATA_LOST",
    message: "no etcd host has data, but a master has been set up: the cluster\u2019s data is gone",
    hint: "Restore a snapshot of etcd, or reset the masters too if the cluster is to begin again."
  };
}
function partsOfLiving(cluster, facts, list) {
  const hosts = hostsWith(cluster, "etcd");
  const seats = hosts.map((host) => seatOf(host, facts, list));
  const taken = new Set(seats.flatMap(({ member }) => member ? [member.id] : []));
  const health = healthOf(seats, list);
  const parts = seats.flatMap((seat) => partsOf(cluster, seat, list, health));
  const addresses = hosts.map(({ address }) => etcdPeerUrl(address));
  const strays = list.members.filter(
    ({ id: id2, peerUrls }) => !taken.has(id2) && !peerUrls.some((url) => addresses.includes(url))
  );
  return [...parts, ...strays.flatMap((member) => strayParts(member, facts, list, health))];
}
function seatOf(host, { observed }, { members }) {
  const said = observed.get(host.name);
  const data = said && typeof said.data === "object" ? said.data : void 0;
  const byData = members.find(({ id: id2 }) => id2 === data?.member);
  const byAddress = members.find(({ peerUrls }) => peerUrls.includes(etcdPeerUrl(host.address)));
  return { host, said, member: byData ?? byAddress };
}
function healthOf(seats, { members }) {
  const known = seats.flatMap(({ member, said }) => {
    if (!member || !said) return [];
    if (said.list) return [[member.id, true]];
    return said.data === "none" ? [[member.id, false]] : [];
  });
  const unstarted = members.filter((member) => !hasStarted(member)).map(({ id: id2 }) => [id2, false]);
  return new Map([...unstarted, ...known]);
}
function partsOf(cluster, seat, list, health) {
  const { host, said, member } = seat;
  if (!said) return [unobserved(host)];
  if (said.data === "unreadable") return [foreign(host, "data that is not etcd\u2019s, or of another version")];
  if (said.data !== "none") return partsWithData(seat, list, health);
  if (said.active) return [foreign(host, "no data in its data directory, but a running etcd")];
  if (member && hasStarted(member)) return [removal(member, list, health, host)];
  if (member) {
    return [{ do: "start", host: host.name, members: namedPeers(cluster, list, host), why: "it is registered" }];
  }
  return [addition(host, list, health)];
}
function partsWithData({ host, said, member }, list, health) {
  if (typeof said?.data !== "object") return [];
  const { data } = said;
  if (data.cluster !== list.cluster || said.list && said.list.cluster !== list.cluster)
    return [foreign(host, `the data of another cluster (${data.cluster}; this one is ${list.cluster})`)];
  if (data.member !== member?.id) return [foreign(host, `the data of a member (${data.member}) that was removed`)];
  if (!member.peerUrls.includes(etcdPeerUrl(host.address)))
    return [foreign(host, `the data of a member with another address (${member.peerUrls.join(", ")})`)];
  const { name } = host;
  const kept = { begins: name, how: { as: "member" } };
  if (member.learner)
    return [
      kept,
      noRoomFor(host, list, health) ?? { do: "promote", host: name, id: member.id, why: "it is a learner" }
    ];
  return [kept];
}
function foreign(host, what) {
  return {
    code: "ETCD_DATA_FOREIGN",
    host: host.name,
    message: `this host has ${what}`,
    hint: "If the data is not needed, stop etcd there, move the data directory away and run again: the host then joins as a new member."
  };
}
function addition(host, list, health) {
  const learner = list.members.find((member) => member.learner);
  if (learner)
    return { do: "wait", host: host.name, why: `${titleOf(learner)} is a learner, and etcd has one at a time` };
  const why = "it is in the file and no member";
  return noRoomFor(host, list, health) ?? { do: "add", host: host.name, peerUrl: etcdPeerUrl(host.address), why };
}
function removal(member, list, health, host) {
  const refusal = objectionTo(member, list, health);
  if (refusal) return host ? { ...refusal, host: host.name } : refusal;
  const { id: id2, name } = member;
  const why = host ? "the host came back without data" : "it may leave";
  return { do: "remove", ...host && { host: host.name }, id: id2, name, why };
}
function strayParts(member, { forget }, list, health) {
  if (!hasStarted(member) || forget.has(member.name)) return [removal(member, list, health)];
  return [
    {
      code: "ETCD_MEMBER_STRAY",
      message: `etcd has the member ${titleOf(member)} at ${member.peerUrls.join(", ")}, and no host of cluster.yaml is at that address`,
      hint: `Put the host back into cluster.yaml. If it is to leave for good, remove its member on another etcd host: \`etcdctl member remove ${member.id}\`.`
    }
  ];
}

export {
  hasStarted,
  bootstrapText,
  planMembers,
  startsCluster,
  observeEtcd,
  readEtcdOnHost,
  checkHosts,
  gatherFacts
};
