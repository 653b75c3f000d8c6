import type { Cluster } from '../../src/cluster/cluster.ts';
import type { ProblemCode } from '../../src/error-codes.ts';
import { either, faultsOf, worse } from './judge.ts';
import type { World } from './world.ts';

/** A job, from one moment at which another job may act to the next. `waits`: it makes no progress alone; the answer is whether it waited too long. */
export type Job = Generator<'step' | 'waits', void, boolean>;

/** The end of a job that does not reach its aim. */
export class Refused extends Error {
  readonly codes: readonly ProblemCode[];
  constructor(codes: readonly ProblemCode[], message = codes.join()) {
    super(message);
    this.codes = codes;
  }
}

/** What the jobs of one run share. */
export interface Run {
  readonly name: string;
  readonly world: World;
  cluster: Cluster;
  readonly forget: ReadonlySet<string>;
  /** etcd checks changes, and jobs of other hosts act between a plan and its step. Otherwise the plan alone protects the cluster. */
  readonly strict: boolean;
  /** The pki job has found that there never was a cluster. */
  startsEtcd: boolean;
  /** Masters without an API server when the run began. */
  newMasters: ReadonlySet<string>;
  /** What was upgraded: `etcd one`. */
  readonly upgraded: string[];
}

/** Makes one change of the world, and judges it. What was wrong before a restart may be so after it. */
export function change<T>({ world }: Pick<Run, 'world'>, what: string, work: () => T, former = faultsOf(world)): T {
  const before = either(former, faultsOf(world));
  const result = work();
  world.changes += 1;
  const bad = worse(before, faultsOf(world));
  if (bad.length > 0) throw new Error(`${what}: ${bad.join(', ')}`);
  return result;
}

/** Waits for what another job does. @throws Refused */
export function* wait(code: ProblemCode): Job {
  if (yield 'waits') throw new Refused([code]);
}
