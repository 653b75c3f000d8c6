import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  certificateFindings,
  certificatesOn,
  inOrder,
  isRenewedByRuns,
  versionFindings
} from "./check-certificates.js";
import {
  observe
} from "./phases-observe-cluster.js";
import {
  servedVersions
} from "./observe-api.js";
import {
  allTargets,
  inspectionOf,
  isPublic,
  secretPathsFor,
  sessionOf,
  trustPaths
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  places
} from "./layout-addresses.js";
import {
  unlessProblem
} from "./errors.js";

// src/phases/warn-of-ends.ts
var title = "Look for what ends soon";
var warnOfEnds = {
  title,
  async run(run) {
    const lasting = (certificate) => run.dryRun || !isRenewedByRuns(certificate);
    const seen = allTargets(run).map(
      (host) => [host, certificatesOn(inspectionOf(run, host)).filter(lasting)]
    );
    warn(run, new Map(seen), [run.cluster.kubernetesVersion]);
  }
};
var observeEnds = [observe, warnOfEnds];
var askWhatEnds = {
  title,
  async run(run) {
    const reached = run.cluster.hosts.filter(({ name }) => run.sessions.has(name));
    const masters = hostsWith(run.cluster, "master");
    const [seen, served] = await Promise.all([
      Promise.all(reached.map(async (host) => [host, await certificatesOf(run, host)])),
      servedVersions(run, masters)
    ]);
    warn(
      run,
      new Map(seen),
      [...served.values()].flatMap((version) => version ?? [])
    );
  }
};
async function certificatesOf(run, host) {
  const read = [...trustPaths, ...secretPathsFor(run.cluster, host)].filter(isPublic);
  const certificates = host.roles.includes("node") ? [places.kubeletClientCert] : [];
  const inspection = await unlessProblem(() => sessionOf(run, host).inspect({ read, certificates }));
  return inspection ? certificatesOn(inspection) : [];
}
function warn({ cluster, log, now }, seen, versions) {
  const certificates = [...seen].flatMap(([host, each]) => certificateFindings(host, each, now));
  for (const { subject, message, fix } of inOrder([...certificates, ...versionFindings(cluster, versions, now)]))
    log.warning(`${subject}: ${message}. ${fix}`);
}

export {
  observeEnds,
  askWhatEnds
};
