import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  binariesFor,
  checkLockfile,
  machinesOf,
  needsOf
} from "./components-needs.js";
import {
  fetchBody,
  resolveSum
} from "./host.js";
import {
  parseJson
} from "./entry-json.js";
import {
  lockFileOf
} from "./cluster-lock.js";
import {
  lockChanges,
  lockText,
  makeLock
} from "./cluster-addresses.js";
import {
  setOutput
} from "./github-hidden-values.js";
import {
  Problem,
  unlessProblem
} from "./errors.js";

// src/phases/write-lockfile.ts
import { writeFileSync } from "node:fs";

// src/host/image-digest.ts
import { createHash } from "node:crypto";
var mediaTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
async function resolveDigest(image, mirrors = []) {
  const { registry, name, tag } = partsOf(image);
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, "")}/v2/${name}/manifests/${tag}?ns=${registry}`;
    const digest = await digestAt(url).catch(unlessRefused);
    if (digest !== void 0) return digest;
  }
  return await digestAt(`https://${registry}/v2/${name}/manifests/${tag}`);
}
function partsOf(image) {
  const [, registry = "", name = "", tag = ""] = /^([^/]+)\/(.+):([^:/]+)$/.exec(image) ?? [];
  return { registry, name, tag };
}
async function digestAt(url) {
  const manifest = await fetchBody(url, { accept: mediaTypes });
  const refuse = () => new Problem(`the answer of ${url} is no manifest of an image`, {
    code: "MIRROR_NONSENSE",
    file: url,
    hint: "Nothing was written. Open the address in a browser: it must show a manifest, not a page of a proxy."
  });
  const read = parseJson(manifest.toString("utf8"), refuse);
  if (typeof read !== "object" || read === null || Reflect.get(read, "schemaVersion") !== 2) throw refuse();
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}
function unlessRefused(error) {
  if (error instanceof Problem && error.code === "MIRROR_UNREACHABLE") return void 0;
  throw error;
}

// src/phases/write-lockfile.ts
function writeLockfile(file, token, onWritten) {
  return {
    title: "Write the lock file",
    async run(run) {
      const { cluster, log } = run;
      const lock = await makeLock(file, cluster.lock, needsOf(cluster), publishersOf(run, token));
      const changes = lockChanges(cluster.lock, lock);
      if (changes.length > 0) writeFileSync(file, lockText(lock));
      for (const change of changes) log.info(change);
      log.info(changes.length > 0 ? `${file} was written: review it and commit it` : `${file} needs no change`);
      onWritten(changes.length > 0);
      return { cluster: { ...cluster, lock } };
    }
  };
}
function publishersOf(run, token) {
  const { mirror, containerd } = run.cluster;
  const used = new Set(binariesFor(run.cluster, machinesOf(run)).map(({ url }) => url));
  const mayLack = (url) => mirror !== void 0 && !used.has(url);
  return {
    sum: async ({ url, sumUrl }) => {
      const sum = resolveSum(url, sumUrl, { token });
      if (!mayLack(url)) return await sum;
      const found = await unlessProblem(() => sum);
      if (found === void 0) run.log.info(`left out: the mirror states no checksum for ${url}, which no host uses`);
      return found;
    },
    digest: async (image) => {
      const registry = image.slice(0, image.indexOf("/"));
      return await resolveDigest(image, containerd.registries[registry]?.mirrors);
    }
  };
}

// src/actions/work/lockfile-phase.ts
function lockfilePhase({ clusterFile, writeLock }) {
  if (!writeLock) return checkLockfile(clusterFile, "warns");
  const onWritten = (changed) => setOutput("lock-changed", String(changed));
  return writeLockfile(lockFileOf(clusterFile), writeLock.token, onWritten);
}

export {
  lockfilePhase
};
