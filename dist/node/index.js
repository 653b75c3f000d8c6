import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  joinNodes,
  settleNodes
} from "../chunks/phases-join-nodes.js";
import {
  applyBootstrapManifests
} from "../chunks/components-addons-bootstrap.js";
import "../chunks/phases-pass-gate.js";
import {
  roleAction
} from "../chunks/phases-check-bundles.js";
import "../chunks/plan-node-upgrade.js";
import "../chunks/plan-step.js";
import "../chunks/phases-served-versions.js";
import "../chunks/github-artifacts.js";
import "../chunks/github-upgrade-gate.js";
import {
  fetchBinaries
} from "../chunks/components.js";
import "../chunks/github-child-environment.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/github-reports.js";
import "../chunks/github-artifact-client.js";
import "../chunks/kubernetes.js";
import "../chunks/phases-reach-masters.js";
import "../chunks/host.js";
import "../chunks/pki.js";
import {
  rejoinNames
} from "../chunks/cluster.js";
import "../chunks/github-hidden-values.js";
import "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

// src/actions/node.ts
await roleAction("node", {
  title: "Nodes",
  rejoin: rejoinNames,
  phases: (clusterFile) => [applyBootstrapManifests(clusterFile), fetchBinaries, joinNodes, settleNodes]
});
