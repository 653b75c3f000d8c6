import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of everything that takes long to make: outside the checkout, so that a fresh clone starts quickly. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.K8S_HA_LAB_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'k8s-ha-action');
}
