import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './error.ts';

/** The folder in which each lab of this machine has a folder of its own. */
export const LABS_DIR = '/var/lib/k8s-ha-lab';

/** The names that distinguish labs on the same machine. */
export interface LabPaths {
  readonly id: string;
  /** The checkout that the lab belongs to. */
  readonly root: string;
  readonly stateDir: string;
  /** The network namespace, as a file for `nsenter --net=`. */
  readonly netns: string;
  /** Name of the lab's cgroup in the root of each hierarchy. */
  readonly cgroup: string;
  /** Eight characters at the beginning of every machine name, and so of every link's name. */
  readonly prefix: string;
  readonly sshKey: string;
  readonly knownHosts: string;
  /** The cluster file with the lab's own settings merged in. */
  readonly clusterFile: string;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * Names and paths of a checkout's lab.
 *
 * @throws LabError if K8S_HA_LAB_ID is not a valid folder and cgroup name.
 */
export function labPaths(root: string, env: NodeJS.ProcessEnv = process.env): LabPaths {
  const id = env.K8S_HA_LAB_ID || shortHash(realpathSync(root));
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(id)) {
    throw new LabError(`K8S_HA_LAB_ID "${id}" can't name a lab`, {
      hint: 'use 1 to 32 of a-z, 0-9 and -, beginning with a letter or digit',
    });
  }
  const stateDir = join(LABS_DIR, id);
  return {
    id,
    root,
    stateDir,
    netns: join(stateDir, 'netns'),
    cgroup: `k8s-ha-lab-${id}`,
    prefix: shortHash(id),
    sshKey: join(stateDir, 'ssh_key'),
    knownHosts: join(stateDir, 'known_hosts'),
    clusterFile: join(stateDir, 'cluster.yaml'),
  };
}

/**
 * The nspawn machine of a host. With the lab's prefix and the address' last number it has at most 12 characters,
 * so that nspawn's link `vb-<machine>` fits the kernel's limit of 15 and keeps its name.
 */
export function machineName(paths: LabPaths, address: string): string {
  return `${paths.prefix}-${address.slice(address.lastIndexOf('.') + 1)}`;
}

/** The host's link on the lab's bridge: setting it down is like pulling its cable. */
export function linkName(paths: LabPaths, address: string): string {
  return `vb-${machineName(paths, address)}`;
}
