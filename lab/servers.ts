import type { LabPaths } from './identity.ts';
import { mirrorService, type Service } from './services.ts';

/** The servers that the lab's hosts need, in the order in which they start. */
export function services(paths: LabPaths, cache: string): Service[] {
  return [mirrorService(paths, cache)];
}
