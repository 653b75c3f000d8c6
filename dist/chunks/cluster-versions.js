import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/cluster/versions.ts
var defaultVersions = {
  kubernetes: "1.37.2",
  etcd: "3.7.3",
  containerd: "2.4.2",
  runc: "1.5.2",
  cniPlugins: "1.9.1",
  flannel: "0.28.10",
  pause: "3.10.2",
  coredns: "1.15.0",
  metricsServer: "0.9.0"
};
var versionNames = Object.keys(defaultVersions);
var etcdHopFloors = { 6: "3.5.26", 7: "3.6.11" };
var releaseLease = "ControllerManagerReleaseLeaderElectionLockOnExit=true";
var kubernetesMinors = {
  34: { oldestEtcd: "3.5.24", refusesCgroupV1: false, controllerManagerGates: [], endOfLife: "2026-10-27" },
  35: { oldestEtcd: "3.5.24", refusesCgroupV1: true, controllerManagerGates: [], endOfLife: "2027-02-28" },
  36: { oldestEtcd: "3.5.24", refusesCgroupV1: true, controllerManagerGates: [releaseLease], endOfLife: "2027-06-28" },
  37: { oldestEtcd: "3.5.24", refusesCgroupV1: true, controllerManagerGates: [releaseLease], endOfLife: "2027-10-28" }
};
var supportedMinors = Object.keys(kubernetesMinors).map(Number);
function kubernetesMinor(minor) {
  const found = supportedMinors.find((supported) => supported === minor);
  if (found === void 0) throw new RangeError(`Kubernetes 1.${minor} is not supported`);
  return kubernetesMinors[found];
}
function endOfLife(minor) {
  const found = supportedMinors.find((supported) => supported === minor);
  return found && /* @__PURE__ */ new Date(`${kubernetesMinors[found].endOfLife}T23:59:59Z`);
}

export {
  defaultVersions,
  versionNames,
  etcdHopFloors,
  kubernetesMinors,
  supportedMinors,
  kubernetesMinor,
  endOfLife
};
