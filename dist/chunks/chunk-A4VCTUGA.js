import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  applyState,
  secretFiles
} from "./chunk-FSX36KHK.js";
import {
  authoritiesOf,
  authorityFiles,
  findAuthorities,
  issue,
  secretValues
} from "./chunk-3PPCRPWU.js";
import {
  hostState,
  hostsWith,
  inspectionOf,
  onHosts,
  secretsOf
} from "./chunk-A4VTBSGO.js";

// src/phases/prepare-secrets.ts
var prepareSecrets = {
  title: "Prepare certificates",
  async run(run) {
    const masters = hostsWith(run.cluster, "master");
    const others = run.cluster.hosts.filter((host) => !masters.includes(host));
    const found = findAuthorities(
      masters.map((host) => seen(run, host)),
      others.map((host) => seen(run, host))
    );
    const authorities = await authoritiesOf(found, run.now);
    const lacking = found.kind === "found" ? found.missingOn : masters.map((host) => host.name);
    run.log.info(found.kind === "found" ? "the authorities of the masters are used" : "new authorities are made");
    const existing = new Map(run.cluster.hosts.map((host) => [host.name, inspectionOf(run, host).files]));
    const { secrets, issued } = await issue(run.cluster, authorities, existing, run.now);
    for (const [host, own] of secrets) {
      run.mask(secretValues(own));
      run.secrets.set(host, own);
    }
    for (const { host, path, reason } of issued)
      run.log.info(`${host}: ${run.dryRun ? "would issue" : "issued"} ${path} (${reason})`);
    run.issued.push(...issued.map(({ host, path }) => `${host}:${path}`));
    if (run.dryRun || lacking.length === 0) return;
    const files = authorityFiles(authorities);
    await onHosts(
      masters.filter((host) => lacking.includes(host.name)),
      (host) => {
        const { directories } = secretFiles("master", secretsOf(run, host));
        return applyState(run, host, "authorities", hostState({ directories, files }));
      }
    );
  }
};
function seen(run, host) {
  return { host: host.name, files: inspectionOf(run, host).files };
}

export {
  prepareSecrets
};
