import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type HostSecrets, openBundle, readIdentity, sealBundle, secretValues } from '../pki/index.ts';
import { startsCluster } from '../plan/etcd-members.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, type StagePhase, unlessDry } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import type { WithSecrets } from './stages.ts';

/** The store of encrypted bundles between jobs; it only gets ciphertext. */
export interface BundleStore {
  write(cluster: string, host: string, sealed: Uint8Array): Promise<void>;
  /** Undefined if there is no bundle for the host. */
  read(cluster: string, host: string): Promise<Uint8Array | undefined>;
}

/** Encrypts the secrets of each host, one bundle per host. */
export function sealBundles(store: BundleStore, identity: string): Phase<WithSecrets> {
  return {
    title: 'Encrypt the bundles',
    when: unlessDry,
    async run(run, signal) {
      const { recipient } = await readIdentity(identity);
      const starts = run.etcd.facts !== undefined && startsCluster(run.cluster, run.etcd.facts);
      const seal = async ({ name, roles }: Host) => {
        const own = run.secrets.get(name);
        if (!own) return;
        const secrets = starts && roles.includes('etcd') ? ({ ...own, startsEtcd: true } as const) : own;
        await store.write(run.cluster.name, name, await sealBundle(secrets, recipient, { sealedAt: run.now }));
      };
      await onHosts(run.cluster.hosts, seal, signal);
      run.log.info(`${run.secrets.size} bundles sealed`);
    },
  };
}

/** Decrypts the bundles of the hosts that this run changes, before any of them is changed. */
export function openBundles(store: BundleStore, identity: string): StagePhase<Run, Pick<WithSecrets, 'secrets'>> {
  return {
    title: 'Decrypt the bundles',
    async run(run, signal) {
      const opened = new Map<string, HostSecrets>();
      const open = async (host: Host) => {
        const sealed = await store.read(run.cluster.name, host.name);
        if (!sealed) {
          const hint = 'Run the pki action of this cluster first; bundles are kept for one day.';
          throw new Problem('there is no bundle for this host', { code: 'BUNDLE_MISSING', hint });
        }
        const secrets = await openBundle(sealed, identity, { cluster: run.cluster.name, host: host.name });
        run.mask(secretValues(secrets));
        opened.set(host.name, secrets);
      };
      await onHosts(allTargets(run), open, signal);
      return { secrets: opened };
    },
  };
}
