import { Problem } from '../errors.ts';
import { openBundle, readIdentity, sealBundle, secretValues } from '../pki/index.ts';
import { allTargets, onHosts, type Phase } from './run.ts';

/** Where sealed bundles are kept between jobs; it only ever sees ciphertext. */
export interface BundleStore {
  write(cluster: string, host: string, sealed: Uint8Array): Promise<void>;
  /** Nothing when there is no bundle for the host. */
  read(cluster: string, host: string): Promise<Uint8Array | undefined>;
}

/** Seals what each host needs, one bundle a host. */
export function sealBundles(store: BundleStore, identity: string): Phase {
  return {
    title: 'Seal the bundles',
    async run(run) {
      if (run.dryRun) return;
      const { recipient } = await readIdentity(identity);
      await onHosts(run.cluster.hosts, async (host) => {
        const secrets = run.secrets.get(host.name);
        if (secrets)
          await store.write(run.cluster.name, host.name, await sealBundle(secrets, recipient, { sealedAt: run.now }));
      });
      run.log.info(`${run.secrets.size} bundles sealed`);
    },
  };
}

/** Opens the bundles of the hosts that this run changes, before any of them is touched. */
export function openBundles(store: BundleStore, identity: string): Phase {
  return {
    title: 'Open the bundles',
    async run(run) {
      await onHosts(allTargets(run), async (host) => {
        const sealed = await store.read(run.cluster.name, host.name);
        if (!sealed) {
          const hint = 'run the pki action of this cluster first; bundles are kept for a day';
          throw new Problem('there is no bundle for this host', { code: 'BUNDLE_MISSING', hint });
        }
        const secrets = await openBundle(sealed, identity, { cluster: run.cluster.name, host: host.name });
        run.mask(secretValues(secrets));
        run.secrets.set(host.name, secrets);
      });
    },
  };
}
