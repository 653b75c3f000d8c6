import { readState, saveState } from './runner.ts';

const [begun, off] = ['begun', 'switched-off'] as const;

/**
 * True in the post step, which GitHub runs when the job ends, also when the step itself failed, was cancelled or killed.
 * A step must ask first of all: one that fails before has a post step that takes itself for the step.
 */
export function isPostStep(): boolean {
  if (readState(begun)) return true;
  saveState(begun, 'true');
  return false;
}

/** Saves for the post step which host is without power, or that none is. */
export function recordPoweredOff(host: string | undefined): void {
  saveState(off, host ?? '');
}

/** The host that the step recorded last; undefined if none is without power. */
export function poweredOff(): string | undefined {
  return readState(off) || undefined;
}
