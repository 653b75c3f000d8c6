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
  scratchWork,
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
  runPhases,
  stateDirectory
} from "./host.js";
import {
  describeEtcd,
  etcdHealth,
  etcdVersions
} from "./etcd-health.js";
import {
  servedVersions
} from "./observe-api.js";
import {
  shellCommand,
  shellQuoted
} from "./etcd-etcdctl.js";
import {
  withApi
} from "./kubernetes.js";
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
  coerce_exports,
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  paths
} from "./layout-addresses.js";
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
  array,
  boolean,
  describeProblem,
  number,
  object,
  string,
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
    await check(() => readAgain(beside));
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
  const lines2 = Object.entries(headers).map(([name, value]) => `${name}:${value}
`);
  const request = [method, url.pathname, queryOf(url), lines2.join(""), names, sha256].join("\n");
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
    async publish(name, { manifest, bytes, verified }) {
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
      setOutput("verified", String(verified));
      setOutput("seconds", seconds);
      const summary = backupSummary(name, { manifest, bytes, verified }, Number(seconds) * 1e3);
      await writeSummary(summary);
    }
  };
}
function backupSummary(name, { manifest: { cluster, snapshot, objects, versions }, bytes, verified }, milliseconds) {
  const rows = [
    ["file", name],
    ["bytes", String(bytes)],
    ["etcd", `revision ${snapshot.revision} of ${snapshot.host}, ${versions.etcd}`],
    ["Kubernetes", versions.kubernetes ?? "no API server answered"]
  ];
  const kinds = Object.entries(objects).map(([prefix, count2]) => [prefix, String(count2)]);
  const parts = [
    `## Backup of ${escaped(cluster.name)} in ${duration(milliseconds)}`,
    table(["", ""], rows),
    "An etcd that was started with the snapshot has the same keys as the cluster. The written file was decrypted and compared.",
    verified ? "An API server that was started with the file reads the same objects." : "**No API server was started with it**: the log has the reason.",
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

// src/phases/open-backup.ts
import { randomBytes } from "node:crypto";

// src/kubernetes/open-backup.ts
import { basename } from "node:path/posix";
var openBackup = `# shellcheck shell=dash
# Opens a backup on a master, by an etcd and an API server of its own (scratch-server.sh). stdin: lines \`NAME BASE64\` with files, the line
# \`snapshot\`, and the snapshot of etcd. All that is written is in DIRECTORY/work (scratch-work.sh).
#
# Set by the caller: DIRECTORY, UNIT, SIZE and SHA256 (of the snapshot), SCRIPT (for the unit), and the functions of scratch-work.sh.

open_receive() {
  # read takes no byte behind a line, and printf is no process of its own: what is in the files is never on a command line.
  while read -r open_name open_content && [ "$open_name" != snapshot ]; do
    printf '%s' "$open_content" | base64 -d >"$WORK/$open_name" || fail "$open_name cannot be written to $WORK"
  done
  cat >"$WORK/etcd.db" || fail "the snapshot cannot be written to $WORK"
  open_sum=$(sha256sum <"$WORK/etcd.db")
  [ "\${open_sum%% *}" = "$SHA256" ] || fail 'the snapshot did not arrive as it is in the backup'
}

scratch_begin
# The snapshot, and the data and the log of the etcd that is started with it.
scratch_room $((3 * SIZE / 1024 + 262144))
open_receive
printf '%s' "$SCRIPT" >"$WORK/script.sh"
scratch_unit /bin/sh "$WORK/script.sh"
`;
var scratchServer = `# shellcheck shell=dash
# Starts an etcd with etcd.db in this directory and an API server with it, and prints what the API server reads. It runs in its own network, in which
# only its own programs are. The API server writes to that etcd as each one does at its start, so all is read at the snapshot's own revision.
#
# Set by the caller: BIN, ETCD (the URL for its clients), REVISION (of the snapshot), PREFIX (of Kubernetes' keys), KINDS (plural names of the kinds that etcd has), and the
# functions \`server\` (becomes kube-apiserver with its flags) and \`api\` (kubectl with it).

# What the backup is to blame for. All other ends without the line \`complete\` are not.
fail() {
  say fails "$1: $(tail -c 1200 "$2" | tr -d '\\r' | tr '\\n' ' ')"
  exit 1
}

unasked() {
  say unasked "$1"
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\\n'
  echo
}

data() {
  "$BIN/etcdctl" --endpoints="$ETCD" --command-timeout=60s "$@"
}

# ended PID NAME: whether it has ended; that it was killed is the host's fault.
ended() {
  ! kill -0 "$1" 2>/dev/null || return 1
  wait "$1"
  [ $? -ne 137 ] || unasked "$2 was killed, as the kernel does when memory is short"
}

start_etcd() {
  "$BIN/etcdutl" snapshot restore etcd.db --data-dir=data >restore.log 2>&1 || fail 'etcdutl does not restore the snapshot' restore.log
  rm -f etcd.db
  # Its data is thrown away, so it need not be safe from a power cut.
  "$BIN/etcd" --data-dir=data --unsafe-no-fsync --quota-backend-bytes=-1 --listen-client-urls="$ETCD" --advertise-client-urls="$ETCD" \\
    --listen-peer-urls=unix://peer.sock:0 >etcd.log 2>&1 &
  etcd=$!
  until data get --limit=1 --keys-only "$PREFIX/" >/dev/null 2>&1; do
    ! ended "$etcd" etcd || fail 'etcd does not start with the snapshot' etcd.log
    sleep 0.2
  done
  # An alarm is in the snapshot too, and with NOSPACE the API server could not start.
  data alarm disarm >/dev/null
}

start_server() {
  server >server.log 2>&1 &
  server=$!
  tries=0
  # One informer lists Secrets. Whether they can be read is asked below, where the answer has the reason.
  until api get --raw='/readyz?exclude=informer-sync' >ready.log 2>&1; do
    ! ended "$server" 'the API server' || fail 'the API server does not start with the backup' server.log
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || unasked "the API server was not ready within its time: $(tail -c 300 ready.log)"
    sleep 0.3
  done
}

# The metadata of a list in \`answer\`. Lists of our kinds begin with it, those of custom resources end with it.
list_metadata() {
  sed -e '/^{"kind"/{s/"items":.*//;b' -e '}' -e 's/.*"metadata":{//' answer
}

next_page() {
  list_metadata | sed -n 's/.*"continue":"\\([A-Za-z0-9_=-]*\\)".*/\\1/p'
}

# count API-VERSION NAME: prints how many objects the API server reads. It decrypts and decodes each of them for its page of the list, and does not
# answer if it can't.
count() {
  case $1 in */*) list=/apis/$1/$2 ;; *) list=/api/$1/$2 ;; esac
  api get --raw="$list?resourceVersion=$REVISION&resourceVersionMatch=Exact&limit=1" >answer 2>error || {
    say unread "$1 $2 $(tail -c 600 error | tr '\\n' ' ')"
    return
  }
  remaining=$(list_metadata | sed -n 's/.*"remainingItemCount":\\([0-9]*\\).*/\\1/p')
  number=1
  ! grep -Eq '"items":(\\[\\]|null)' answer || number=0
  number=$((number + \${remaining:-0}))
  page=$(next_page)
  while [ -n "$page" ]; do
    api get --raw="$list?limit=500&continue=$page" >answer 2>error || {
      say unread "$1 $2 $(tail -c 600 error | tr '\\n' ' ')"
      return
    }
    page=$(next_page)
  done
  say read "$1 $2 $number"
}

count_kinds() {
  # APIs of other servers are not here, and make it fail after it has printed the rest.
  api api-resources --verbs=list --no-headers >resources 2>resources.log
  [ -s resources ] || fail 'the API server names no kinds' resources.log
  awk '{ print $(NF - 2), $1 }' resources | sort -u >kinds
  while read -r version name; do
    case " $KINDS " in *" $name "*) count "$version" "$name" </dev/null ;; esac
  done <kinds
}

# The namespace that each cluster has.
say_namespace() {
  say namespace "$(api get namespace kube-system --output='jsonpath={.metadata.uid}' 2>error)"
}

# A Secret, as etcd has it and as the API server reads it. What it contains is never printed.
say_secret() {
  key=$(data get "$PREFIX/secrets/" --prefix --keys-only --limit=1 | head -n 1)
  [ -n "$key" ] || return
  key=\${key#"$PREFIX/secrets/"}
  stored=$(data get "$PREFIX/secrets/$key" --print-value-only | head -c 100 | tr -c 'a-zA-Z0-9:._-' ' ' | sed -n 's/^\\(k8s:enc:[^ ]*:\\).*/\\1/p')
  say secret "\${stored:-plain} $(api get --raw="/api/v1/namespaces/\${key%%/*}/secrets/\${key#*/}" 2>error | grep -c '"uid":"')"
}

# The object that was written last: each node and each leader renews a Lease every few seconds.
find_newest() {
  data get "$PREFIX/leases/" --prefix --sort-by=MODIFY --order=DESCEND --limit=1 --write-out=json --keys-only |
    sed -n 's/.*"key":"\\([^"]*\\)".*"mod_revision":\\([0-9]*\\).*/\\1 \\2/p' >newest
  read -r newest_key newest_revision <newest || return
  newest_key=$(printf '%s' "$newest_key" | base64 -d)
}

say_newest() {
  [ -n "$newest_revision" ] || return
  lease=\${newest_key#"$PREFIX/leases/"}
  list="/apis/coordination.k8s.io/v1/namespaces/\${lease%%/*}/leases?fieldSelector=metadata.name%3D\${lease#*/}"
  api get --raw="$list&resourceVersion=$REVISION&resourceVersionMatch=Exact" >answer 2>error
  say newest "$newest_revision $(sed -n 's/.*"items":.*"resourceVersion":"\\([0-9]*\\)".*/\\1/p' answer)"
}

# Its loopback address is no other program's.
[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/1/ns/net)" ] || unasked 'systemd gives the API server no network of its own'
start_etcd
find_newest
start_server
count_kinds
say_namespace
say_secret
say_newest
say memory "$(awk '/^VmHWM/ { print $2 }' "/proc/$server/status")"
kill "$server" "$etcd"
echo complete
`;
var etcdUrl = `http://127.0.0.1:${components.etcd.ports.clients.port}`;
var port = components.apiServer.ports.api.usual;
function openCommand(cluster, { bytes, sha256, revision, prefix, kinds }) {
  const inUnit = {
    BIN: cluster.binDir,
    ETCD: etcdUrl,
    REVISION: String(revision),
    PREFIX: prefix,
    KINDS: kinds.join(" ")
  };
  const kubectl = ["kubectl", "--kubeconfig=kubeconfig", "--cache-dir=cache", "--request-timeout=120s"];
  const script = [
    ...assignments(inUnit),
    `server() { exec ${shellCommand(serverCommand(cluster, prefix))}; }`,
    `api() { "$BIN/"${shellCommand(kubectl)} "$@"; }`,
    scratchServer
  ].join("\n");
  const set = {
    DIRECTORY: `${stateDirectory}/backup-api`,
    UNIT: "k8s-ha-action-backup-api.service",
    SIZE: String(bytes),
    SHA256: sha256,
    SCRIPT: script
  };
  return [...assignments(set), scratchWork, openBackup].join("\n");
}
var assignments = (set) => Object.entries(set).map(([name, value]) => `${name}=${shellQuoted(value)}`);
function serverCommand({ binDir, network, apiServer }, prefix) {
  const webhooks = ["Mutating", "Validating"].flatMap((kind) => [`${kind}AdmissionWebhook`, `${kind}AdmissionPolicy`]);
  const own = apiServer.extraArgs.filter(({ name }) => name === "feature-gates" || name === "runtime-config");
  return [
    `${binDir}/kube-apiserver`,
    ...[`--etcd-servers=${etcdUrl}`, `--etcd-prefix=${prefix}`, "--etcd-compaction-interval=0", "--watch-cache=false"],
    ...[
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      "--advertise-address=127.0.0.1",
      "--cert-dir=certificates"
    ],
    ...["--token-auth-file=tokens.csv", "--authorization-mode=AlwaysAllow", "--anonymous-auth=false"],
    `--encryption-provider-config=${basename(paths.encryptionConfig)}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${basename(paths.serviceAccount.pub)}`,
    `--service-account-signing-key-file=${basename(paths.serviceAccount.key)}`,
    `--service-cluster-ip-range=${network.serviceSubnet}`,
    `--disable-admission-plugins=${webhooks.join(",")}`,
    "--endpoint-reconciler-type=none",
    "--profiling=false",
    ...own.map(({ name, value }) => `--${name}=${value}`)
  ];
}
async function* openInput(authorities, token, snapshot) {
  const needed = [paths.encryptionConfig, paths.serviceAccount.key, paths.serviceAccount.pub];
  const secrets = authorityFiles(authorities).filter(({ path }) => needed.includes(path));
  const files = {
    ...Object.fromEntries(secrets.map(({ path, content }) => [basename(path), content])),
    "tokens.csv": `${token},backup,backup
`,
    kubeconfig: kubeconfig(token)
  };
  const lines2 = Object.entries(files).map(([name, text]) => `${name} ${Buffer.from(text).toString("base64")}
`);
  yield Buffer.from(`${lines2.join("")}snapshot
`);
  yield* snapshot;
}
function kubeconfig(token) {
  const name = "scratch";
  const cluster = { server: `https://127.0.0.1:${port}`, "certificate-authority": "certificates/apiserver.crt" };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name
  });
}

// src/kubernetes/open-compared.ts
var renamed = {
  minions: "nodes",
  controllers: "replicationcontrollers",
  "services/specs": "services",
  "services/endpoints": "endpoints"
};
function resourceOf(kind, prefix) {
  const place = kind.slice(prefix.length + 1).replace(/\/$/, "");
  const name = renamed[place] ?? place;
  const at = name.indexOf("/");
  return at < 0 ? { name } : { group: name.slice(0, at), name: name.slice(at + 1) };
}
function pluralNames({ objects, prefix }) {
  const names = Object.keys(objects).map((kind) => resourceOf(kind, prefix).name);
  return [...new Set(names.filter((name) => /^[a-z0-9-]+$/.test(name)))].toSorted();
}
function comparedWith(report2, { objects, prefix, namespace }) {
  const found = Object.entries(objects).flatMap(([kind, number2]) => {
    const read = readOf(report2, resourceOf(kind, prefix));
    return read ? [{ kind, number: number2, read }] : [];
  });
  const whole = found.filter(({ read }) => read.why === void 0);
  const other = whole.filter(({ number: number2, read }) => read.count !== number2);
  const isConverted = (why) => why.includes("conversion webhook");
  const unread = found.flatMap(({ kind, read: { why } }) => why === void 0 ? [] : [{ kind, why }]);
  return {
    differences: [
      ...other.map(({ kind, number: number2, read }) => `it reads ${read.count} objects of ${kind}, and etcd has ${number2}`),
      ...unread.filter(({ why }) => !isConverted(why)).map(({ kind, why }) => `it does not read ${kind}: ${why}`),
      ...canaries(report2, namespace)
    ],
    unread: unread.filter(({ why }) => isConverted(why)).map(({ kind, why }) => `${kind}: ${why}`),
    same: whole.length - other.length
  };
}
function readOf({ kinds }, { group, name }) {
  const isOfGroup = ({ version }) => {
    const own = version.includes("/") ? version.slice(0, version.indexOf("/")) : "";
    return group === void 0 ? !own.includes(".") || own.endsWith(".k8s.io") : own === group;
  };
  return kinds.find((each) => each.name === name && isOfGroup(each));
}
function canaries({ namespace, secret, newest }, cluster) {
  return [
    ...namespace === "" ? ["it does not read the namespace kube-system"] : [],
    ...namespace !== "" && cluster !== void 0 && namespace !== cluster ? ["its namespace kube-system is another one"] : [],
    ...secret?.wasRead === false ? ["it does not read a Secret"] : [],
    ...newest && newest.read !== newest.revision ? [`it reads the newest Lease at the revision ${newest.read || "none"}, and etcd has ${newest.revision}`] : []
  ];
}

// src/kubernetes/open-report.ts
var count = coerce_exports.number().int().min(0);
var report = object({
  kinds: array(
    object({ version: string(), name: string(), count: count.optional(), why: string().optional() })
  ),
  namespace: string().max(100),
  secret: object({ stored: string(), wasRead: boolean() }).optional(),
  newest: object({ revision: string(), read: string() }).optional(),
  memoryMiB: number().int().min(0)
});
function readOpenReport(stdout, stderr) {
  const lines2 = stdout.split("\n");
  const saying = (mark) => lines2.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(mark.length + 1));
  const [fails] = saying("fails");
  if (fails !== void 0) return { kind: "fails", why: fails };
  const [unasked] = saying("unasked");
  if (unasked !== void 0) return { kind: "unasked", why: unasked };
  if (!lines2.includes("complete")) return { kind: "unasked", why: lastLine(stderr) };
  const read = report.safeParse({
    kinds: [...saying("read").map(readKind), ...saying("unread").map(unreadKind)],
    namespace: saying("namespace")[0] ?? "",
    ...both("secret", saying("secret"), ([stored, times]) => ({ stored, wasRead: times === "1" })),
    ...both("newest", saying("newest"), ([revision, seen = ""]) => ({ revision, read: seen })),
    memoryMiB: Math.round(Number(saying("memory")[0]) / 1024)
  });
  return read.success ? { kind: "read", report: read.data } : void 0;
}
var lastLine = (text) => text.trim().split("\n").at(-1) || "it ended without a reason";
function readKind(line) {
  const [version, name, number2] = line.split(" ");
  return { version, name, count: number2 };
}
function unreadKind(line) {
  const [version, name, ...why] = line.split(" ");
  return { version, name, why: why.join(" ") };
}
function both(name, [line], of) {
  return line === void 0 ? {} : { [name]: of(line.trim().split(" ")) };
}

// src/phases/scratch-host.ts
var memoryMiB = 700;
var programs = ["kube-apiserver", "kubectl", "etcd", "etcdctl", "etcdutl"];
async function scratchHost(run) {
  const masters = hostsWith(run.cluster, "master").filter(({ name }) => run.sessions.has(name));
  const seen = await Promise.all(masters.map(async (host) => ({ host, ...await roomOf(run, host) })));
  const best = seen.filter(({ why }) => why === void 0).toSorted((one, other) => other.free - one.free)[0];
  if (best) return { kind: "chosen", host: best.host };
  return { kind: "none", why: seen.map(({ host, why }) => `${host.name}: ${why}`).join("; ") };
}
async function roomOf(run, host) {
  try {
    const { stdout } = await sessionOf(run, host).run(lines(run.cluster.binDir));
    const free = Math.floor(Number(/^free (\d{1,12})$/m.exec(stdout)?.[1] ?? 0) / 1024);
    const missing = programs.find((name) => stdout.includes(`missing ${name}
`));
    if (missing !== void 0) return { free, why: `it has no ${missing}: deploy the cluster with this version once` };
    return free < memoryMiB ? { free, why: `${free} MiB of memory are free, and ${memoryMiB} are needed` } : { free };
  } catch (error) {
    if (error instanceof Problem) return { free: 0, why: describeProblem(error) };
    throw error;
  }
}
function lines(binDir) {
  const each = `for program in ${programs.join(" ")}; do [ -x ${shellQuoted(binDir)}/"$program" ] || echo "missing $program"; done`;
  return `${each}; awk '/^MemAvailable:/ { print "free " $2 }' /proc/meminfo`;
}

// src/phases/open-backup.ts
var mostSeconds = 3600;
async function openOnMaster(run, backup2) {
  const chosen = await scratchHost(run);
  if (chosen.kind === "none") return unverified(run, chosen.why);
  const namespace = await unlessProblem(() => withApi(run, async (api) => await systemNamespace(api)));
  const began = performance.now();
  const result = await opened(run, chosen.host, backup2);
  if (result.kind === "unasked") return unverified(run, `${chosen.host.name}: ${result.why}`);
  if (result.kind === "fails") throw notOpened(chosen.host, [result.why]);
  const { objects } = backup2.manifest;
  const compared = comparedWith(result.report, { objects, prefix: registryPrefix(run.cluster), namespace });
  if (compared.differences.length > 0) throw notOpened(chosen.host, compared.differences);
  for (const why of compared.unread) run.log.warning(`the backup's API server could not read ${why}`);
  const seconds = ((performance.now() - began) / 1e3).toFixed(1);
  run.log.info(`${chosen.host.name}: ${inWords(result.report, compared.same)} (${seconds} s)`);
  return true;
}
async function systemNamespace(api) {
  const { metadata } = await api.get("/api/v1/namespaces/kube-system");
  return metadata.uid;
}
async function opened(run, host, { manifest, authorities, snapshot }) {
  const part = manifest.parts.find(({ name }) => name === "etcd.db");
  if (!part) throw new Error("a backup has a snapshot");
  const prefix = registryPrefix(run.cluster);
  const kinds = pluralNames({ objects: manifest.objects, prefix });
  const command = openCommand(run.cluster, { ...part, revision: manifest.snapshot.revision, prefix, kinds });
  const token = randomBytes(24).toString("hex");
  run.mask([token]);
  const input = openInput(authorities, token, snapshot);
  try {
    const { status, stdout, stderr } = await sessionOf(run, host).run(command, { input, timeoutSeconds: mostSeconds });
    if (status === busyStatus) return { kind: "unasked", why: "another backup is opened there" };
    return readOpenReport(stdout, redactLines(stderr).join("\n")) ?? throwNonsense(host);
  } catch (error) {
    if (error instanceof Problem && error.code !== "HOST_NONSENSE")
      return { kind: "unasked", why: describeProblem(error) };
    throw error;
  }
}
function throwNonsense(host) {
  throw hostNonsense("its report of a backup that was opened there is not complete", host.name);
}
function unverified(run, why) {
  run.log.warning(`no API server was started with the backup, so it is not verified by one: ${why}`);
  return false;
}
function notOpened(host, differing) {
  const detail = differing.slice(0, 20).flatMap((text) => redactLines(text));
  return new Problem(`an API server cannot use the backup: ${detail[0]}`, {
    code: "BACKUP_UNVERIFIED",
    host: host.name,
    detail,
    hint: "The backup was not kept. If it cannot decrypt a Secret, the masters\u2019 encryption-config.yaml lacks a key that is in use: put it back. Otherwise run again, and compare the members with `etcdctl endpoint hashkv --cluster`."
  });
}
function inWords({ secret, memoryMiB: memoryMiB2 }, same) {
  const secrets = secret === void 0 ? "there is no Secret" : secret.stored === "plain" ? "no Secret is encrypted" : `Secrets are decrypted by its key (${secret.stored})`;
  return `an API server that was started with the backup reads the same objects of ${same} kinds; ${secrets}; it used ${memoryMiB2} MiB`;
}

// src/phases/write-backup.ts
function backupName(cluster, created) {
  const time = created.toISOString().replace(/\.\d+/, "").replace(/[-:]/g, "");
  return `k8s-ha-backup-${cluster}_${time}.age`;
}
function writeBackup(store, recipients, texts, open2 = openOnMaster) {
  return {
    title: "Write the backup",
    async run(run) {
      const { report: report2, data } = run.snapshot;
      const { authorities } = run;
      const snapshot = { bytes: report2.bytes, sha256: report2.sha256, data: data() };
      const contents = { ...texts, authorities, snapshot, manifest: await manifestOf(run) };
      const sealed = await sealBackup(contents, recipients);
      const name = backupName(run.cluster.name, run.now);
      let verified = false;
      const bytes = await store.write(name, sealed.data, async (read) => {
        const again = async () => await openWith(read(), sealed.witness, { name, cluster: run.cluster.name });
        for await (const _ of (await again()).snapshot) {
        }
        verified = await open2(run, await again());
      });
      run.log.info(`${name}: ${bytes} bytes, for ${recipients.length} recipients; read again, and complete`);
      await store.publish(name, { manifest: sealed.manifest, bytes, verified });
    }
  };
}
async function manifestOf(run) {
  const { cluster, now, name, authorities, snapshot } = run;
  const { report: report2, host, etcdVersion } = snapshot;
  const served = await servedVersions(run, hostsWith(cluster, "master"));
  const kubernetes = [...served.values()].find((version) => version !== void 0);
  return {
    cluster: { name: cluster.name, etcd: report2.cluster, authorities: authorityFingerprints(authorities) },
    created: now.toISOString(),
    run: name,
    versions: { ...kubernetes !== void 0 && { kubernetes }, etcd: etcdVersion },
    snapshot: {
      host,
      revision: report2.revision,
      hash: report2.scratch.hash,
      compactRevision: report2.scratch.compactRevision,
      keys: report2.keys
    },
    objects: report2.scratchObjects
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
async function refusalOf(run, host, lines2) {
  try {
    const { status, stderr } = await sessionOf(run, host).run(lines2);
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
    const report2 = readSnapshotReport(text.split("\n"));
    if (!report2) throw hostNonsense("its report of a snapshot is not complete", host);
    return { report: report2, data: () => dataOf(command, host) };
  } catch (error) {
    command.end();
    throw error;
  }
}
async function reportOf(command, host) {
  const report2 = new Bytes(mostReport, (what) => hostNonsense(`its report of a snapshot has ${what}`, host));
  for (; ; ) {
    const { value, done } = await command.output.next();
    if (done) throw failed(host, await command.finish());
    report2.add(value);
    if (report2.view.subarray(-reportEnd.length - 1).equals(Buffer.from(`${reportEnd}
`))) return report2.text();
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
var mostSeconds2 = 7200;
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
    const { report: report2, data } = await takeFrom(run, host, size);
    tell(run, host, report2);
    return { snapshot: { host: host.name, report: report2, etcdVersion, data } };
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
    const command = await session.start(snapshotCommand(run.cluster, host, size), { timeoutSeconds: mostSeconds2 });
    const taken = await readSnapshot(command, host.name);
    const differing = differencesIn(taken.report);
    if (differing.length === 0) return taken;
    command.end();
    if (!wasCompacted(taken.report) || tried === tries) throw unverified2(host, differing);
    run.log.info(`${host.name}: etcd compacted its keys meanwhile; a new snapshot is taken`);
  }
}
function unverified2(host, differing) {
  return new Problem(`the snapshot is not what the cluster has: ${differing.slice(0, 3).join("; ")}`, {
    code: "BACKUP_UNVERIFIED",
    host: host.name,
    detail: differing.slice(0, 20),
    hint: "The backup was not kept. Run again; if it happens again, compare the members with `etcdctl endpoint hashkv --cluster`."
  });
}
function tell(run, host, report2) {
  const { revision, bytes, scratchObjects, secretsEncrypted } = report2;
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
