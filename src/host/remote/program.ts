import { readFileSync } from 'node:fs';

// The build inlines these lines: each stays one line of exactly this shape.
const base = readFileSync(new URL('./base.sh', import.meta.url), 'utf8');
const describe = readFileSync(new URL('./describe.sh', import.meta.url), 'utf8');
const lock = readFileSync(new URL('./lock.sh', import.meta.url), 'utf8');
const session = readFileSync(new URL('./session.sh', import.meta.url), 'utf8');
const claim = readFileSync(new URL('./claim.sh', import.meta.url), 'utf8');
const inspect = readFileSync(new URL('./inspect.sh', import.meta.url), 'utf8');
const beside = readFileSync(new URL('./beside.sh', import.meta.url), 'utf8');
const besideRead = readFileSync(new URL('./beside-read.sh', import.meta.url), 'utf8');
const snapshot = readFileSync(new URL('./snapshot.sh', import.meta.url), 'utf8');
const found = readFileSync(new URL('./found.sh', import.meta.url), 'utf8');
const files = readFileSync(new URL('./files.sh', import.meta.url), 'utf8');
const system = readFileSync(new URL('./system.sh', import.meta.url), 'utf8');
const downloads = readFileSync(new URL('./downloads.sh', import.meta.url), 'utf8');
const units = readFileSync(new URL('./units.sh', import.meta.url), 'utf8');
const former = readFileSync(new URL('./former.sh', import.meta.url), 'utf8');
const rolling = readFileSync(new URL('./rolling.sh', import.meta.url), 'utf8');
const reset = readFileSync(new URL('./reset.sh', import.meta.url), 'utf8');
const resetNetwork = readFileSync(new URL('./reset-network.sh', import.meta.url), 'utf8');
const resetFiles = readFileSync(new URL('./reset-files.sh', import.meta.url), 'utf8');
const resetSystem = readFileSync(new URL('./reset-system.sh', import.meta.url), 'utf8');
const recordStart = readFileSync(new URL('./record-start.sh', import.meta.url), 'utf8');

/** The functions that a session runs on the host; they do nothing until called. Every connection sends them, so without their comments. */
export const remoteProgram = [
  base,
  describe,
  lock,
  session,
  claim,
  inspect,
  beside,
  besideRead,
  snapshot,
  found,
  files,
  system,
  downloads,
  units,
  former,
  rolling,
]
  .map(withoutComments)
  .join('\n');

/** The functions of a reset, which only its own request brings. */
export const resetProgram = [reset, resetNetwork, resetFiles, resetSystem].join('\n');

/** The script that each unit's drop-in runs before a start. It stays on the host, so it is small. */
export const recordStartScript = ['#!/bin/sh', withoutComments(base), withoutComments(describe), recordStart].join(
  '\n',
);

function withoutComments(script: string): string {
  return script.replaceAll(/^ *#.*\n/gm, '');
}
