import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "./phases-join-nodes.js";
import "./phases-kubelet-certificate.js";
import "./phases-pass-gate.js";
import {
  workOnRole
} from "./phases-check-bundles.js";
import "./github-bundle-folder.js";
import {
  fetchBinaries
} from "./phases-fetch-binaries.js";
import "./phases-apply-role.js";
import {
  applyBootstrapManifests
} from "./phases-apply-manifests.js";
import "./components-addons-bootstrap.js";
import "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import "./host.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
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

// src/actions/work/node.ts
async function node(inputs) {
  const phases = [applyBootstrapManifests(inputs.clusterFile), fetchBinaries, joinNodes, settleNodes];
  await workOnRole("node", inputs, { title: "Nodes", phases });
}
export {
  node
};
