import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  stateFor
} from "./components.js";
import {
  lacking,
  taggedImage
} from "./lockfile-images.js";
import {
  inspectionOf,
  targetsOf
} from "./pki.js";
import {
  howToMake,
  lackingIn
} from "./cluster-addresses.js";
import {
  plainMirror
} from "./cluster-cel-check.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem
} from "./errors.js";

// src/components/needs.ts
var architectures = ["amd64", "arm64"];
function needsOf(cluster) {
  const machines = roles.flatMap((role) => architectures.map((architecture) => [role, architecture]));
  return { binaries: binariesFor(cluster, machines), images: imagesOf(cluster, hostsWith(cluster, "node").length > 0) };
}
function binariesFor(cluster, machines) {
  const unlocked = { ...cluster, lock: void 0 };
  const official = machines.flatMap((machine) => downloadsFor({ ...unlocked, mirror: void 0 }, ...machine));
  const mirrored = machines.flatMap((machine) => downloadsFor(unlocked, ...machine));
  const sumUrls = new Map(official.map(({ url }, index) => [url, mirrored[index]?.sumUrl ?? url]));
  return [...sumUrls].map(([url, sumUrl]) => ({ url, sumUrl }));
}
function imagesOf(cluster, hasNodes) {
  const { coredns, metricsServer } = cluster.addons;
  return [
    ...hasNodes ? [taggedImage(cluster, "pause")] : [],
    ...coredns ? [taggedImage(cluster, "coredns")] : [],
    ...metricsServer ? [taggedImage(cluster, "metricsServer")] : []
  ];
}
function downloadsFor(cluster, role, architecture) {
  const [host] = hostsWith(cluster, role);
  if (host === void 0) return [];
  const secrets = { cluster: cluster.name, host: host.name, authorities: {}, files: [] };
  return stateFor(cluster, host, role, secrets, { architecture }).downloads;
}

// src/phases/check-lockfile.ts
function checkLockfile(clusterFile, warns) {
  return {
    title: "Check the lock file",
    async run(run) {
      const { cluster, log } = run;
      const { lock } = cluster;
      if (lock === void 0) {
        refusePlainMirror(cluster, clusterFile);
        const line = `there is no lock file: the checksums come from where the files come from, without a review. To make one, ${howToMake}`;
        if (warns === "warns") log.warning(line);
        return;
      }
      const { binaries, images } = lackingIn(lock, {
        binaries: binariesFor(cluster, machinesOf(run)),
        // A job without nodes, as for add-ons, does not know which pause image runs.
        images: imagesOf(cluster, targetsOf(run, "node").length > 0)
      });
      const missing = [...binaries.map(({ url }) => url), ...images];
      if (missing.length > 0)
        throw new AggregateError(
          missing.map((name) => lacking(lock, name)),
          `${lock.file} lacks entries`
        );
      log.info(`${lock.file} has every file and image that these hosts need`);
    }
  };
}
function refusePlainMirror({ openings }, file) {
  const plain = plainMirror(openings);
  if (!plain) return;
  const { setting, line, column } = plain;
  throw new Problem(
    `${setting} is without TLS, and there is no lock file: anyone on the way could replace programs that run as root`,
    {
      code: "CLUSTER_URL",
      ...{ file, line, column },
      hint: `Nothing was changed. Write https://, or make a lock file where the mirror can be trusted: ${howToMake}.`
    }
  );
}
function machinesOf(run) {
  const inspections = run.inspections ?? /* @__PURE__ */ new Map();
  return [...run.targets.keys()].flatMap(
    (role) => targetsOf(run, role).map((host) => [role, inspectionOf({ inspections }, host).facts.architecture])
  );
}

export {
  needsOf,
  binariesFor,
  downloadsFor,
  checkLockfile,
  machinesOf
};
