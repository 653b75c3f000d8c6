import { type Host, hostsWith } from '../cluster/cluster.ts';
import { completeStore } from '../etcd/store.ts';
import { correctRestored } from '../kubernetes/index.ts';
import { components } from '../layout/components.ts';
import { withApi } from './cluster-access.ts';
import { hasJoined } from './kubelet-certificate.ts';
import { onHosts } from './on-hosts.ts';
import { onStore } from './on-store.ts';
import type { Phase } from './phase.ts';
import { type Connected, type Prepared, sessionOf } from './stages.ts';
import type { WithBackup } from './verify-backup.ts';

const restartSeconds = 120;

/** What the objects of the backup say of programs of that time is corrected, and kubelets that still run begin again with them. */
export const correctObjects: Phase<Prepared & WithBackup> = {
  title: 'Correct restored objects',
  async run(run, signal) {
    const { revision } = run.backup.manifest.snapshot;
    const corrected = await withApi(run, (api) => correctRestored(api, revision));
    if (corrected.length > 0) run.log.info(`no longer as at the time of the backup: ${corrected.join(', ')}`);
    const kubelets = hostsWith(run.cluster, 'node').filter((host) => hasJoined(run, host));
    const restart = `systemctl try-restart ${components.kubelet.unit}`;
    await onHosts(kubelets, (host) => sessionOf(run, host).run(restart, { timeoutSeconds: restartSeconds }), signal);
  },
};

/** From now on the data of etcd is the cluster's own, and no longer a restore that another run would complete. */
export const completeRestore: Phase<Connected> = {
  title: 'Complete the restore',
  async run(run, signal) {
    const complete = (host: Host) => onStore(run, host, completeStore(run.cluster, host), {});
    await onHosts(hostsWith(run.cluster, 'etcd'), complete, signal);
  },
};
