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
  booleanInput
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
import "../chunks/github-secret-inputs.js";
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
var mostBytes = 1024 * 1024;
function backupInputs({ cluster, clusterFile }) {
  const folder = getInput("folder");
  const artifact = booleanInput("artifact");
  if (!folder && !artifact)
    throw new Problem("the input folder is missing", {
      code: "INPUT_MISSING",
      hint: "Write where the backup is to stay: artifact: true, or a folder."
    });
  if (!cluster.backup)
    throw new Problem("the cluster file names no recipient for backups", {
      code: "BACKUP_RECIPIENT",
      file: clusterFile,
      hint: "Make a key with age-keygen away from the runner, keep its secret part there, and write the public part below backup.recipients."
    });
  const lockFile = cluster.lock && readStart(lockFileOf(clusterFile), mostBytes);
  const texts = { clusterFile: readStart(clusterFile, mostBytes), lockFile };
  return { folder: folder ? resolve(folder) : void 0, artifact, backup: cluster.backup, texts };
}

// src/actions/backup.ts
await runClusterAction(backupInputs, async () => (await import("../chunks/actions-work-backup.js")).backup);
