import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  forgetNodes,
  observe,
  observeAddons,
  reportUpgradeOfJob
} from "./phases-observe-cluster.js";
import "./etcd-health.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-served-versions.js";
import "./plan-kept-role.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import "./pki.js";
import "./layout-addresses.js";
import "./host-redact-keys.js";
import "./runtime.js";
export {
  forgetNodes,
  observe,
  observeAddons,
  reportUpgradeOfJob
};
