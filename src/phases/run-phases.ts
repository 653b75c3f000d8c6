import { Problem } from '../errors.ts';
import { orAborted, problemsUntil } from './cancelled.ts';
import type { AnyPhase, InOrder } from './phase.ts';
import { reportOpenings } from './report-openings.ts';
import type { Run } from './run.ts';

/** The end of a run when the workflow is cancelled. */
export interface Ending {
  readonly signal?: AbortSignal;
  /**
   * How long a phase may take to clean up after the abort, milliseconds; then the connections are cut. GitHub kills
   * the runner's process 10 s after its first signal.
   */
  readonly graceMs?: number;
  /** Called after a phase that failed, while the connections are open; must not throw. */
  readonly onFailure?: () => Promise<void>;
}

type Patience = Required<Pick<Ending, 'signal' | 'graceMs'>>;

/**
 * Runs phases in order, each under its own heading, and closes every connection in every case. A dry run first reports
 * what cluster.yaml opens: also when a later phase fails.
 * @throws AggregateError of Problems, each with its phase and host; after an abort the signal's reason is the first of them.
 */
export async function runPhases<const List extends readonly AnyPhase[]>(
  run: Run,
  phases: List & InOrder<List, Run>,
  { signal = new AbortController().signal, graceMs = 2500, onFailure }: Ending = {},
): Promise<void> {
  let stage: Run = run;
  try {
    for (const phase of [...(run.dryRun ? [reportOpenings] : []), ...phases] as readonly AnyPhase[])
      stage = { ...stage, ...(await runPhase(stage, phase, { signal, graceMs })) };
  } catch (error) {
    await onFailure?.();
    throw error;
  } finally {
    await closeConnections(run, signal);
  }
}

/** Returns what the phase gives to the later ones. */
async function runPhase(stage: Run, phase: AnyPhase, { signal, graceMs }: Patience): Promise<object> {
  // InOrder has compared the phase's needs with what the earlier ones give.
  const has = stage as never;
  if (phase.when && !phase.when(has)) return {};
  const begin = performance.now();
  try {
    const work = () => orAborted(() => phase.run(has, signal), signal, graceMs);
    return Object(await stage.log.group(phase.title, work));
  } catch (error) {
    const parts = problemsUntil(signal, error).map((part) =>
      part instanceof Problem ? part.within({ phase: phase.title }) : part,
    );
    throw new AggregateError(parts, `${phase.title} failed`);
  } finally {
    stage.timings.push({ phase: phase.title, milliseconds: performance.now() - begin });
  }
}

/** After an abort at once: a host that waits for its turn to restart must not begin with it. */
async function closeConnections({ connections, apiConnections }: Run, { aborted }: AbortSignal): Promise<void> {
  for (const kept of apiConnections.values()) kept.connections.agent.destroy();
  apiConnections.clear();
  await Promise.allSettled([...connections.values()].map((session) => session.close(aborted)));
  connections.clear();
}
