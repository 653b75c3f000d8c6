import * as z from 'zod';
import { type Cluster, etcdEndpoints, type Host } from '../cluster/cluster.ts';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import { asApiserver, etcdctl } from '../etcd/etcdctl.ts';
import type { HostSession } from '../host/engine.ts';
import { shellCommand } from '../host/shell-command.ts';
import { hostPort } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';

const memberList = z.looseObject({
  members: z.array(z.looseObject({ peerURLs: z.array(z.string().max(1024)).max(20) })).max(100),
});

/**
 * Whether a host is a member of etcd, started or not.
 * @param master an open session with a master
 * @throws Problem ETCD_UNKNOWN if it can't be asked
 */
export async function isMember(master: HostSession, cluster: Cluster, host: Host): Promise<boolean> {
  const command = etcdctl(cluster, asApiserver, etcdEndpoints(cluster), '--write-out=json', 'member', 'list');
  const { stdout } = await master.run(shellCommand(command), { timeoutSeconds: 20 });
  const peer = `//${hostPort(host.address, components.etcd.ports.peers.port)}`;
  const members = membersIn(stdout);
  if (members) return members.some(({ peerURLs }) => peerURLs.some((url) => url.endsWith(peer)));
  throw new Problem('etcd could not be asked for its members', {
    code: 'ETCD_UNKNOWN',
    host: master.host.name,
    hint: 'See `systemctl status etcd` on its hosts, then run again.',
  });
}

function membersIn(text: string): z.output<typeof memberList>['members'] | undefined {
  try {
    return memberList.parse(parseJson(text, Error)).members;
  } catch {
    return undefined;
  }
}
