import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyState
} from "./phases-apply-role.js";
import {
  secretFiles
} from "./components.js";
import {
  hostState,
  onHosts
} from "./host.js";
import {
  authoritiesOf,
  authorityFiles,
  findAuthorities,
  inspectionOf,
  issue,
  secretValues,
  secretsOf,
  withStandIns
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  paths
} from "./layout-addresses.js";

// src/phases/prepare-secrets.ts
var prepareSecrets = {
  title: "Prepare certificates",
  run: async (run, signal) => await prepare(run, signal)
};
var prepareBackedUpSecrets = {
  title: "Prepare certificates",
  async run(run, signal) {
    const files = authorityFiles(run.backup.authorities).map(({ path, content }) => [path, content]);
    return await prepare(run, signal, [{ host: "the backup", files: new Map(files) }]);
  }
};
async function prepare(run, signal, kept = []) {
  const masters = hostsWith(run.cluster, "master");
  const others = run.cluster.hosts.filter((host) => !masters.includes(host));
  const seen = withStandIns(run.cluster.hosts.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const seenOf = (hosts) => seen.filter(({ host }) => hosts.some(({ name }) => name === host));
  const found = findAuthorities([...kept, ...seenOf(masters)], seenOf(others));
  const authorities = await authoritiesOf(found, run.now, run.dryRun);
  const lacking = found.kind === "found" ? found.missingOn : masters.map((host) => host.name);
  run.log.info(
    found.kind === "found" ? `the CAs of the ${kept.length > 0 ? "backup" : "masters"} are used` : "new CAs are created"
  );
  const existing = new Map(seen.map(({ host, files }) => [host, files]));
  const secrets = await issueFrom(run, authorities, existing);
  if (run.dryRun) tellUnknown(run);
  const without = run.dryRun ? [] : masters.filter((host) => lacking.includes(host.name));
  await placeAuthorities({ ...run, secrets }, without, authorities, signal);
  return { secrets };
}
async function issueFrom(run, authorities, existing) {
  return tellIssued(run, await issue(run.cluster, authorities, existing, run.now, run.dryRun));
}
function tellIssued(run, { secrets, issued }) {
  if (!run.dryRun) for (const own of secrets.values()) run.mask(secretValues(own));
  for (const { host, path, reason } of issued)
    run.log.info(`${host}: ${run.dryRun ? "would issue" : "issued"} ${path} (${reason})`);
  run.issued.push(...issued.map(({ host, path }) => `${host}:${path}`));
  return secrets;
}
async function placeAuthorities(run, masters, authorities, signal) {
  const files = authorityFiles(authorities);
  const place = (host) => {
    const { directories } = secretFiles("master", secretsOf(run, host));
    return applyState(run, host, "authorities", hostState({ directories, files }));
  };
  await onHosts(masters, place, signal);
}
function tellUnknown(run) {
  const isUnknown = ({ name }) => [...run.inspections.get(name)?.withheld ?? []].some(
    ([path, { publicHalf }]) => publicHalf === "unknown" && path !== paths.encryptionConfig
  );
  const hosts = run.cluster.hosts.filter(isUnknown).map(({ name }) => name);
  if (hosts.length === 0) return;
  run.log.info(
    `${hosts.join(", ")}: no openssl there, so this run can\u2019t tell whether keys belong to their certificates`
  );
}

export {
  prepareSecrets,
  prepareBackedUpSecrets,
  issueFrom,
  tellIssued,
  placeAuthorities
};
