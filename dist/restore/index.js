import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  historyInput
} from "../chunks/github-earlier-artifacts.js";
import "../chunks/entry-json.js";
import "../chunks/github-artifact-client.js";
import "../chunks/p-timeout.js";
import "../chunks/github-server.js";
import {
  runClusterAction
} from "../chunks/github-cluster-action.js";
import {
  booleanInput,
  clusterAt,
  confirmCluster,
  invalidInput,
  numberInput
} from "../chunks/cluster-checks.js";
import "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import {
  hostsWith
} from "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import "../chunks/github-action.js";
import {
  requiredSecret
} from "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import "../chunks/entry-bytes.js";
import {
  Problem
} from "../chunks/errors.js";
import {
  getInput
} from "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/github/restore-inputs.ts
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";

// src/github/drill-inputs.ts
function drillInputs(cluster) {
  const real = getInput("drill-of");
  if (!real) return void 0;
  refuseRealHosts(cluster, clusterAt(real), real);
  const history = historyInput(`restore-drill-history-${cluster.name}.jsonl`);
  return { history, limitMs: numberInput("max-seconds", 600) * 1e3 };
}
function refuseRealHosts({ hosts }, real, file) {
  const addresses = ({ address, ssh }) => [address, ssh.address ?? address];
  const taken = new Set([...real.hosts, ...real.removed].flatMap(addresses));
  const [shared] = hosts.filter((host) => addresses(host).some((address) => taken.has(address)));
  if (!shared) return;
  throw new Problem(`a drill is for spare hosts, and ${shared.address} is also in ${file}`, {
    code: "DRILL_HOSTS",
    host: shared.name,
    hint: "No host was contacted. Write spare hosts into the cluster file of the drill, and the file of the cluster that serves into drill-of."
  });
}

// src/github/restore-inputs.ts
function restoreInputs(common) {
  confirmCluster(common.cluster, "RESTORE_UNCONFIRMED", "A restore decides which data the cluster continues with");
  const [survivor, backup] = [getInput("survivor"), getInput("backup")];
  const discardNewer = booleanInput("discard-newer");
  if (survivor && backup)
    throw invalidInput("backup", backup, "Write survivor or backup: the cluster continues with one of the two.");
  if (backup) {
    refuseApartLog(common.cluster, backup);
    const drill = drillInputs(common.cluster);
    return { ...common, from: { backup: backupAt(backup), discardNewer, ...drill && { drill } } };
  }
  return { ...common, from: { survivor: survivorIn(common.cluster, survivor) } };
}
function refuseApartLog({ etcd }, backup) {
  if (!etcd.extraArgs.some(({ name }) => name === "wal-dir")) return;
  const fix = "A restore does not support wal-dir in etcd.extraArgs: reset the hosts, take wal-dir out of the file, and restore then.";
  throw invalidInput("backup", backup, fix);
}
function survivorIn(cluster, survivor) {
  const members = hostsWith(cluster, "etcd").map(({ name }) => name);
  const fix = `Write the name of the host of etcd that still has its data: ${members.join(", ")}.`;
  const hint = `${fix} If none has, write backup and the path of a backup.`;
  if (!survivor) throw new Problem("the inputs survivor and backup are missing", { code: "INPUT_MISSING", hint });
  if (!members.includes(survivor)) throw invalidInput("survivor", survivor, fix);
  return survivor;
}
function backupAt(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const hint = "Set the input backup to its path, relative to the workspace. An artifact must be downloaded before.";
    throw new Problem("there is no file with a backup", { code: "BACKUP_MISSING", file: path, hint });
  }
  return { name: basename(path), key: requiredSecret("age-key"), read: () => createReadStream(path) };
}

// src/actions/restore.ts
await runClusterAction(restoreInputs, async () => (await import("../chunks/actions-work-after-restore.js")).restore);
