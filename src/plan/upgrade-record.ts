import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';

/** What runs keep in the cluster of its upgrades. */
export interface UpgradeRecord {
  /** Hosts that are upgraded, or were begun with, and that the gate has not let pass since. */
  readonly ungated: readonly { readonly host: Host; readonly role: Role }[];
  /** How long the last host of a role took, in seconds. */
  readonly seconds: Partial<Readonly<Record<Role, number>>>;
}

/** The key of a host that the gate has to let pass; its text is the role. */
export const gateKey = ({ name }: Pick<Host, 'name'>): string => `gate.${name}`;
/** The key of a role's last duration; its text is a number of seconds. */
export const secondsKey = (role: Role): string => `seconds.${role}`;

const timedRoles = ['master', 'node'] as const;

/** Reads what was kept; names of hosts that the file no longer has, and all that makes no sense, are left out. Pure. */
export function upgradeRecord(cluster: Cluster, kept: ReadonlyMap<string, string>): UpgradeRecord {
  const ungated = cluster.hosts.flatMap((host) => {
    const role = host.roles.find((each) => each === kept.get(gateKey(host)));
    return role ? [{ host, role }] : [];
  });
  const seconds = timedRoles.flatMap((role) => {
    const text = kept.get(secondsKey(role)) ?? '';
    return /^[1-9]\d{0,4}$/.test(text) ? [[role, Number(text)] as const] : [];
  });
  return { ungated, seconds: Object.fromEntries(seconds) };
}
