import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  components
} from "./layout-addresses.js";

// src/layout/ports.ts
function recordsFor({ addons, network, flannel }) {
  const { metricsServer, flannel: vxlan, ...others } = components;
  const usesVxlan = network.plugin === "flannel" && flannel.backend === "vxlan";
  return [...Object.values(others), ...addons.metricsServer ? [metricsServer] : [], ...usesVxlan ? [vxlan] : []];
}
function fixedOf(records) {
  const all = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => "port" in port ? [port] : []);
  return all.toSorted((a, b) => a.port - b.port);
}
function fixedPorts(settings) {
  return fixedOf(recordsFor(settings));
}
function portsOfRole(settings, role) {
  const records = recordsFor(settings).filter(({ roles }) => roles.includes(role));
  const derived = records.flatMap(({ ports }) => Object.values(ports)).flatMap((port) => "key" in port ? [{ ...port, port: settings.api[port.key] }] : []);
  return [...derived, ...fixedOf(records)].map((each) => {
    const { port, from, clients = [] } = each;
    return { port, from, clients, protocol: "protocol" in each && each.protocol || "tcp" };
  });
}
function openPorts(settings, role) {
  return portsOfRole(settings, role).filter(({ from }) => from === "hosts");
}

export {
  fixedPorts,
  portsOfRole,
  openPorts
};
