import type { ProblemCode } from '../error-codes.ts';

/** What a backup is of. */
export interface RestoreSource {
  /** The cluster's name. */
  readonly name: string;
  /** SHA-256 of its CA certificates, by the CA's name. */
  readonly authorities: Readonly<Record<string, string>>;
  readonly revision: number;
  /** When it was made, in ISO 8601. */
  readonly created: string;
  /** SHA-256 of its snapshot. */
  readonly sha256: string;
}

/** What one host says before a restore. */
export interface RestoreHost {
  readonly host: string;
  /** Clusters whose host it is, by its lists. */
  readonly owners: readonly string[];
  /** SHA-256 of the CA certificates on it, by the CA's name. */
  readonly authorities: Readonly<Record<string, string>>;
  /** Absent: it has no data of etcd. */
  readonly data?: {
    /** Absent: it could not be read. */
    readonly revision: number | undefined;
    /** A restore of the snapshot with this SHA-256 has begun and is not complete. */
    readonly begun: string | undefined;
    /** A quorum of its members answers. */
    readonly serves: boolean;
  };
}

/** Why nothing may be restored. */
export interface RestoreRefusal {
  readonly code: ProblemCode;
  readonly host: string;
  readonly message: string;
  readonly hint: string;
}

/** `restore`: the data of etcd is replaced. `continue`: an earlier run has replaced it and was not completed. */
export type Restore = { readonly do: 'restore' | 'continue' } | { readonly refusals: readonly RestoreRefusal[] };

/**
 * Whether a backup may replace what the hosts have: only what is of the same cluster, and not newer unless the user says so. Pure.
 * @param discardNewer the user gives up all data of etcd on the hosts.
 */
export function planRestore(backup: RestoreSource, hosts: readonly RestoreHost[], discardNewer: boolean): Restore {
  const others = hosts.flatMap((host) => otherCluster(backup, host));
  if (others.length > 0) return { refusals: others };
  const members = hosts.filter(({ data }) => data !== undefined);
  const isBegun = members.length > 0 && members.every(({ data }) => data?.begun === backup.sha256);
  // Also with newer data to discard: that of before is gone, and what is newer now was written since.
  if (isBegun && members.some(({ data }) => data?.serves)) return { do: 'continue' };
  if (discardNewer || isBegun) return { do: 'restore' };
  const refusals = members.flatMap((host) => newerData(backup, host));
  return refusals.length > 0 ? { refusals } : { do: 'restore' };
}

function otherCluster(backup: RestoreSource, { host, owners, authorities }: RestoreHost): readonly RestoreRefusal[] {
  const owner = owners.find((each) => each !== backup.name);
  const differing = Object.entries(authorities).find(([name, print]) => backup.authorities[name] !== print)?.[0];
  if (owner === undefined && differing === undefined) return [];
  const message =
    owner === undefined
      ? `this host has another CA (${differing}) than the backup`
      : `this host belongs to the cluster ${owner}, and the backup is of ${backup.name}`;
  const hint =
    'Is it the right backup, and the right host? A host of another cluster is reset first, with the cluster.yaml of that cluster.';
  return [{ code: 'RESTORE_OTHER_CLUSTER', host, message, hint }];
}

function newerData(
  { revision, created, sha256 }: RestoreSource,
  { host, data }: RestoreHost,
): readonly RestoreRefusal[] {
  // A killed restore has replaced the data on some hosts.
  if (!data || data.begun === sha256) return [];
  const its = data.revision;
  if (its !== undefined && its <= revision) return [];
  const difference =
    its === undefined
      ? 'has data whose revision cannot be read'
      : `has newer data: its revision is ${its}, ${its - revision} more than ${revision} in the backup of ${created}`;
  const message = `etcd on this host ${difference}`;
  const hint = data.serves
    ? 'The cluster runs. To give up everything that was written since the backup, run again with discard-newer: true.'
    : `If the other members are lost for good, survivor: ${host} loses less than the backup. To give up everything that was written since it, run again with discard-newer: true.`;
  return [{ code: 'RESTORE_NEWER_DATA', host, message, hint }];
}
