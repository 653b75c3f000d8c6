import type { Group } from './groups.ts';

/** How a group is run. */
export interface Turn {
  /** The number of its lane, from 0. */
  readonly lane: number;
  /** Whether other groups have priority. */
  readonly background: boolean;
}

/**
 * Runs groups in lanes, each in the order of the list. The first lane takes those that measure times, one after another,
 * before it helps with the others; the other lanes never take one of those.
 */
export async function runInLanes(
  groups: readonly Group[],
  lanes: number,
  run: (group: Group, turn: Turn) => Promise<void>,
): Promise<void> {
  const timed = groups.filter((group) => group.timed);
  const others = groups.filter((group) => !group.timed);
  const lane = async (index: number): Promise<void> => {
    for (;;) {
      const group = (index === 0 ? timed.shift() : undefined) ?? others.shift();
      if (group === undefined) return;
      await run(group, { lane: index, background: lanes > 1 && !group.timed });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, (_, index) => lane(index)));
}
