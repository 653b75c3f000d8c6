import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  freeEtcdSpace
} from "./etcd-space.js";
import {
  changeEtcdMembers
} from "./etcd-change.js";
import "./check-services.js";
import {
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  workOnRole
} from "./phases-check-bundles.js";
import "./github-bundle-folder.js";
import {
  fetchBinaries
} from "./phases-fetch-binaries.js";
import {
  applyRole
} from "./phases-apply-role.js";
import "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import "./plan-step.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import "./host.js";
import "./etcd-health.js";
import "./etcd-etcdctl.js";
import "./pki.js";
import "./pki-bootstrap-token.js";
import "./phases-matrix.js";
import "./github-artifacts.js";
import "./p-limit.js";
import "./entry-json.js";
import "./github-artifact-client.js";
import "./p-timeout.js";
import "./layout-groups.js";
import "./github-server.js";
import "./layout-ports.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import "./cluster-cel-check.js";
import "./cluster-version-order.js";
import "./cluster-cluster.js";
import "./layout-addresses.js";
import "./github-action.js";
import "./github-secret-inputs.js";
import "./github-small-file.js";
import "./github-summary.js";
import "./github-cancellation.js";
import "./github-log.js";
import "./entry-bytes.js";
import "./errors.js";
import "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/actions/work/etcd.ts
async function etcd(inputs) {
  const phases = [
    planEtcdMembers,
    fetchBinaries,
    changeEtcdMembers(),
    applyRole("etcd", "Apply etcd"),
    freeEtcdSpace(inputs.defragment)
  ];
  await workOnRole("etcd", inputs, { title: "etcd", phases });
}
export {
  etcd
};
