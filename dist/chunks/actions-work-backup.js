import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  checkRecipients,
  differencesIn,
  openWith,
  readSnapshotReport,
  sealBackup,
  wasCompacted
} from "./backup.js";
import {
  busyStatus,
  registryPrefix,
  reportEnd,
  snapshotCommand,
  wanted
} from "./etcd-snapshot.js";
import {
  writeRecord
} from "./observe-backup-record.js";
import "./etcd-members.js";
import {
  reachHost
} from "./phases-reach-masters.js";
import {
  hostNonsense,
  onHosts,
  runPhases
} from "./host.js";
import {
  describeEtcd,
  etcdHealth,
  etcdVersions
} from "./etcd-health.js";
import {
  servedVersions
} from "./observe-api.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  AbortError,
  authorityFiles,
  authorityFingerprints,
  findAuthorities,
  newRun,
  pRetry,
  roleSecrets,
  secretValues,
  sessionOf
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import {
  uploadArtifactFile
} from "./github-artifact-client.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./github-server.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import "./layout-addresses.js";
import "./github-small-file.js";
import {
  writeSummary
} from "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  duration,
  githubLog,
  mask
} from "./github-log.js";
import {
  Bytes,
  bytesOf
} from "./entry-bytes.js";
import {
  Problem,
  describeProblem,
  unlessProblem
} from "./errors.js";
import {
  escaped,
  info,
  setOutput,
  table,
  warning
} from "./github-hidden-values.js";
import {
  redactLines
} from "./host-redact-keys.js";
import "./runtime.js";

// src/github/backup-store.ts
import { mkdtemp, rm as rm2 } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join2 } from "node:path";

// src/github/backup-folder.ts
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
var staleMs = 24 * 36e5;
async function writeBackupFile(folder, name, data, check) {
  const beside = join(folder, `.${name}.part`);
  await onDisk(folder, () => mkdir(folder, { recursive: true, mode: 448 }));
  try {
    const bytes = await writeDurably(folder, beside, data);
    await check(readAgain(beside));
    await onDisk(folder, () => rename(beside, join(folder, name)));
    return bytes;
  } finally {
    await rm(beside, { force: true });
  }
}
async function* readAgain(path) {
  yield* createReadStream(path);
}
async function writeDurably(folder, path, data) {
  const file = await onDisk(folder, () => open(path, "w", 384));
  let bytes = 0;
  try {
    for await (const piece of data) {
      await onDisk(folder, () => file.writeFile(piece));
      bytes += piece.length;
    }
    await onDisk(folder, () => file.sync());
  } finally {
    await file.close();
  }
  return bytes;
}
async function onDisk(folder, work) {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = "Free some space, or set the input folder to a place that the runner may write to.";
    throw new Problem(`the backup can't be written to ${folder}: ${reason}`, { code: "BACKUP_UNWRITTEN", cause, hint });
  }
}
async function removeOldBackups(folder, cluster, keep, made) {
  const names = await onDisk(folder, () => readdir(folder));
  const old = outdated(names, cluster, keep).filter((name) => name !== made);
  await onDisk(folder, () => Promise.all(old.map((name) => rm(join(folder, name)))));
  const parts = names.filter((name) => name.endsWith(".part") && isBackupOf(cluster, name.slice(1, -".part".length)));
  for (const name of parts) {
    const { mtimeMs } = await onDisk(folder, () => stat(join(folder, name)));
    if (Date.now() - mtimeMs > staleMs) await onDisk(folder, () => rm(join(folder, name), { force: true }));
  }
  return old;
}
function outdated(names, cluster, keep) {
  const own = names.filter((name) => isBackupOf(cluster, name)).toSorted();
  return own.slice(0, Math.max(0, own.length - keep));
}
function isBackupOf(cluster, name) {
  const begin = `k8s-ha-backup-${cluster}_`;
  return name.startsWith(begin) && /^\d{8}T\d{6}Z\.age$/.test(name.slice(begin.length));
}

// src/github/s3-store.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream as createReadStream3 } from "node:fs";

// src/github/s3-exchange.ts
import { createReadStream as createReadStream2 } from "node:fs";
import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream/promises";
var mostBytes = 4 * 1024 * 1024;
var silentMs = 6e4;
var continueMs = 3e3;
async function answerTo({ method, url }, headers, sending) {
  const { HttpClient } = await import("./load-actions-http-client.js");
  const agent = new HttpClient("k8s-ha-action").getAgent(url.href);
  const length = sending && { "content-length": String(sending.bytes), expect: "100-continue" };
  const { request } = url.protocol === "https:" ? https : http;
  const asked = request(url, { method, agent, headers: { ...headers, ...length } });
  asked.setTimeout(silentMs, () => asked.destroy(new Error(`no byte for ${silentMs / 1e3} s`)));
  const message = await responseTo(asked, sending);
  const text = (await bytesOf(message, mostBytes, (what) => new Error(`its answer has ${what}`))).text();
  return { status: message.statusCode ?? 0, text };
}
async function responseTo(asked, sending) {
  const { promise, resolve, reject } = Promise.withResolvers();
  asked.on("response", resolve).on("error", reject);
  if (!sending) asked.end();
  else sendWhenWanted(asked, sending, reject);
  return await promise;
}
function sendWhenWanted(asked, { path, bytes }, reject) {
  let began = false;
  const send = () => {
    if (began) return;
    began = true;
    pipeline(createReadStream2(path), (data) => exactly(data, bytes), asked).catch(reject);
  };
  const late = setTimeout(send, continueMs);
  asked.on("continue", send).on("close", () => clearTimeout(late));
  asked.on("response", () => {
    began = true;
    clearTimeout(late);
  });
  asked.flushHeaders();
}
async function* exactly(data, bytes) {
  let length = 0;
  for await (const piece of data) {
    length += piece.length;
    yield piece;
  }
  if (length !== bytes) throw new Error(`the file has ${length} bytes instead of ${bytes}`);
}

// src/github/s3-signature.ts
import { createHash, createHmac } from "node:crypto";
var emptyBody = sha256Of("");
function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
function signedHeaders({ method, url, sha256 }, { region, accessKeyId, secretAccessKey }, now) {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers = { host: url.host, "x-amz-content-sha256": sha256, "x-amz-date": time };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}
`);
  const request = [method, url.pathname, queryOf(url), lines.join(""), names, sha256].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256Of(request)].join("\n");
  const key = scope.split("/").reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const signature = hmac(key, text).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}
function queryOf({ searchParams }) {
  const pairs = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return pairs.toSorted().join("&");
}
function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}
function sha256Of(text) {
  return createHash("sha256").update(text).digest("hex");
}

// src/github/s3-store.ts
var mostBytes2 = 5 * 1024 ** 3;
var mostPages = 100;
async function keepInS3(place, file, { cluster, keep }) {
  if (file.bytes > mostBytes2)
    throw unwritten(place, `one request takes 5 GiB at most, and the file has ${file.bytes} bytes`);
  const put = { method: "PUT", url: urlOf(place, file.name), sha256: await sha256Of2(file.path) };
  await ask(place, put, { path: file.path, bytes: file.bytes });
  const names = await orWarn(() => namesIn(place, cluster));
  if (!names) return [];
  if (!names.includes(file.name)) throw unwritten(place, "it does not list the file that was uploaded");
  const old = outdated(names, cluster, keep).filter((name) => name !== file.name);
  const remove = async (name) => await ask(place, { method: "DELETE", url: urlOf(place, name), sha256: emptyBody });
  const removed = await orWarn(async () => {
    for (const name of old) await remove(name);
    return old;
  });
  return removed ?? [];
}
async function orWarn(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    warning(`the backup was sent to the bucket, but older ones were not removed: ${describeProblem(error)}`);
    return void 0;
  }
}
function urlOf({ origin, bucket, prefix }, name) {
  const path = [bucket, ...`${prefix}${name}`.split("/")].map(encoded).join("/");
  return new URL(`${origin}/${path}`);
}
async function namesIn(place, cluster) {
  const names = [];
  let next;
  for (let page = 0; page < mostPages; page += 1) {
    const url = new URL(`${place.origin}/${encoded(place.bucket)}`);
    url.searchParams.set("list-type", "2");
    url.searchParams.set("prefix", `${place.prefix}k8s-ha-backup-${cluster}_`);
    if (next !== void 0) url.searchParams.set("continuation-token", next);
    const { text } = await ask(place, { method: "GET", url, sha256: emptyBody });
    const keys = Array.from(text.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key = ""]) => key);
    names.push(...keys.filter((key) => key.startsWith(place.prefix)).map((key) => key.slice(place.prefix.length)));
    next = /<NextContinuationToken>([^<]+)</.exec(text)?.[1]?.replaceAll("&amp;", "&");
    if (next === void 0) return names;
  }
  return names;
}
async function ask(place, request, sending) {
  const attempt = async () => {
    const { status, text } = await answerTo(request, signedHeaders(request, place, /* @__PURE__ */ new Date()), sending);
    if (status >= 200 && status < 300) return { status, text };
    const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? "";
    const problem = unwritten(place, `it answers ${status} ${code} to ${request.method}`.replace("  ", " "));
    throw status >= 500 ? problem : new AbortError(problem);
  };
  try {
    return await pRetry(attempt, { retries: 3, minTimeout: 500, shouldRetry: () => true });
  } catch (error) {
    throw error instanceof Problem ? error : unwritten(place, error.message);
  }
}
async function sha256Of2(path) {
  const hash = createHash2("sha256");
  for await (const piece of createReadStream3(path)) hash.update(piece);
  return hash.digest("hex");
}
function unwritten({ origin, bucket }, reason) {
  return new Problem(`the bucket ${bucket} at ${origin}: ${reason}`, {
    code: "BACKUP_UNWRITTEN",
    hint: "Check s3-url and s3-region, whether the bucket exists, and whether the key may write there (s3:PutObject)."
  });
}

// src/github/backup-store.ts
async function withBackupStore(places, work) {
  const scratch = places.folder ?? await mkdtemp(join2(process.env.RUNNER_TEMP || tmpdir(), "k8s-ha-backup-"));
  try {
    await work(storeIn(scratch, places, performance.now()));
  } finally {
    if (places.folder === void 0) await rm2(scratch, { recursive: true, force: true });
  }
}
function storeIn(folder, places, began) {
  const { cluster, artifact, backup: backup2 } = places;
  return {
    write: async (name, data, check) => await writeBackupFile(folder, name, data, check),
    async publish(name, { manifest, bytes }) {
      if (artifact) {
        await uploadArtifactFile(name, folder, backup2.artifactDays);
        info(`artifact: ${name}, kept for ${backup2.artifactDays} days`);
      }
      if (places.s3) {
        const file = { name, path: join2(folder, name), bytes };
        const removed = await keepInS3(places.s3, file, { cluster, keep: backup2.keep });
        info(`bucket ${places.s3.bucket}: ${places.s3.prefix}${name}`);
        if (removed.length > 0) info(`removed from the bucket: ${removed.join(", ")}`);
      }
      if (places.folder !== void 0) {
        const removed = await removeOldBackups(folder, cluster, backup2.keep, name);
        if (removed.length > 0) info(`removed from the folder: ${removed.join(", ")}`);
      }
      const seconds = ((performance.now() - began) / 1e3).toFixed(1);
      setOutput("file", places.folder === void 0 ? "" : join2(folder, name));
      setOutput("artifact", artifact ? name : "");
      setOutput("s3-key", places.s3 ? `${places.s3.prefix}${name}` : "");
      setOutput("revision", String(manifest.snapshot.revision));
      setOutput("bytes", String(bytes));
      setOutput("seconds", seconds);
      await writeSummary(backupSummary(name, manifest, { bytes, milliseconds: Number(seconds) * 1e3 }));
    }
  };
}
function backupSummary(name, { cluster, snapshot, objects, versions }, { bytes, milliseconds }) {
  const rows = [
    ["file", name],
    ["bytes", String(bytes)],
    ["etcd", `revision ${snapshot.revision} of ${snapshot.host}, ${versions.etcd}`],
    ["Kubernetes", versions.kubernetes ?? "no API server answered"]
  ];
  const kinds = Object.entries(objects).map(([prefix, count]) => [prefix, String(count)]);
  const parts = [
    `## Backup of ${escaped(cluster.name)} in ${duration(milliseconds)}`,
    table(["", ""], rows),
    "An etcd that was started with the snapshot has the same keys as the cluster. The written file was decrypted and compared.",
    `<details><summary>Keys by kind</summary>

${table(["prefix", "keys:"], kinds)}

</details>`
  ];
  return `${parts.join("\n\n")}
`;
}

// src/phases/backup-sources.ts
import { isDeepStrictEqual } from "node:util";
var reachForBackup = {
  title: "Connect to the hosts",
  async run(run, signal) {
    const hosts = run.cluster.hosts.filter(({ roles }) => roles.includes("master") || roles.includes("etcd"));
    const refusals = (await Promise.all(hosts.map((host) => reachHost(run, host, void 0, signal)))).flat();
    for (const role of ["master", "etcd"])
      if (!hostsWith(run.cluster, role).some(({ name }) => run.connections.has(name)))
        throw new AggregateError(refusals, `no host with the role ${role} is reachable`);
    for (const refusal of refusals) run.log.warning(describeProblem(refusal));
    return { sessions: run.connections };
  }
};
var readAuthorities = {
  title: "Read the CAs",
  async run(run, signal) {
    const masters = mastersOf(run);
    const authorities = await authoritiesOn(run, masters, signal);
    run.log.info(`${masters.map(({ name }) => name).join(", ")}: the CAs agree`);
    return { authorities };
  }
};
var confirmAuthorities = {
  title: "Read the CAs again",
  async run(run, signal) {
    const authorities = await authoritiesOn(run, mastersOf(run), signal);
    if (isDeepStrictEqual(authorities, run.authorities)) return;
    throw new Problem("the masters\u2019 keys changed while the snapshot was taken", {
      code: "AUTHORITIES_DIFFER",
      hint: "A key is rotated, and the snapshot may need another key than was read. Run the backup again after the rotation."
    });
  }
};
var mastersOf = (run) => hostsWith(run.cluster, "master").filter(({ name }) => run.sessions.has(name));
async function authoritiesOn(run, masters, signal) {
  const read = async (host) => {
    const { files: files2 } = await sessionOf(run, host).inspect({ read: roleSecrets("master").trust });
    return { host: host.name, files: files2 };
  };
  const found = findAuthorities(await onHosts(masters, read, signal), []);
  if (found.kind === "none")
    throw new Problem("no master that was reached has CAs", {
      code: "AUTHORITIES_UNKNOWN",
      hint: "Is the cluster deployed? Then bring up a master that has them."
    });
  const files = authorityFiles(found.authorities);
  run.mask(secretValues({ cluster: run.cluster.name, host: "", authorities: {}, files }));
  return found.authorities;
}

// src/phases/write-backup.ts
function backupName(cluster, created) {
  const time = created.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
  return `k8s-ha-backup-${cluster}_${time}.age`;
}
function writeBackup(store, recipients, texts) {
  return {
    title: "Write the backup",
    async run(run) {
      const { report, data } = run.snapshot;
      const { authorities } = run;
      const snapshot = { bytes: report.bytes, sha256: report.sha256, data: data() };
      const contents = { ...texts, authorities, snapshot, manifest: await manifestOf(run) };
      const sealed = await sealBackup(contents, recipients);
      const name = backupName(run.cluster.name, run.now);
      const bytes = await store.write(name, sealed.data, async (written) => {
        const again = await openWith(written, sealed.witness, { name, cluster: run.cluster.name });
        for await (const _ of again.snapshot) {
        }
      });
      run.log.info(`${name}: ${bytes} bytes, for ${recipients.length} recipients; read again, and complete`);
      await store.publish(name, { manifest: sealed.manifest, bytes });
    }
  };
}
async function manifestOf(run) {
  const { cluster, now, name, authorities, snapshot } = run;
  const { report, host, etcdVersion } = snapshot;
  const served = await servedVersions(run, hostsWith(cluster, "master"));
  const kubernetes = [...served.values()].find((version) => version !== void 0);
  return {
    cluster: { name: cluster.name, etcd: report.cluster, authorities: authorityFingerprints(authorities) },
    created: now.toISOString(),
    run: name,
    versions: { ...kubernetes !== void 0 && { kubernetes }, etcd: etcdVersion },
    snapshot: {
      host,
      revision: report.revision,
      hash: report.scratch.hash,
      compactRevision: report.scratch.compactRevision,
      keys: report.keys
    },
    objects: report.scratchObjects
  };
}

// src/phases/record-backup.ts
var recordBackup = {
  title: "Record the backup",
  async run(run) {
    const { cluster, now, snapshot, log } = run;
    const record = { made: now, revision: snapshot.report.revision, name: backupName(cluster.name, now) };
    const masters = hostsWith(cluster, "master").filter(({ name }) => run.sessions.has(name));
    const refusals = await Promise.all(masters.map((host) => refusalOf(run, host, writeRecord(record))));
    for (const refusal of refusals) if (refusal !== void 0) log.warning(`not recorded, check may warn: ${refusal}`);
  }
};
async function refusalOf(run, host, lines) {
  try {
    const { status, stderr } = await sessionOf(run, host).run(lines);
    return status === 0 ? void 0 : `${host.name}: ${stderr.split("\n", 1)[0]}`;
  } catch (error) {
    if (error instanceof Problem) return describeProblem(error);
    throw error;
  }
}

// src/etcd/snapshot-stream.ts
var mostReport = 4 * 1024 * 1024;
var mostWords = 4096;
async function readSnapshot(command, host) {
  try {
    const text = await reportOf(command, host);
    const report = readSnapshotReport(text.split("\n"));
    if (!report) throw hostNonsense("its report of a snapshot is not complete", host);
    return { report, data: () => dataOf(command, host) };
  } catch (error) {
    command.end();
    throw error;
  }
}
async function reportOf(command, host) {
  const report = new Bytes(mostReport, (what) => hostNonsense(`its report of a snapshot has ${what}`, host));
  for (; ; ) {
    const { value, done } = await command.output.next();
    if (done) throw failed(host, await command.finish());
    report.add(value);
    if (report.view.subarray(-reportEnd.length - 1).equals(Buffer.from(`${reportEnd}
`))) return report.text();
  }
}
async function* dataOf(command, host) {
  try {
    command.send(wanted);
    yield* command.output;
    const end = await command.finish();
    if (end.status !== 0) throw failed(host, end);
  } finally {
    command.end();
  }
}
function failed(host, { status, stderr }) {
  if (status === busyStatus)
    return new Problem("another backup is taken from this host", {
      code: "BACKUP_RUNNING",
      host,
      hint: "Wait for it, then run again."
    });
  const detail = redactLines(stderr.slice(-mostWords)).slice(-5);
  return new Problem(`no snapshot was taken: ${detail.at(-1) ?? `status ${status}`}`, {
    code: "BACKUP_FAILED",
    host,
    detail,
    hint: "Nothing is left on the host. Follow its words, then run again."
  });
}

// src/phases/take-snapshot.ts
var mostSeconds = 7200;
var tries = 3;
var takeSnapshot = {
  title: "Take a snapshot of etcd",
  async run(run) {
    const health = await healthOf(run);
    const host = chosenHost(run, health);
    if (health.healthy < health.members.length || health.members.some(({ alarm }) => alarm !== void 0))
      run.log.warning(`etcd: ${describeEtcd(health)}`);
    const size = health.members.find((member) => member.host === host.name)?.space?.bytes ?? 0;
    const etcdVersion = (await etcdVersions(sessionOf(run, host), run.cluster)).get(host.name);
    if (etcdVersion === void 0) throw versionUnknown(host);
    const { report, data } = await takeFrom(run, host, size);
    tell(run, host, report);
    return { snapshot: { host: host.name, report, etcdVersion, data } };
  }
};
async function healthOf(run) {
  const hosts = hostsWith(run.cluster, "etcd").filter(({ name }) => run.sessions.has(name));
  for (const host of hosts) {
    const health = await unlessProblem(() => etcdHealth(sessionOf(run, host), run.cluster));
    if (health) return health;
  }
  throw new Problem("etcdctl gives no answer on any host of etcd", {
    code: "ETCD_UNKNOWN",
    hint: "See `systemctl status etcd` and its journal on those hosts."
  });
}
function chosenHost(run, health) {
  const usable = health.members.filter(
    ({ host: host2, healthy, alarm = "" }) => healthy && !alarm.includes("CORRUPT") && run.sessions.has(host2)
  );
  const member = usable.find(({ leader }) => !leader) ?? usable[0];
  const host = member && hostsWith(run.cluster, "etcd").find(({ name }) => name === member.host);
  if (host) return host;
  throw new Problem(`no member of etcd can be backed up: ${describeEtcd(health)}`, {
    code: "ETCD_UNHEALTHY",
    hint: "A snapshot is taken from a healthy member whose host is reachable, and which has no alarm CORRUPT."
  });
}
function versionUnknown({ name }) {
  return new Problem("its member of etcd does not say its version, which a backup names", {
    code: "ETCD_UNKNOWN",
    host: name,
    hint: "See `systemctl status etcd` and its journal there, then run again."
  });
}
async function takeFrom(run, host, size) {
  for (let tried = 1; ; tried += 1) {
    const session = sessionOf(run, host);
    const command = await session.start(snapshotCommand(run.cluster, host, size), { timeoutSeconds: mostSeconds });
    const taken = await readSnapshot(command, host.name);
    const differing = differencesIn(taken.report);
    if (differing.length === 0) return taken;
    command.end();
    if (!wasCompacted(taken.report) || tried === tries) throw unverified(host, differing);
    run.log.info(`${host.name}: etcd compacted its keys meanwhile; a new snapshot is taken`);
  }
}
function unverified(host, differing) {
  return new Problem(`the snapshot is not what the cluster has: ${differing.slice(0, 3).join("; ")}`, {
    code: "BACKUP_UNVERIFIED",
    host: host.name,
    detail: differing.slice(0, 20),
    hint: "The backup was not kept. Run again; if it happens again, compare the members with `etcdctl endpoint hashkv --cluster`."
  });
}
function tell(run, host, report) {
  const { revision, bytes, scratchObjects, secretsEncrypted } = report;
  const objects = scratchObjects[`${registryPrefix(run.cluster)}/`] ?? 0;
  run.log.info(
    `${host.name}: snapshot of revision ${revision}, ${bytes} bytes, ${objects} objects; an etcd that was started with it has the same keys`
  );
  if (secretsEncrypted === false)
    run.log.warning(
      `${host.name}: a Secret in etcd is not encrypted; only the backup's own encryption protects it there`
    );
}

// src/actions/work/backup.ts
async function backup({ cluster, access, name, ...inputs }) {
  const { recipients } = inputs.backup;
  await checkRecipients(recipients);
  const run = newRun({ cluster, access, dryRun: false, name, log: githubLog, mask });
  await withBackupStore({ ...inputs, cluster: cluster.name }, async (store) => {
    const steps = [
      reachForBackup,
      readAuthorities,
      takeSnapshot,
      confirmAuthorities,
      writeBackup(store, recipients, inputs.texts),
      recordBackup
    ];
    await runPhases(run, steps, { signal: cancellation() });
  });
}
export {
  backup
};
