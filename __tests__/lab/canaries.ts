import type { Kubectl } from '../../lab/kubectl.ts';
import type { SeedHost } from './seed-hosts.ts';
import { onHost } from './seed-lab.ts';

// A search for secrets that finds nothing says something only if it finds what is there to be found.

/** A text that is no secret, where one may not be: in a file that all can read, in the journal, and in etcd as plain text. */
export const canary = 'canary-of-the-search-for-secrets';
/** The file on each host that holds it. */
export const canaryFile = '/var/lib/canary';

/** Puts it on the hosts and into etcd. */
export async function plantCanaries(hosts: readonly SeedHost[], kubectl: Kubectl): Promise<void> {
  const line = `echo ${canary} >${canaryFile}; chmod 644 ${canaryFile}; echo ${canary} | logger; journalctl --sync`;
  await Promise.all(hosts.map(({ name }) => onHost(name, line)));
  await kubectl.must(['create', 'configmap', 'canary', `--from-literal=text=${canary}`]);
}

/** Takes it away, but for the journal and for what etcd keeps of the past. */
export async function clearCanaries(hosts: readonly SeedHost[], kubectl: Kubectl): Promise<void> {
  await Promise.all(hosts.map(({ name }) => onHost(name, `rm ${canaryFile}`)));
  await kubectl.must(['delete', 'configmap', 'canary']);
}
