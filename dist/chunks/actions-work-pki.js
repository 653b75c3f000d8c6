import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  prepareSecrets
} from "./phases-prepare-secrets.js";
import {
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  jobHandoff,
  sealBundles
} from "./github-bundle-folder.js";
import {
  gatherFacts,
  hostChecks
} from "./phases-apply-role.js";
import {
  checkLockfile
} from "./components-needs.js";
import "./components.js";
import "./phases-change-words.js";
import "./lockfile-images.js";
import {
  forgetNodes,
  observe
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  holdHosts,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import "./etcd-etcdctl.js";
import "./kubernetes.js";
import {
  newRun
} from "./pki.js";
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
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-small-file.js";
import "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import "./entry-bytes.js";
import "./errors.js";
import {
  setOutput
} from "./github-hidden-values.js";
import "./host-redact-keys.js";
import "./runtime.js";

// src/actions/work/pki.ts
async function pki(inputs) {
  const { cluster, clusterFile, access, dryRun, name, commit, identity, bundles, forget, gate } = inputs;
  const store = jobHandoff(bundles);
  const run = newRun({ cluster, access, dryRun, name, commit, log: githubLog, mask, forget, gate });
  await reporting(
    "Certificates",
    run,
    () => runPhases(
      run,
      [
        connectHosts("first"),
        gatherFacts,
        ...hostChecks,
        observe,
        checkLockfile(clusterFile, "warns"),
        planEtcdMembers,
        forgetNodes,
        prepareSecrets,
        sealBundles(store, identity),
        holdHosts
      ],
      { signal: cancellation() }
    )
  );
  setOutput("issued", String(run.issued.length));
}
export {
  pki
};
