import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { Facts } from '../host/engine.ts';

type Seen = readonly (readonly [Host, Facts])[];

/** Hosts that look the same, and names that say nothing. Pure. */
export function identityProblems(hosts: Seen): readonly Problem[] {
  return [...clones(hosts), ...nameTwins(hosts), ...hosts.flatMap(localNames)];
}

/** Two hosts with the same machine-id are clones; their leases, logs and addresses would be confused. */
function clones(hosts: Seen): readonly Problem[] {
  return twins(hosts, ([, { machineId }]) => machineId).map(([host, twin]) => {
    const hint = 'Run rm /etc/machine-id && systemd-machine-id-setup on the clone, then reboot it.';
    return new Problem(`has the same machine-id as ${twin.name}`, { code: 'HOST_CLONE', host: host.name, hint });
  });
}

/** The name that a host will have, which a controller-manager writes into its lease. */
function nameOf([host, facts]: Seen[number]): string {
  return (host.hostname ?? facts.hostname).toLowerCase();
}

/** Masters of one name would give up each other's leases. Other hosts are only called by their Node's name. */
function nameTwins(hosts: Seen): readonly Problem[] {
  const masters = hosts.filter(([host]) => host.roles.includes('master'));
  return twins(masters, nameOf).map(([host, twin, name]) =>
    hostnameProblem(host, `its host name ${name} is that of ${twin.name} too`),
  );
}

function localNames(seen: Seen[number]): readonly Problem[] {
  const [host] = seen;
  if (!host.roles.includes('master') || !/^(localhost(\..*)?|\(none\))$/.test(nameOf(seen))) return [];
  return [hostnameProblem(host, `its host name is ${nameOf(seen)}, which says nothing in a lease`)];
}

function hostnameProblem(host: Host, message: string): Problem {
  const hint = `Set hostname: ${host.name} for it in cluster.yaml, or run hostnamectl set-hostname ${host.name} there.`;
  return new Problem(message, { code: 'HOST_NAME', host: host.name, hint });
}

/** Each host with a known value that an earlier one has, with the first of those and the value. */
function twins(hosts: Seen, textOf: (seen: Seen[number]) => string): readonly (readonly [Host, Host, string])[] {
  return hosts.flatMap((seen, index) => {
    const value = textOf(seen);
    const twin = value === '' ? undefined : hosts.slice(0, index).find((other) => textOf(other) === value);
    return twin ? [[seen[0], twin[0], value] as const] : [];
  });
}
