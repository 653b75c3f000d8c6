import type { Kubectl } from '../../lab/kubectl.ts';
import type { SeedHost } from './seed-hosts.ts';
import { onHost } from './seed-lab.ts';

// A search for secrets that finds nothing is only meaningful if it finds known texts in the same places.

/** A text that is not a secret, in places where none may be: in a file that every user can read, in the journal, and in etcd as plain text. */
export const canary = 'canary-of-the-search-for-secrets';
/** The file with it on each host. */
export const canaryFile = '/var/lib/canary';

/** Writes it on the hosts and into etcd. */
export async function plantCanaries(hosts: readonly SeedHost[], kubectl: Kubectl): Promise<void> {
  const line = `echo ${canary} >${canaryFile}; chmod 644 ${canaryFile}; echo ${canary} | logger; journalctl --sync`;
  await Promise.all(hosts.map(({ name }) => onHost(name, line)));
  await kubectl.must(['create', 'configmap', 'canary', `--from-literal=text=${canary}`]);
}

/** Removes it, except from the journal and from etcd's old revisions. */
export async function clearCanaries(hosts: readonly SeedHost[], kubectl: Kubectl): Promise<void> {
  await Promise.all(hosts.map(({ name }) => onHost(name, `rm ${canaryFile}`)));
  await kubectl.must(['delete', 'configmap', 'canary']);
}
