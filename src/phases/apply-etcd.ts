import { applyRole } from './apply-role.ts';
import { freeEtcdSpace } from './free-etcd-space.ts';
import { waitForEtcdMembers } from './wait-for-etcd-members.ts';

/** For a run over all members: applies etcd, waits until they are healthy, and frees space. @param defragment the input of this name */
export function applyEtcd(defragment: boolean) {
  return [applyRole('etcd', 'Apply etcd'), waitForEtcdMembers, freeEtcdSpace(defragment)] as const;
}
