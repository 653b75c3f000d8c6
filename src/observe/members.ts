import { type Cluster, etcdEndpoints, type Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { asApiserver, memberListOf } from '../etcd/etcdctl.ts';
import { readMemberList } from '../etcd/members.ts';
import type { HostSession } from '../host/engine.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';

/**
 * Whether a host is a member of etcd, started or not.
 * @param master an open session with a master
 * @throws Problem ETCD_UNKNOWN if it can't be asked
 */
export async function isMember(master: HostSession, cluster: Cluster, host: Host): Promise<boolean> {
  const command = memberListOf(cluster, asApiserver, etcdEndpoints(cluster));
  const { stdout } = await master.run(command, { timeoutSeconds: 20 });
  const list = readMemberList(stdout);
  if (list) return list.members.some(({ peerUrls }) => peerUrls.includes(etcdPeerUrl(host.address)));
  throw new Problem('etcd could not be asked for its members', {
    code: 'ETCD_UNKNOWN',
    host: master.host.name,
    hint: 'See `systemctl status etcd` on its hosts, then run again.',
  });
}
