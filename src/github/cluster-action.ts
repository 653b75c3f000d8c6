import { runAction } from './action.ts';
import { endBeforeLimit } from './cancellation.ts';
import { type CommonInputs, commonInputs, numberInput } from './inputs.ts';

/** What an action does, with the inputs that all actions share and its own. */
export type ClusterWork<Own> = (inputs: CommonInputs & Own) => Promise<void>;

/** Runs an action that needs cluster.yaml, as {@link withCluster} says. */
export async function runClusterAction<Own>(
  own: (inputs: CommonInputs) => Own,
  load: () => Promise<ClusterWork<Own>>,
): Promise<void> {
  await runAction(() => withCluster(own, load));
}

/**
 * Reads cluster.yaml and the inputs, and only then loads and does the work. The code of phases, plan, components and engine is half of
 * an action's start, and a wrong input does not need it.
 *
 * @param own reads the inputs that only this action has.
 * @param load imports the module of the work: `async () => (await import('./work/reset.ts')).reset`.
 * @throws the problems of commonInputs and `own`, and what the work throws.
 */
export async function withCluster<Own>(
  own: (inputs: CommonInputs) => Own,
  load: () => Promise<ClusterWork<Own>>,
): Promise<void> {
  endBeforeLimit(numberInput('timeout-minutes', 0));
  const common = commonInputs();
  const inputs = { ...common, ...own(common) };
  const work = await load();
  await work(inputs);
}
