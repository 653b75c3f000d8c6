import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  require_ipaddr
} from "./cluster-cluster.js";
import {
  require_dist
} from "./layout-addresses.js";
import {
  __toESM
} from "./runtime.js";

// src/lockfile/make.ts
var import_yaml = __toESM(require_dist(), 1);

// src/lockfile/known.ts
var knownSums = /* @__PURE__ */ new Map([
  [
    "https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz",
    "b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303"
  ],
  [
    "https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-arm64-v1.9.1.tgz",
    "56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec"
  ],
  ["registry.k8s.io/pause:3.10.2", "sha256:f548e0e8e3dc1896ca956272154dde3314e8cc4fde0a57577ee9fa1c63f5baf4"]
]);

// src/lockfile/make.ts
var howToMake = "run the plan action with lock: true, review the difference, and commit the file";
function lackingIn(lock, { binaries, images }) {
  return {
    binaries: binaries.filter(({ url }) => !lock.binaries.has(url)),
    images: images.filter((image) => !lock.images.has(image))
  };
}
async function makeLock(file, before, needs, publishers) {
  const binaries = needs.binaries.map(async (binary) => {
    const { url } = binary;
    return [url, before?.binaries.get(url) ?? knownSums.get(url) ?? await publishers.sum(binary)];
  });
  const images = needs.images.map(
    async (image) => [image, before?.images.get(image) ?? knownSums.get(image) ?? await publishers.digest(image)]
  );
  const [sums, digests] = await Promise.all([Promise.all(binaries), Promise.all(images)]);
  const known = sums.flatMap(([url, sum]) => sum === void 0 ? [] : [[url, sum]]);
  return { file, binaries: new Map(known), images: new Map(digests) };
}
function lockChanges(before, after) {
  const lines = (was, is) => [
    ...[...is].filter(([name]) => !was.has(name)).map(([name, sum]) => `added ${name} ${sum}`),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name) => `removed ${name}`)
  ];
  const none = /* @__PURE__ */ new Map();
  return [
    ...lines(before?.binaries ?? none, after.binaries),
    ...lines(before?.images ?? none, after.images)
  ].toSorted();
}
var heading = `# The SHA-256 of each binary, and the digest of each image, that this cluster may use. Made by the plan action of
# k8s-ha-action with lock: true; review each change of this file. Anything else is refused on every host.
`;
function lockText({ binaries, images }) {
  const sorted = (entries) => Object.fromEntries([...entries].toSorted(([one], [other]) => one < other ? -1 : 1));
  return heading + (0, import_yaml.stringify)({ binaries: sorted(binaries), images: sorted(images) }, { lineWidth: 0 });
}

// src/cluster/addresses.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
function parseAddress(text) {
  if (!import_ipaddr.default.IPv4.isValidFourPartDecimal(text)) return void 0;
  return import_ipaddr.default.IPv4.parse(text).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
function formatAddress(address) {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
function isIPv6(text) {
  return import_ipaddr.default.IPv6.isValid(text);
}
function parseSubnet(text) {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,2})$/.exec(text) ?? [];
  const written = parseAddress(address);
  const prefix = Number(bits);
  if (written === void 0 || prefix > 32) return void 0;
  const size = 2 ** (32 - prefix);
  const first = written - written % size;
  return { text, first, last: first + size - 1, prefix, aligned: first === written };
}
function overlap(a, b) {
  return a.first <= b.last && b.first <= a.last;
}
function contains(subnet, address) {
  return subnet.first <= address && address <= subnet.last;
}
function addressAt(subnet, index) {
  const parsed = parseSubnet(subnet);
  if (parsed === void 0 || parsed.first + index > parsed.last)
    throw new RangeError(`no address ${index} in ${subnet}`);
  return formatAddress(parsed.first + index);
}

// src/cluster/election.ts
var electionProfiles = {
  default: { leaseDuration: 15, renewDeadline: 10, retryPeriod: 2 },
  fast: { leaseDuration: 4, renewDeadline: 3, retryPeriod: 0.5 }
};
function electionTimes(election) {
  return typeof election === "string" ? electionProfiles[election] : election;
}
var jitter = 1.2;
function electionProblem({ leaseDuration, renewDeadline, retryPeriod }) {
  if (leaseDuration > renewDeadline && renewDeadline > jitter * retryPeriod && retryPeriod > 0) return void 0;
  return `A lease of ${leaseDuration}s with a renew deadline of ${renewDeadline}s and a retry period of ${retryPeriod}s can\u2019t hold.`;
}
function goSeconds(seconds) {
  return `${seconds}s`;
}

export {
  parseAddress,
  formatAddress,
  isIPv6,
  parseSubnet,
  overlap,
  contains,
  addressAt,
  electionTimes,
  electionProblem,
  goSeconds,
  howToMake,
  lackingIn,
  makeLock,
  lockChanges,
  lockText
};
