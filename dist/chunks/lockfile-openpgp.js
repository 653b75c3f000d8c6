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
  Problem,
  unlessProblem
} from "./errors.js";
import {
  setOutput
} from "./github-hidden-values.js";

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
var subject = { name: "the manifest of an image", reader: "The runner reads the digests of images there." };
function partsOf(image) {
  const [, registry = "", name = "", tag = ""] = /^([^/]+)\/(.+):([^:/]+)$/.exec(image) ?? [];
  return { registry, name, tag };
}
async function digestAt(url) {
  const manifest = await fetchBody(url, { accept: mediaTypes }, { subject });
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

// src/lockfile/openpgp.ts
import { createHash as createHash2, createPublicKey, verify } from "node:crypto";
var textType = 1;
var hashes = /* @__PURE__ */ new Map([
  [8, "sha256"],
  [9, "sha384"],
  [10, "sha512"]
]);
var [rsa, eddsa] = [1, 22];
var longest = 4096;
var frame = /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [\w, -]+\n)*\n(?<text>.*?)\n(?<armor>-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----)/ms;
function signedText(file, keys) {
  const { text, armor = "" } = frame.exec(file.replaceAll("\r\n", "\n"))?.groups ?? {};
  if (text === void 0) return void 0;
  const lines = text.split("\n").map((line) => line.replace(/^- /, "").replace(/[ \t]+$/, ""));
  const isSigned = isSignedBy(Buffer.from(lines.join("\r\n")), armor, keys);
  return isSigned ? lines.join("\n") : void 0;
}
function isSignedBy(data, armor, keys) {
  const signature = readSignature(armor);
  return signature?.type === textType && keys.some((key) => verifies(data, signature, key));
}
function verifies(data, { algorithm, hash, signed, numbers }, key) {
  const trailer = Buffer.from([4, 255, 0, 0, 0, 0]);
  trailer.writeUInt32BE(signed.length, 2);
  const hashed = Buffer.concat([data, signed, trailer]);
  const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = numbers;
  if ("rsa" in key.material) {
    const length = Buffer.from(key.material.rsa, "base64").length;
    return algorithm === rsa && numbers.length === 1 && verify(hash, hashed, keyOf(key), padded(one, length));
  }
  const digest = createHash2(hash).update(hashed).digest();
  const isPair = algorithm === eddsa && numbers.length === 2;
  return isPair && verify(null, digest, keyOf(key), Buffer.concat([padded(one, 32), padded(two, 32)]));
}
function keyOf({ material }) {
  const url = (base64) => Buffer.from(base64, "base64").toString("base64url");
  const key = "rsa" in material ? { kty: "RSA", n: url(material.rsa), e: "AQAB" } : { kty: "OKP", crv: "Ed25519", x: url(material.ed25519) };
  return createPublicKey({ key, format: "jwk" });
}
function padded(number, length) {
  return Buffer.concat([Buffer.alloc(Math.max(0, length - number.length)), number]);
}
function readSignature(armor) {
  const [, body = ""] = /\n\n(.*?)\n(?:=\S{4}\n)?-----END/s.exec(armor) ?? [];
  const packet = bodyOf(Buffer.from(body, "base64"));
  if (packet?.[0] !== 4) return void 0;
  const [, type = 0, algorithm = 0, digest = 0] = packet;
  const end = 6 + pairAt(packet, 4);
  const numbers = numbersIn(packet.subarray(end + 2 + pairAt(packet, end) + 2));
  const hash = hashes.get(digest);
  if (hash === void 0 || numbers === void 0) return void 0;
  return { type, algorithm, hash, signed: packet.subarray(0, end), numbers };
}
function bodyOf(bytes) {
  const [tag, first = 0] = bytes;
  if (tag === 136) return exactly(bytes.subarray(2), first);
  if (tag === 137) return exactly(bytes.subarray(3), pairAt(bytes, 1));
  if (tag !== 194) return void 0;
  if (first < 192) return exactly(bytes.subarray(2), first);
  return first < 224 ? exactly(bytes.subarray(3), pairAt(bytes, 1) - 49152 + 192) : void 0;
}
function exactly(bytes, length) {
  return bytes.length === length && length <= longest ? bytes : void 0;
}
function numbersIn(bytes) {
  if (bytes.length === 0) return [];
  const length = Math.ceil(pairAt(bytes, 0) / 8);
  if (bytes.length < 2 + length) return void 0;
  const rest = numbersIn(bytes.subarray(2 + length));
  return rest && [bytes.subarray(2, 2 + length), ...rest];
}
function pairAt(bytes, at) {
  return (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
}

// src/lockfile/publisher-keys.ts
var runc = [
  {
    fingerprint: "B64E4955B29FA3D463F2A9062897FAD2B7E9446F",
    created: 1664531019,
    material: { ed25519: "E3s7dZQFuImQX2tWshIdGjeUKZc7rlMcrZ6+q25gaH0=" }
  },
  {
    fingerprint: "C2428CD75720FACDCF76B6EA17DE5ECB75A1100E",
    created: 1588116350,
    material: {
      rsa: "qMOH9ZFKsNL2q1OKavgvdcYWHjW/9LBshSgr2H4i2O+MhvBF1q2fJ9OgGAx8z7/aLm5FIZxZP7tuZF0FYCwemeUikQQohatUGYq13jSfCLLPAMAwVaaU0ogpfP8f4CqF4ifuzMrzmaM1Gr5FR3YptTSgs8A9NeFTgfEV8/oXlI0vhw12PdiJJ5WmYNqBqUHusHlZl5hIcREWqRv8vv1aOrfFH4Ur9IBHjNNP8loQSSkmD7czIEm0y+IwrDf8dG6vmTaeJbp4oVWOVql/gRi3Me8T5ydEafSbtZgISq2ylJjht65FrgyCblT/B0HwqH37AS1CkNFeH4dfJH6tW6Nybw=="
    }
  },
  {
    fingerprint: "C020EA876CE4E06C7AB95AEF49524C6F9F638F1A",
    created: 1564088607,
    material: {
      rsa: "xKQh7/R8xm6s0NkQKk1gRh1DbIhw/PTVZm18eJ8OeqHV3+ZgCkB8cofbSpLdASGijC3MXFOvhlz+Yki3R50L58cW0dIFtwifGyFj1H5ROIY7/EC23OQkqamt3e/7bJ7VWDSzxbOgdGnE1weGCyvrtmguNlEum8uczuCkvvP+0cl4XZGBmMMunQlNcrJ7huELLcZTmyiVLcXFv/b0JBf2Xamqi3+hxy/5DGrFlMVhtbr3/lfzDgUSru8wVtvdFwxOQ3fQ6Jsl+KtpKqFkAZKb5CZVbClqVvgF5wYs21Q/qV/dFREJpE756+lPTogK0uptslcGZbvN+pdsqN7V9rbIEzZ/ILWboDuEG94mZw1HsaoAsJywcXbMquFueuYzUVfx1kVDEfiwyEtSohGpcw6CA92lF0Rxy1EBtKKl/I6hSVKqdT/aTvZ3s7lA4PErGgYPDuLcr/wmavxXhd0TDHNhB04jvB0xEapkTMVBWb925IAOBp45wN8LGYS10KvlGiCV"
    }
  }
];
var publishers = [
  { prefix: "https://github.com/opencontainers/runc/releases/download/", keys: runc }
];
function signersOf(url) {
  return publishers.find(({ prefix }) => url.startsWith(prefix))?.keys;
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
      const sum = resolveSum(url, sumUrl, { token, signedPart: signedPartOf(url, sumUrl) });
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
function signedPartOf(url, sumUrl) {
  const keys = signersOf(url);
  if (!keys) return void 0;
  return (text) => {
    const signed = signedText(text, keys);
    if (signed !== void 0) return signed;
    throw new Problem(`the checksums at ${sumUrl} are not signed by a key of their publisher that this release knows`, {
      code: "SUM_UNSIGNED",
      file: sumUrl,
      detail: keys.map(({ fingerprint }) => `known key: ${fingerprint}`),
      hint: "Nothing was written. Compare the checksums with another source. If they are right, write their lines into the lock file by hand: what it has is not asked for."
    });
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
