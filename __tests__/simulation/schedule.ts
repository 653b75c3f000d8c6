import type { ProblemCode } from '../../src/error-codes.ts';
import { newRun, type Planned, stagesOf } from './deployment.ts';
import { settle } from './etcd-rules.ts';
import type { File } from './file.ts';
import { type Job, Refused, type Run } from './run.ts';
import type { World } from './world.ts';

/** Numbers below 1 that a seed determines. Source: the generator mulberry32 */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Order {
  readonly kind: 'whole' | 'workflow';
  /** How many jobs run at once. */
  readonly parallel: number;
  readonly seed: number;
  /** After how many steps the run is killed. */
  readonly killed?: number | undefined;
}

export interface Outcome {
  readonly codes: readonly ProblemCode[];
  readonly messages: readonly string[];
  readonly changes: number;
  readonly upgraded: readonly string[];
  readonly planned: readonly string[];
}

/** A run of all jobs, in an order that the seed determines. */
export function perform(
  world: World,
  file: File,
  order: Order,
  more: Pick<Run, 'strict' | 'forget' | 'name'>,
): Outcome {
  const began = world.changes;
  const refused: Refused[] = [];
  const plan: Planned = { upgrades: [] };
  const upgraded: string[] = [];
  const dice = random(order.seed);
  let left = order.killed ?? 10_000;
  try {
    const run = newRun(world, file, more);
    for (const [index, stage] of stagesOf(run, order.kind, plan).entries()) {
      left = interleave(stage(), { world, dice, parallel: run.strict ? order.parallel : 1, left, refused });
      if (left === 0 && order.killed !== undefined) break;
      if (index === 0 && refused.length > 0) break;
    }
    upgraded.push(...run.upgraded);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused.push(error);
  }
  release(world, dice);
  const messages = refused.map(({ message }) => message);
  return {
    codes: refused.flatMap(({ codes }) => codes),
    messages,
    changes: world.changes - began,
    upgraded,
    planned: plan.upgrades,
  };
}

interface Turn {
  readonly world: World;
  readonly dice: () => number;
  readonly parallel: number;
  readonly left: number;
  readonly refused: Refused[];
}

/** Runs jobs until they end, or the run is killed. Returns how many steps are left. */
function interleave(jobs: readonly Job[], { world, dice, parallel, left, refused }: Turn): number {
  const queue = shuffled(jobs, dice);
  /** At which change each job began to wait. */
  const active = new Map<Job, number>();
  for (let steps = left; steps > 0; steps -= 1) {
    while (active.size < parallel && queue.length > 0) active.set(queue.shift() as Job, -1);
    if (active.size === 0) return steps;
    const able = [...active.keys()].filter((job) => active.get(job) !== world.changes);
    const from = able.length > 0 ? able : [...active.keys()];
    const job = from[Math.floor(dice() * from.length)] as Job;
    try {
      const { done, value } = job.next(able.length === 0);
      settle(world);
      if (done) active.delete(job);
      else active.set(job, value === 'waits' ? world.changes : -1);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(error);
      active.delete(job);
    }
  }
  if (left >= 1000) throw new Error('the jobs have no end');
  return 0;
}

function shuffled<T>(items: readonly T[], dice: () => number): T[] {
  return items
    .map((item) => [dice(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** What a killed run had begun on a host ends there, or leaves the program stopped; its locks and turns expire. */
function release(world: World, dice: () => number): void {
  for (const machine of world.restarting)
    for (const [program, version] of machine.placed)
      if (dice() < 0.5 && !machine.running.has(program)) machine.running.set(program, version);
  world.restarting.clear();
  world.turns.clear();
  world.lock = undefined;
}
