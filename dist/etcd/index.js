import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  changeEtcdMembers
} from "../chunks/etcd-change.js";
import {
  roleAction
} from "../chunks/phases-check-bundles.js";
import {
  planEtcdMembers
} from "../chunks/phases-observe-etcd.js";
import "../chunks/plan-step.js";
import "../chunks/github-artifacts.js";
import "../chunks/github-upgrade-gate.js";
import {
  applyRole,
  fetchBinaries
} from "../chunks/components.js";
import "../chunks/github-child-environment.js";
import "../chunks/components-addons-object.js";
import "../chunks/phases-change-words.js";
import "../chunks/plan-kept-role.js";
import "../chunks/etcd-etcdctl.js";
import "../chunks/github-reports.js";
import "../chunks/github-artifact-client.js";
import "../chunks/phases-reach-masters.js";
import "../chunks/host.js";
import "../chunks/pki.js";
import {
  booleanInput,
  forgetNames
} from "../chunks/cluster.js";
import "../chunks/github-hidden-values.js";
import "../chunks/layout-addresses.js";
import "../chunks/host-redact-keys.js";
import "../chunks/actions-exec.js";
import "../chunks/runtime.js";

// src/actions/etcd.ts
await roleAction("etcd", {
  title: "etcd",
  forceRestart: () => booleanInput("force-restart"),
  forget: forgetNames,
  phases: () => [planEtcdMembers, fetchBinaries, changeEtcdMembers(), applyRole("etcd", "Apply etcd")]
});
