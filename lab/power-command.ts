import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** For verify-failover: cuts a host's power and restores it; the host sends nothing to its peers, as in a real power loss. */
export function powerCommandOf({ id, root }: Lab): string {
  // A child of an action does not inherit its environment.
  return [
    'env',
    `K8S_HA_LAB_ID=${id}`,
    process.execPath,
    join(root, 'lab/cli.ts'),
    'power',
    '{action}',
    '{host}',
    '--hard',
  ].join(' ');
}
