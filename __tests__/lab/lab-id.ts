import { join } from 'node:path';
import { labPaths } from '../../lab/identity.ts';

/**
 * Which lab a test boots: one of this checkout's own, so that the tests of two checkouts don't meet, beside the lab that
 * the checkout has up for a person. A developer of a test gives it another by `K8S_HA_<NAME>_LAB`.
 */
export function labId(name: 'bad' | 'copy' | 'engine' | 'hosts' | 'network' | 'older' | 'seed' | 'small'): string {
  const chosen = process.env[`K8S_HA_${name.toUpperCase()}_LAB`];
  return chosen || `${labPaths(join(import.meta.dirname, '../..'), {}).id}-${name}`;
}
