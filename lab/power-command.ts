import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** For verify-failover: pulls a host's plug and puts it back; silent for its peers, as when power is lost. */
export function powerCommandOf({ id, root }: Lab): string {
  // A child of an action has none of its environment.
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
