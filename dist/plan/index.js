import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  matrixOf
} from "../chunks/phases-matrix.js";
import {
  lockInputs
} from "../chunks/github-lock-inputs.js";
import {
  withCluster
} from "../chunks/github-cluster-action.js";
import {
  booleanInput,
  clusterInput,
  forgetNames
} from "../chunks/cluster-checks.js";
import "../chunks/cluster-lock.js";
import "../chunks/github-run-name.js";
import "../chunks/layout-ports.js";
import "../chunks/cluster-authentication.js";
import "../chunks/cluster-addresses.js";
import "../chunks/cluster-versions.js";
import {
  describeOpening
} from "../chunks/cluster-cel-check.js";
import "../chunks/cluster-version-order.js";
import {
  hostsWith
} from "../chunks/cluster-cluster.js";
import "../chunks/layout-addresses.js";
import {
  runAction
} from "../chunks/github-action.js";
import "../chunks/github-secret-inputs.js";
import "../chunks/github-small-file.js";
import {
  writeSummary
} from "../chunks/github-summary.js";
import "../chunks/github-cancellation.js";
import "../chunks/github-log.js";
import {
  roles
} from "../chunks/entry-bytes.js";
import "../chunks/errors.js";
import {
  info,
  setOutput,
  warning
} from "../chunks/github-hidden-values.js";
import "../chunks/host-redact-keys.js";
import "../chunks/runtime.js";

// src/github/check-file.ts
async function checkFile() {
  const { clusterFile, cluster } = clusterInput();
  for (const opening of cluster.openings) warning(describeOpening(opening), { file: clusterFile, line: opening.line });
  info(`${clusterFile} is valid; no host was contacted`);
  await writeSummary(fileSummary(cluster));
}
function fileSummary({ name, hosts, openings }) {
  const opens = openings.length === 0 ? "" : ` The annotations name ${openings.length} settings that lower the cluster\u2019s security.`;
  return `## The file of ${name} is valid: ${hosts.length} hosts

No host was contacted: what it would change is not known.${opens}
`;
}

// src/actions/plan.ts
await runAction(async () => {
  if (booleanInput("file-only")) return await checkFile();
  await withCluster(
    ({ cluster }) => {
      setOutput("name", cluster.name);
      for (const role of roles) {
        const names = hostsWith(cluster, role).map((host) => host.name);
        setOutput(role, matrixOf(names));
      }
      return { forget: forgetNames(cluster), ...lockInputs(true) };
    },
    async () => (await import("../chunks/actions-work-plan.js")).plan
  );
});
