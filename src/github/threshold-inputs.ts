import { numberInput } from './inputs.ts';

/** A figure that has a limit, as the table of figures has it (src/failover/figures.ts). */
interface Limited<Id extends string> {
  readonly id: Id;
  readonly unit: 'ms' | 'count';
  readonly limit: { readonly input: string; readonly usual: number };
}

/**
 * The limits as the inputs `max-…` say, in each figure's own unit; the inputs of times are in seconds. What is not given is as usual.
 * @throws Problem INPUT_INVALID
 */
export function thresholdInputs<Id extends string>(limited: readonly Limited<Id>[]): Readonly<Record<Id, number>> {
  const limits = limited.map(({ id, unit, limit: { input, usual } }) => {
    const scale = unit === 'ms' ? 1000 : 1;
    return [id, numberInput(input, usual / scale) * scale] as const;
  });
  return Object.fromEntries(limits) as Record<Id, number>;
}
