import { type Host, hostsWith } from '../cluster/cluster.ts';
import { generationAt, receiveStore, switchStore } from '../etcd/store.ts';
import { type HostState, hostState } from '../host/state.ts';
import { components, unitsOfRole } from '../layout/components.ts';
import { applyState, roleState } from './apply-role.ts';
import type { Decided } from './check-restore.ts';
import { onHosts } from './on-hosts.ts';
import { onStore } from './on-store.ts';
import type { StagePhase } from './phase.ts';
import type { Connected, Prepared, Restored } from './stages.ts';
import type { WithBackup } from './verify-backup.ts';

/** Sending and restoring a database of 8 GB takes minutes. */
const restoreSeconds = 1800;
const stopSeconds = 120;

/**
 * Replaces the data of all members of etcd by the backup's. Each host first makes its new data beside the old; only when all have it, the API servers and
 * the members stop, and the data is exchanged. So a run that is killed before that has interrupted nothing.
 */
export const restoreEtcd: StagePhase<Prepared & WithBackup & Decided, Pick<Restored, 'isRestored'>> = {
  title: 'Restore etcd',
  async run(run, signal) {
    if (!run.replacesData) return { isRestored: true };
    const { cluster, backup } = run;
    const members = hostsWith(cluster, 'etcd');
    const snapshot = { ...backup.snapshot, generation: generationAt(run.now) };
    const receive = async (host: Host) => {
      await applyState(run, host, 'etcd-data', placeOfData(roleState(run, host, 'etcd')));
      const options = { input: backup.readSnapshot(), timeoutSeconds: restoreSeconds };
      await onStore(run, host, receiveStore(cluster, host, snapshot), options);
    };
    await onHosts(members, receive, signal);
    run.log.info(`all ${members.length} members have the data of the backup; API servers and etcd stop`);
    await onHosts(hostsWith(cluster, 'master'), (host) => stop(run, host, unitsOfRole('master').toReversed()), signal);
    await onHosts(members, (host) => stop(run, host, [components.etcd.unit]), signal);
    await onHosts(members, (host) => onStore(run, host, switchStore(cluster, host, snapshot), {}), signal);
    run.objects.push('etcd restored');
    return { isRestored: true };
  },
};

/**
 * What a member's data directory needs: its place and its owner. The unit starts later. What members leave there is listed now: later, the restored
 * data would count as found, and a reset would keep it.
 */
function placeOfData({ users, directories, leaves }: HostState): HostState {
  return hostState({ users, directories, leaves });
}

/** Stops the units that the host has. */
async function stop(run: Connected, host: Host, units: readonly string[]): Promise<void> {
  const lines = `for unit in ${units.join(' ')}; do ! systemctl cat "$unit" >/dev/null 2>&1 || systemctl stop "$unit" || exit 1; done`;
  await onStore(run, host, lines, { timeoutSeconds: stopSeconds });
}
