import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { MemberList } from '../etcd/members.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';
import type { NamedPeer } from './member-plan.ts';

/** All members with names for `initial-cluster`; etcd compares their URLs with those of the cluster. */
export function namedPeers(cluster: Cluster, { members }: MemberList, own: Host): readonly NamedPeer[] {
  const hosts = hostsWith(cluster, 'etcd');
  return members.flatMap(({ id, peerUrls }) => {
    const host = hosts.find(({ address }) => peerUrls.includes(etcdPeerUrl(address)));
    const name = peerUrls.includes(etcdPeerUrl(own.address)) ? own.name : (host?.name ?? `member-${id}`);
    return peerUrls.map((peerUrl) => ({ name, peerUrl }));
  });
}

/** The text of the file that tells a member with whom to begin; etcd reads it only while its data directory is empty. */
export function bootstrapText({ name }: Cluster, state: 'new' | 'existing', members: readonly NamedPeer[]): string {
  return [
    `ETCD_INITIAL_CLUSTER=${members.map((member) => `${member.name}=${member.peerUrl}`).join(',')}`,
    `ETCD_INITIAL_CLUSTER_STATE=${state}`,
    `ETCD_INITIAL_CLUSTER_TOKEN=${name}`,
    '',
  ].join('\n');
}
