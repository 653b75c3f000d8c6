import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { EtcdOnHost, ObservedMembers } from '../etcd/observe.ts';
import { quorumOf } from '../layout/quorum.ts';
import type { MemberRefusal } from './member-plan.ts';

/** What is known when etcd is to come back from one member. */
export interface RecoveryFacts {
  /** The host whose data the user has chosen. */
  readonly survivor: string;
  readonly observed: ObservedMembers;
  /** The newest revision on each host with data; a host without an entry did not say. */
  readonly revisions: ReadonlyMap<string, number>;
  /** Data was moved aside on the survivor's host before, as a recovery does. */
  readonly wasRecovered: boolean;
}

/** `recover`: the quorum is lost. `continue`: an earlier run has recovered it. */
export type Recovery = { readonly do: 'recover' | 'continue' } | { readonly refusals: readonly MemberRefusal[] };

/**
 * Whether etcd may begin again from one member. Only if the quorum is lost for good: all hosts were asked, none is part of a quorum, those with data
 * are too few for one, and none of the others has newer data. Pure.
 */
export function planRecovery(cluster: Cluster, facts: RecoveryFacts): Recovery {
  const { survivor, observed, wasRecovered } = facts;
  const answering = [...observed].find(([, { list }]) => list !== undefined)?.[0];
  if (answering !== undefined && wasRecovered && observed.get(survivor)?.list) return { do: 'continue' };
  if (answering !== undefined) return { refusals: [answers(answering)] };
  const refusals = [...unasked(cluster, facts), ...unfit(cluster, facts), ...tooMany(cluster, facts), ...newer(facts)];
  return refusals.length > 0 ? { refusals } : { do: 'recover' };
}

function answers(host: string): MemberRefusal {
  return {
    code: 'QUORUM_NOT_LOST',
    host,
    message: 'etcd has a quorum: this member answers',
    hint: 'Nothing is lost: run a deployment. It replaces members whose hosts came back without data.',
  };
}

/** The hosts that had a member, by the file. */
function voters(cluster: Cluster): readonly Host[] {
  return [...hostsWith(cluster, 'etcd'), ...cluster.removed.filter(({ roles }) => roles.includes('etcd'))];
}

const hasData = (said: EtcdOnHost | undefined): boolean => said !== undefined && said.data !== 'none';

/** A host that is to stay must say what it has. One that is to leave may be gone. */
function unasked(cluster: Cluster, { observed }: RecoveryFacts): readonly MemberRefusal[] {
  const silent = hostsWith(cluster, 'etcd').filter(({ name }) => !observed.has(name));
  return silent.map(({ name }) => ({
    code: 'ETCD_MEMBERS_UNKNOWN',
    host: name,
    message: 'this host gives no answer about its etcd, so it may be part of a quorum',
    hint: 'Start the host. If the machine is gone for good, write state: removed on its line, or put an empty machine in its place.',
  }));
}

function unfit({ etcd }: Cluster, { survivor, observed }: RecoveryFacts): readonly MemberRefusal[] {
  const said = observed.get(survivor);
  const wal = etcd.extraArgs.find(({ name }) => name === 'wal-dir');
  const why = !said
    ? undefined
    : typeof said.data !== 'object'
      ? `it has ${said.data === 'none' ? 'no data of etcd' : 'data that cannot be read'}`
      : wal && `its log is apart from its data (wal-dir: ${wal.value})`;
  if (why === undefined) return [];
  const others = [...observed].filter(([name, each]) => name !== survivor && hasData(each)).map(([name]) => name);
  const hint = others.length > 0 ? `Hosts with data: ${others.join(', ')}.` : 'Restore a backup.';
  return [{ code: 'SURVIVOR_UNFIT', host: survivor, message: `etcd cannot come back from this host: ${why}`, hint }];
}

/** Those with data of the same cluster would be a quorum if they ran. */
function tooMany(cluster: Cluster, { survivor, observed }: RecoveryFacts): readonly MemberRefusal[] {
  const idOf = (said: EtcdOnHost | undefined) => (typeof said?.data === 'object' ? said.data.cluster : undefined);
  const id = idOf(observed.get(survivor));
  if (id === undefined) return [];
  const peers = [...observed].filter(([, said]) => idOf(said) === id).map(([name]) => name);
  const needed = quorumOf(voters(cluster).length);
  if (peers.length < needed) return [];
  return [
    {
      code: 'QUORUM_NOT_LOST',
      message: `${peers.join(', ')} have their data, and ${needed} members are a quorum`,
      hint: 'Start etcd there (`systemctl start etcd`, `journalctl -u etcd`). If one of them cannot start for good, move its data directory away and run again.',
    },
  ];
}

/** Data of another member that has writes which the survivor lacks, or may have. */
function newer({ survivor, observed, revisions }: RecoveryFacts): readonly MemberRefusal[] {
  const own = revisions.get(survivor);
  const others = [...observed].filter(([name, said]) => name !== survivor && hasData(said)).map(([name]) => name);
  return others.flatMap((name): MemberRefusal[] => {
    const its = revisions.get(name);
    if (own !== undefined && its !== undefined && its <= own) return [];
    const known = own !== undefined && its !== undefined;
    return [
      {
        code: 'SURVIVOR_UNFIT',
        host: survivor,
        message: known
          ? `${name} has newer data: its revision is ${its}, ${its - own} more than ${own} here`
          : `${name} has data too, and it is unknown which of the two is newer`,
        hint: `Run again with survivor: ${name}. If the data of ${name} is not to be used, move its data directory away first.`,
      },
    ];
  });
}
