import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  howToMake
} from "./cluster-addresses.js";
import {
  Problem
} from "./errors.js";

// src/lockfile/locked.ts
function lockedSum({ lock }, url) {
  return lock && entryOf(lock, lock.binaries, url);
}
function lockedDigest({ lock }, image) {
  return lock && entryOf(lock, lock.images, image);
}
function entryOf(lock, entries, name) {
  const found = entries.get(name);
  if (found === void 0) throw lacking(lock, name);
  return found;
}
function lacking({ file }, name) {
  return new Problem(`it has no entry for ${name}, which cluster.yaml needs`, {
    code: "LOCKFILE_LACKING",
    file,
    hint: `Nothing was changed. For the versions of cluster.yaml, ${howToMake}.`
  });
}

// src/lockfile/images.ts
var registry = "registry.k8s.io";
var images = {
  pause: ({ versions }) => `${registry}/pause:${versions.pause}`,
  coredns: ({ versions }) => `${registry}/coredns/coredns:v${versions.coredns}`,
  metricsServer: ({ versions }) => `${registry}/metrics-server/metrics-server:v${versions.metricsServer}`
};
function taggedImage(cluster, name) {
  return images[name](cluster);
}
function imageFor(cluster, name) {
  const tagged = taggedImage(cluster, name);
  const digest = lockedDigest(cluster, tagged);
  return digest === void 0 ? tagged : `${tagged}@${digest}`;
}
function pinnedImage(cluster, name) {
  const tagged = taggedImage(cluster, name);
  const digest = lockedDigest(cluster, tagged);
  return digest === void 0 ? tagged : `${tagged.slice(0, tagged.lastIndexOf(":"))}@${digest}`;
}
function anyPauseImage(cluster) {
  const entries = [...cluster.lock?.images ?? []];
  const locked = entries.find(([name]) => name.startsWith(`${registry}/pause:`));
  return locked ? locked.join("@") : taggedImage(cluster, "pause");
}

export {
  lockedSum,
  lacking,
  taggedImage,
  imageFor,
  pinnedImage,
  anyPauseImage
};
