import { cacheFolder } from './binaries/cache.ts';
import type { LabHost } from './cluster-file.ts';
import { wipeDisk } from './hosts/disk.ts';
import { prepareDisk } from './hosts/personal-disk.ts';
import { powerOffHost, powerOnHost } from './hosts/power.ts';
import type { LabPaths } from './identity.ts';
import { prepareHosts } from './prepare.ts';
import { silent } from './progress.ts';
import { readLab } from './state.ts';

/**
 * Replaces a host: cuts its power, empties its disk, and boots a machine with another machine id with its name,
 * address and SSH host key.
 */
export async function reimageHost(paths: LabPaths, host: LabHost): Promise<void> {
  const base = await prepareHosts(cacheFolder(), silent, readLab(paths)?.release);
  await powerOffHost(paths, host, true);
  await wipeDisk(paths, host.name);
  await prepareDisk(paths, host, base);
  await powerOnHost(paths, host);
}
