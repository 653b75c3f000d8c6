import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** For verify-failover: pulls a host's plug and puts it back; silent for its peers, as when power is lost. */
export function powerCommandOf({ root }: Lab): string {
  return [process.execPath, join(root, 'lab/cli.ts'), 'power', '{action}', '{host}', '--hard'].join(' ');
}
