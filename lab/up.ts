import { join, resolve } from 'node:path';
import { cacheFolder } from './binaries/cache.ts';
import { restoreCheckpoint } from './checkpoints/restore.ts';
import type { Checkpoint } from './checkpoints/store.ts';
import { type LabHost, readHosts } from './cluster-file.ts';
import { clearRemains } from './down.ts';
import { LabError } from './error.ts';
import { makeKeys } from './hosts/access.ts';
import { RELEASE, type Release } from './hosts/debian-source.ts';
import { guestInit } from './hosts/guest.ts';
import { loadModules } from './hosts/modules.ts';
import { prepareDisk } from './hosts/personal-disk.ts';
import { powerOnHost } from './hosts/power.ts';
import { saveOuterSysctls, setSharedSysctls } from './hosts/sysctls.ts';
import type { LabPaths } from './identity.ts';
import { makeNetwork, networkExists } from './network/netns.ts';
import { writeClusterFile } from './overlay.ts';
import { prepareHosts } from './prepare.ts';
import { type Progress, secondsSince } from './progress.ts';
import { MIRROR_URL, services, startService } from './services.ts';
import { requireRootOnLinux } from './setup.ts';
import { type LabRecord, readLab, writeLab } from './state.ts';

/** The hosts to boot, and the log. */
export interface UpOptions {
  /** The cluster file whose hosts are booted. */
  readonly cluster: string;
  /** A checkpoint whose hosts are booted instead, with their saved disks. */
  readonly from?: Checkpoint;
  /** The release of Debian of fresh hosts. */
  readonly release?: Release;
  readonly progress: Progress;
}

const sameHosts = (a: readonly LabHost[], b: readonly LabHost[]): boolean => JSON.stringify(a) === JSON.stringify(b);

function refuseOnTop(paths: LabPaths, { name }: Checkpoint): void {
  if (!readLab(paths) || !networkExists(paths)) return;
  throw new LabError(`the lab is up, and the checkpoint ${name} would replace its disks`, {
    hint: 'npm run lab -- down',
  });
}

async function recordStart(
  paths: LabPaths,
  source: string,
  parts: Pick<LabRecord, 'hosts' | 'release'>,
  progress: Progress,
): Promise<void> {
  const known = readLab(paths);
  if (known && networkExists(paths)) {
    if (!sameHosts(known.hosts, parts.hosts)) {
      throw new LabError(`the lab is up with the hosts of ${known.source}, which are not those of ${source}`, {
        hint: 'npm run lab -- down',
      });
    }
    progress('the lab is up already');
    return;
  }
  if (known) {
    progress('clearing what a lab that ended without "down" has left');
    await clearRemains(paths);
  }
  const record: LabRecord = { root: paths.root, source, ...parts, startedAt: new Date().toISOString() };
  writeLab(paths, record);
}

async function bootHost(paths: LabPaths, host: LabHost, base: string, progress: Progress): Promise<void> {
  const start = Date.now();
  await prepareDisk(paths, host, base);
  const verdict = await powerOnHost(paths, host);
  progress(`${host.name} ${host.address}: ${verdict ?? 'on already'} after ${secondsSince(start)}`);
}

/** Waits for all, then reports every failure, not only the first. */
async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(tasks)).flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} parts of the lab did not start`);
}

/**
 * Brings the lab up: makes what the cache lacks, the network and the servers, and boots every host that is off.
 *
 * @throws LabError, or an AggregateError of them if several hosts fail.
 */
export async function bringUp(
  paths: LabPaths,
  { cluster, from, release = RELEASE, progress }: UpOptions,
): Promise<void> {
  requireRootOnLinux();
  const source = resolve(from ? join(from.folder, 'cluster.yaml') : cluster);
  const hosts = readHosts(source);
  const cache = cacheFolder();
  const base = await prepareHosts(cache, progress, release);
  if (from) refuseOnTop(paths, from);
  await recordStart(paths, source, { hosts, release }, progress);
  if (from) {
    await restoreCheckpoint(paths, from);
    progress(`disks of the checkpoint ${from.name}, saved ${from.savedAt}`);
  }
  saveOuterSysctls();
  setSharedSysctls();
  await loadModules();
  await makeKeys(paths, hosts);
  writeClusterFile(source, paths.clusterFile);
  await makeNetwork(paths);
  await allOf(
    services(paths, cache).map(async (service) => {
      if (await startService(paths, service)) progress(`${service.name}: listens on port ${service.port}`);
    }),
  );
  const off = hosts.filter((host) => !guestInit(paths, host.name));
  if (off.length > 0) progress(`booting ${off.length} of ${hosts.length} hosts`);
  await allOf(off.map((host) => bootHost(paths, host, base, progress)));
  progress(`up: ${hosts.length} hosts, mirror ${MIRROR_URL}, state in ${paths.stateDir}`);
}
