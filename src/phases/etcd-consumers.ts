import { hostsWith } from '../cluster/cluster.ts';
import { applyRole } from './apply-role.ts';
import { proveSettled, settleMasters } from './master-files.ts';
import { onHosts } from './on-hosts.ts';
import type { Consumers } from './rotate-authority.ts';
import { waitForEtcdMembers } from './wait-for-etcd-members.ts';

const applyMembers = applyRole('etcd', 'Apply etcd');

/**
 * etcd's members read this CA for clients and for each other, API servers and the masters' load balancers for etcd. All are units of this project, and
 * read it at their start.
 */
export const etcdConsumers: Consumers = {
  async settle(run, signal) {
    await applyMembers.run(run, signal);
    await waitForEtcdMembers.run(run, signal);
    await onHosts(hostsWith(run.cluster, 'etcd'), (host) => proveSettled(run, host, 'etcd'), signal);
    await settleMasters(run, signal);
  },
};
