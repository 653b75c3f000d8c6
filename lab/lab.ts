import { rmdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from './binaries/cache.ts';
import { productKey } from './checkpoints/key.ts';
import { saveCheckpoint } from './checkpoints/save.ts';
import { openCheckpoint } from './checkpoints/store.ts';
import { findHost, type LabHost } from './cluster-file.ts';
import { type Argv, type CommandOptions, type CommandResult, run } from './command.ts';
import { takeDown } from './down.ts';
import { LabError } from './error.ts';
import type { Release } from './hosts/debian-source.ts';
import { execInside } from './hosts/guest.ts';
import { powerOffHost, powerOnHost } from './hosts/power.ts';
import { slowWrites } from './hosts/slow-disk.ts';
import { LABS_DIR, type LabPaths, labPaths } from './identity.ts';
import { withLockOrRefuse } from './lock.ts';
import { insideNetwork, networkExists } from './network/netns.ts';
import { type Progress, silent } from './progress.ts';
import { reimageHost } from './reimage.ts';
import { MIRROR_URL, REGISTRY_URL } from './services.ts';
import { requireRootOnLinux } from './setup.ts';
import { readLab } from './state.ts';
import { type LabStatus, labStatus } from './status.ts';
import { bringUp } from './up.ts';

/** The cluster whose hosts are booted by default. */
export const DEFAULT_CLUSTER = 'examples/seed/cluster.yaml';

/** The lab of one checkout: real hosts on this machine, their power and their network. Hosts are identified by name or address. */
export interface Lab {
  readonly id: string;
  readonly root: string;
  readonly stateDir: string;
  /** The runner's private key. */
  readonly sshKey: string;
  readonly knownHosts: string;
  /** The cluster file to build: the one given to `up`, merged with the settings that only the lab's hosts need. */
  readonly clusterFile: string;
  /** The network namespace from which the hosts are reachable, for `nsenter --net=`. */
  readonly netns: string;
  readonly mirrorUrl: string;
  readonly registryUrl: string;
  /**
   * Boots the hosts of a cluster file, with another release of Debian if one is given; or with `from` those of a checkpoint, which must be
   * of the current bundles unless `stale` is set.
   */
  up(options?: {
    cluster?: string;
    from?: string;
    stale?: boolean;
    release?: Release;
    progress?: Progress;
  }): Promise<LabStatus>;
  /** Saves the disks of all hosts under a name, for `up({ from })` of any lab on this machine; `keep` does not replace an existing checkpoint. */
  saveCheckpoint(name: string, options?: { keep?: boolean }): Promise<void>;
  down(options?: { progress?: Progress }): Promise<boolean>;
  status(): Promise<LabStatus>;
  /** Runs a command in a host, without its SSH server. */
  exec(host: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Runs a command on this machine in the lab's network, in the place of the runner. */
  run(argv: Argv, options?: CommandOptions): Promise<CommandResult>;
  /** Shuts a host down; `hard` cuts its power. False if it was off. */
  powerOff(host: string, options?: { hard?: boolean }): Promise<boolean>;
  /**
   * Boots a host and waits until SSH login works and, by default, until all its units have started.
   * False if it was on.
   */
  powerOn(host: string, options?: { settled?: boolean }): Promise<boolean>;
  /** Delays each fsync of a program on a host by this time, as on a worn or busy disk, until it is disposed of. */
  slowWrites(host: string, program: string, milliseconds: number): Promise<AsyncDisposable>;
  /** Replaces a host by a new machine with the same name, address and SSH host key, but with an empty disk and another machine id. */
  reimage(host: string): Promise<void>;
}

/** The environment of a command on the runner's side. */
export function runnerEnv(paths: LabPaths, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...env,
    LAB_SSH_KEY: paths.sshKey,
    LAB_KNOWN_HOSTS: paths.knownHosts,
    LAB_CLUSTER: paths.clusterFile,
    LAB_STATE: paths.stateDir,
  };
}

/**
 * A host of a lab that is up.
 *
 * @throws LabError if the lab is down or has no such host.
 */
export function requireHost(paths: LabPaths, nameOrAddress: string): LabHost {
  return findHost(requireUp(paths), nameOrAddress);
}

/** The hosts of a running lab. @throws if the lab is not up */
export function requireUp(paths: LabPaths): readonly LabHost[] {
  const record = readLab(paths);
  if (record && networkExists(paths)) return record.hosts;
  throw new LabError('the lab is down', { hint: 'npm run lab -- up' });
}

/**
 * Opens the lab of a checkout, whether it is up or not. Default: the lab of the checkout that contains this file.
 * `id` names another lab, like K8S_HA_LAB_ID.
 */
export function openLab(options: { root?: string; id?: string } = {}): Lab {
  const root = resolve(options.root ?? join(import.meta.dirname, '..'));
  const paths = labPaths(root, options.id === undefined ? process.env : { K8S_HA_LAB_ID: options.id });
  const lock = join(LABS_DIR, `${paths.id}.lock`);
  const { id, stateDir, sshKey, knownHosts, clusterFile, netns } = paths;
  return {
    ...{ id, root, stateDir, sshKey, knownHosts, clusterFile, netns },
    mirrorUrl: MIRROR_URL,
    registryUrl: REGISTRY_URL,
    async up({ cluster = join(root, DEFAULT_CLUSTER), from, stale = false, release, progress = silent } = {}) {
      requireRootOnLinux();
      const checkpoint = from && openCheckpoint(cacheFolder(), from, stale ? undefined : productKey(root));
      await withLockOrRefuse(lock, () =>
        bringUp(paths, { cluster, progress, ...(checkpoint && { from: checkpoint }), ...(release && { release }) }),
      );
      return await labStatus(paths);
    },
    async saveCheckpoint(name, { keep = false } = {}) {
      requireUp(paths);
      const record = readLab(paths);
      if (record) await withLockOrRefuse(lock, () => saveCheckpoint(paths, record, { name, keep }));
    },
    async down({ progress = silent } = {}) {
      requireRootOnLinux();
      const wasThere = await withLockOrRefuse(lock, () => takeDown(paths, progress));
      // Only now its own lock is removed; another lab keeps it.
      removeIfEmpty(LABS_DIR);
      return wasThere;
    },
    status: () => labStatus(paths),
    exec: async (host, argv, execOptions) => await execInside(paths, requireHost(paths, host).name, argv, execOptions),
    async run(argv, runOptions = {}) {
      requireUp(paths);
      return await run(insideNetwork(paths, argv), { ...runOptions, env: runnerEnv(paths, runOptions.env) });
    },
    powerOff: async (host, { hard = false } = {}) => await powerOffHost(paths, requireHost(paths, host), hard),
    powerOn: async (host, { settled = true } = {}) =>
      (await powerOnHost(paths, requireHost(paths, host), settled)) !== undefined,
    slowWrites: async (host, program, milliseconds) =>
      await slowWrites(paths, requireHost(paths, host).name, program, milliseconds),
    reimage: async (host) => await reimageHost(paths, requireHost(paths, host)),
  };
}

/** Another lab may come or go at the same time. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error;
  }
}
