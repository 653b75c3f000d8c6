import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabPaths } from '../identity.ts';
import { cgroupOf } from './cgroups.ts';

/** The whole disk that a path is on, as `MAJOR:MINOR`: the kernel limits disks, not partitions. */
function diskOf(path: string): string {
  const { dev } = statSync(path);
  // As the C library packs a device's two numbers. Source: makedev(3)
  const place = realpathSync(`/sys/dev/block/${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`);
  const disk = existsSync(join(place, 'partition')) ? dirname(place) : place;
  return readFileSync(join(disk, 'dev'), 'utf8').trim();
}

/** Lets a host write to its disk so many times a second, as a worn or busy one does; 0 takes the limit away. */
export function limitWrites(paths: LabPaths, host: string, perSecond: number): void {
  const disk = diskOf(paths.stateDir);
  const v1 = cgroupOf(paths, host, 'blkio');
  if (existsSync(v1)) writeFileSync(join(v1, 'blkio.throttle.write_iops_device'), `${disk} ${perSecond}`);
  else writeFileSync(join(cgroupOf(paths, host), 'io.max'), `${disk} wiops=${perSecond || 'max'}`);
}
