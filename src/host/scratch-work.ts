import { readFileSync } from 'node:fs';

/**
 * Functions of sh for work on a host that nothing else may see: `scratch_begin`, `scratch_room`, `scratch_unit`, `fail` and `say`. They need DIRECTORY
 * and UNIT.
 */
export const scratchWork = readFileSync(new URL('./scratch-work.sh', import.meta.url), 'utf8');
