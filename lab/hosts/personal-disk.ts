import { LAB_ADDRESS, type LabHost } from '../cluster-file.ts';
import type { LabPaths } from '../identity.ts';
import { personalise } from './access.ts';
import { generationOf, isPersonal, markPersonal, mountDisk } from './disk.ts';

/** Mounts a host's disk over the base tree, and writes the host's own files into a fresh one. */
export async function prepareDisk(paths: LabPaths, host: LabHost, base: string): Promise<void> {
  const root = await mountDisk(paths, host.name, base);
  if (isPersonal(paths, host.name)) return;
  await personalise(paths, { host, generation: generationOf(paths, host.name) }, root, LAB_ADDRESS);
  markPersonal(paths, host.name);
}
