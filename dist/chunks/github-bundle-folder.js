import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  newMasters,
  startsCluster
} from "./phases-apply-role.js";
import {
  downloadsFor
} from "./components-needs.js";
import {
  keyOf,
  versionsOf,
  withVersions
} from "./plan-kept-role.js";
import {
  onHosts,
  resolveSum,
  unlessDry
} from "./host.js";
import {
  allTargets,
  openBundle,
  readIdentity,
  sealBundle,
  secretValues
} from "./pki.js";
import {
  groupsOf
} from "./phases-matrix.js";
import {
  bundleArtifacts,
  leaveReport,
  mostBundleBytes,
  reportOf
} from "./github-artifacts.js";
import {
  versionNames
} from "./cluster-versions.js";
import {
  readSmallFile
} from "./github-small-file.js";
import {
  Problem,
  unlessProblem
} from "./errors.js";
import {
  warning
} from "./github-hidden-values.js";

// src/github/bundle-folder.ts
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
function bundleFolder(folder) {
  const place = (cluster, host) => join(folder, `${cluster}-${host}.age`);
  return {
    async write(cluster, _group, sealed) {
      await mkdir(folder, { recursive: true, mode: 448 });
      await chmod(folder, 448);
      for (const [host, bundle] of sealed) {
        const path = place(cluster, host);
        await writeFile(`${path}.part`, bundle, { mode: 384 });
        await rename(`${path}.part`, path);
      }
    },
    async read(cluster, _group, host) {
      try {
        return await readSmallFile(place(cluster, host), mostBundleBytes, (what) => tooLarge(host, what));
      } catch (error) {
        if (error.code === "ENOENT") return void 0;
        throw error;
      }
    }
  };
}
function tooLarge(host, what) {
  const hint = "Find out which file it is, and what else writes to the folder. Run the pki job again, then this one.";
  return new Problem(`the bundle of ${host} has ${what}`, { code: "BUNDLE_UNREADABLE", host, hint });
}

// src/github/job-handoff.ts
function jobHandoff(input) {
  if (input !== "artifacts") return { ...bundleFolder(input), leave: async () => {
  } };
  return {
    ...bundleArtifacts(),
    async leave(run, error) {
      const report = reportOf(run, error, Number(process.env.GITHUB_RUN_ATTEMPT ?? 1));
      try {
        if (report) await leaveReport(run.cluster.name, report);
      } catch (cause) {
        warning(`the gate will have no report of this job: ${cause instanceof Error ? cause.message : cause}`);
      }
    }
  };
}

// src/phases/bundle-sums.ts
async function sumsForHosts(run) {
  if (run.cluster.lock) return /* @__PURE__ */ new Map();
  const lacking = new Map(run.cluster.hosts.map((host) => [host.name, lackingOn(run, host)]));
  const wanted = new Map([...lacking.values()].flat().map(({ url, sumUrl }) => [url, sumUrl]));
  const asked = [...wanted].map(
    async ([url, sumUrl]) => [url, await unlessProblem(() => resolveSum(url, sumUrl))]
  );
  const sums = new Map(await Promise.all(asked));
  const sumsOf = (downloads) => Object.fromEntries(downloads.flatMap(({ url }) => sums.get(url) ? [[url, sums.get(url) ?? ""]] : []));
  return new Map(
    [...lacking].flatMap(([host, downloads]) => downloads.length > 0 ? [[host, sumsOf(downloads)]] : [])
  );
}
function lackingOn(run, host) {
  const inspection = run.inspections.get(host.name);
  if (inspection === void 0) return [];
  const { facts, downloads: placed } = inspection;
  const needed = host.roles.flatMap((role) => downloadsFor(run.cluster, role, facts.architecture));
  const paths = ({ place }) => typeof place === "string" ? [place] : Object.values(place);
  return needed.filter((download) => paths(download).some((path) => placed.get(path) !== download.url));
}

// src/phases/bundles.ts
function bundleGroups({ hosts }) {
  return groupsOf(hosts.map(({ name }) => name));
}
function sealBundles(store, identity) {
  return {
    title: "Encrypt the bundles",
    when: unlessDry,
    async run(run, signal) {
      const { recipient } = await readIdentity(identity);
      const starts = run.etcd.facts !== void 0 && startsCluster(run.cluster, run.etcd.facts);
      const joining = newMasters(run);
      const sums = await sumsForHosts(run);
      const sealed = /* @__PURE__ */ new Map();
      const seal = async ({ name, roles }) => {
        const own = run.secrets.get(name);
        if (!own) return;
        const secrets = {
          ...{ ...own, versions: versionsOf(run.cluster) },
          ...starts && roles.includes("etcd") && { startsEtcd: true },
          ...joining.length > 0 && roles.includes("master") && { newMasters: joining },
          ...sums.has(name) && { sums: sums.get(name) ?? {} }
        };
        sealed.set(name, await sealBundle(secrets, recipient, { sealedAt: run.now }));
      };
      await onHosts(run.cluster.hosts, seal, signal);
      await storeBundles(store, run.cluster, sealed, signal);
      run.log.info(`${run.secrets.size} bundles sealed`);
    }
  };
}
async function storeBundles(store, cluster, sealed, signal) {
  const groups = new Map(bundleGroups(cluster).map((group) => [group[0], group]));
  const write = async ({ name }) => {
    const group = groups.get(name) ?? [];
    const own = new Map([...sealed].filter(([host]) => group.includes(host)));
    if (own.size > 0) await store.write(cluster.name, group, own);
  };
  await onHosts(
    cluster.hosts.filter(({ name }) => groups.has(name)),
    write,
    signal
  );
}
function openBundles(store, identity) {
  return {
    title: "Decrypt the bundles",
    async run(run, signal) {
      const opened = /* @__PURE__ */ new Map();
      const settled = [];
      const sums = /* @__PURE__ */ new Map();
      const times = /* @__PURE__ */ new Set();
      const groups = new Map(bundleGroups(run.cluster).flatMap((group) => group.map((name) => [name, group])));
      const open = async (host) => {
        const sealed = await store.read(run.cluster.name, groups.get(host.name) ?? [host.name], host.name);
        if (!sealed) {
          const hint = "Run the pki action of this cluster first; bundles are kept until every job has passed, for a day at most.";
          throw new Problem("there is no bundle for this host", { code: "BUNDLE_MISSING", hint });
        }
        const expected = { cluster: run.cluster.name, host: host.name };
        const { versions, sums: known = {}, sealedAt, ...secrets } = await openBundle(sealed, identity, expected);
        if (sealedAt) times.add(sealedAt);
        run.mask(secretValues(secrets));
        if (versions) settled.push({ host: host.name, versions });
        for (const [url, sum] of Object.entries(known)) sums.set(url, sum);
        opened.set(host.name, secrets);
      };
      await onHosts(allTargets(run), open, signal);
      const attempt = `${run.attempt}, bundles of ${[...times].toSorted().join(" ")}`;
      return { secrets: opened, cluster: { ...withBundledVersions(run.cluster, settled), sums }, attempt };
    }
  };
}
function withBundledVersions(cluster, bundles) {
  const own = versionsOf(cluster);
  const settled = { ...own, ...bundles[0]?.versions };
  const wanted = (name) => cluster.pinned.has(name) ? own[name] : settled[name];
  const problems = bundles.flatMap(({ host, versions }) => {
    const other = versionNames.find((name) => (versions[name] ?? wanted(name)) !== wanted(name));
    if (other === void 0) return [];
    const message = `the bundle of ${host} was made for ${keyOf(other)} ${versions[other]}, not ${wanted(other)}`;
    return [new Problem(message, { code: "BUNDLE_STALE", host, hint: "Run the pki job again, then this one." })];
  });
  if (problems.length > 0) throw new AggregateError(problems, "bundles are of other versions");
  return withVersions(cluster, settled);
}

export {
  jobHandoff,
  sealBundles,
  openBundles
};
