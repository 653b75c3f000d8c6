import type { Run } from './run.ts';

/** A step of a run: a title for the log and its work. */
export interface Phase<Needs extends Run = Run> extends StagePhase<Needs, void> {
  /** Whether to run it. Default: always. A skipped phase prints no heading. */
  readonly when?: (stage: Needs) => boolean;
}

/** A phase with results for later ones. Because they rely on it, it always runs. */
export interface StagePhase<Needs extends Run, Gives> {
  readonly title: string;
  /** @param signal aborts when the workflow is cancelled: the phase ends as soon as it has cleaned up */
  readonly run: (stage: Needs, signal: AbortSignal) => Promise<Gives>;
}

/** A phase with any requirements: only `InOrder` decides whether it may run. */
export type AnyPhase = StagePhase<never, unknown> & { readonly when?: (stage: never) => boolean };

/** The stages after the phase: the earlier ones and its own. */
type Given<P> = P extends { readonly run: (...args: never[]) => Promise<infer Gives> }
  ? Gives extends object
    ? Gives
    : unknown
  : unknown;

/**
 * A list in which each phase gets what it needs. The compiler checks a list against this type: for a phase that comes too early, its
 * error names the missing stage.
 */
export type InOrder<List extends readonly AnyPhase[], Stage extends Run> = List extends readonly [
  infer First extends AnyPhase,
  ...infer Rest extends readonly AnyPhase[],
]
  ? readonly [Runnable<Stage>, ...InOrder<Rest, Stage & Given<First>>]
  : List extends readonly []
    ? readonly []
    : readonly Runnable<Stage>[];

type Runnable<Stage extends Run> = StagePhase<Stage, unknown> & { readonly when?: (stage: Stage) => boolean };

/** A phase that is skipped unless `when` says so; the later phases do not rely on what it gives. */
export function onlyIf<Needs extends Run>(
  when: (stage: Needs) => boolean,
  { title, run }: StagePhase<Needs, unknown>,
): Phase<Needs> {
  return {
    title,
    when,
    run: async (stage, signal) => {
      await run(stage, signal);
    },
  };
}

/** The condition of phases that a dry run leaves out. */
export function unlessDry({ dryRun }: Run): boolean {
  return !dryRun;
}
