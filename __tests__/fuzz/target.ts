import fc from 'fast-check';
import { Problem, problemsOf } from '../../src/errors.ts';

/** A reader of untrusted input, and its inputs. */
export interface Target {
  readonly name: string;
  /** Runs it with this many inputs. */
  readonly check: (runs: number) => Promise<void>;
}

/** Time limit of one input, also on a busy machine. */
const mostMs = 5000;

/**
 * A target that ends with a result or with the project's own type of error, for every input.
 * @param prepare makes the data that all cases share.
 * @param share the share of the cases to run, if each takes long.
 */
export function target<T, S>(
  name: string,
  prepare: () => S | Promise<S>,
  inputs: (shared: S) => fc.Arbitrary<T>,
  read: (input: T, shared: S) => unknown,
  share = 1,
): Target {
  const check = async (runs: number) => {
    const shared = await prepare();
    const sound = fc.asyncProperty(inputs(shared), async (input) => {
      const began = performance.now();
      await soundly(() => read(input, shared));
      const milliseconds = performance.now() - began;
      if (milliseconds > mostMs) throw new Error(`it took ${Math.round(milliseconds)} ms`);
    });
    await fc.assert(sound, { numRuns: Math.ceil(runs * share) });
  };
  return { name, check };
}

/** Lets Problems pass, and rethrows any other error. */
async function soundly(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!problemsOf(error).every((each) => each instanceof Problem)) throw error;
  }
}
