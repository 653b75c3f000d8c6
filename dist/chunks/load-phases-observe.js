import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  forgetNodes,
  machineIdsOf,
  observe,
  observeAddons,
  reportUpgradeOfJob
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-health.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import "./layout-groups.js";
import "./cluster-versions.js";
import "./cluster-version-order.js";
import "./cluster-cluster.js";
import "./layout-addresses.js";
import "./entry-bytes.js";
import "./errors.js";
import "./host-redact-keys.js";
import "./runtime.js";
export {
  forgetNodes,
  machineIdsOf,
  observe,
  observeAddons,
  reportUpgradeOfJob
};
