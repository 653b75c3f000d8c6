import { join } from 'node:path';
import { labPaths } from '../../lab/identity.ts';

/**
 * The lab that a test boots: it belongs to this checkout, so that the tests of two checkouts don't conflict, and it is not the lab that
 * a user of the checkout has up. The developer of a test chooses another one by `K8S_HA_<NAME>_LAB`.
 */
export function labId(
  name:
    | 'bad'
    | 'copy'
    | 'debian'
    | 'engine'
    | 'hosts'
    | 'machine'
    | 'network'
    | 'older'
    | 'reset'
    | 'seed'
    | 'small'
    | 'unkind',
): string {
  const chosen = process.env[`K8S_HA_${name.toUpperCase()}_LAB`];
  return chosen || `${labPaths(join(import.meta.dirname, '../..'), {}).id}-${name}`;
}
