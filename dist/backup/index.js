import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  runClusterAction
} from "../chunks/github-cluster-action.js";
import {
  booleanInput,
  invalidInput
} from "../chunks/cluster-checks.js";
import {
  lockFileOf
} from "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import "../chunks/github-action.js";
import {
  requiredSecret
} from "../chunks/github-secret-inputs.js";
import {
  readStart
} from "../chunks/github-small-file.js";
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

// src/github/backup-inputs.ts
import { resolve } from "node:path";

// src/github/s3-input.ts
var fix = "Write the address of the store, the bucket and a path in it: https://HOST/BUCKET/PATH, with letters, digits and . _ - only.";
function s3Input() {
  const given = getInput("s3-url");
  if (!given) return void 0;
  const url = URL.parse(given);
  const [, bucket = "", path = ""] = /^\/([\w.-]+)((?:\/[\w.-]+)*)\/?$/.exec(url?.pathname ?? "") ?? [];
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || !bucket || !/^https?:$/.test(url.protocol)) throw invalidInput("s3-url", given, fix);
  return {
    origin: url.origin,
    bucket,
    prefix: path === "" ? "" : `${path.slice(1)}/`,
    region: getInput("s3-region") || "us-east-1",
    accessKeyId: requiredSecret("s3-access-key-id"),
    secretAccessKey: requiredSecret("s3-secret-access-key")
  };
}

// src/github/backup-inputs.ts
var mostBytes = 1024 * 1024;
function backupInputs({ cluster, clusterFile }) {
  const folder = getInput("folder");
  const artifact = booleanInput("artifact");
  const s3 = s3Input();
  if (!folder && !artifact && !s3)
    throw new Problem("the input folder is missing", {
      code: "INPUT_MISSING",
      hint: "Write where the backup is to stay: artifact: true, a folder, or s3-url."
    });
  if (!cluster.backup)
    throw new Problem("the cluster file names no recipient for backups", {
      code: "BACKUP_RECIPIENT",
      file: clusterFile,
      hint: "Make a key with age-keygen away from the runner, keep its secret part there, and write the public part below backup.recipients."
    });
  const lockFile = cluster.lock && readStart(lockFileOf(clusterFile), mostBytes);
  const texts = { clusterFile: readStart(clusterFile, mostBytes), lockFile };
  return { folder: folder ? resolve(folder) : void 0, artifact, s3, backup: cluster.backup, texts };
}

// src/actions/backup.ts
await runClusterAction(backupInputs, async () => (await import("../chunks/actions-work-backup.js")).backup);
