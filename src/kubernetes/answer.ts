import type * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { type Attempt, apiNonsense } from './api-problem.ts';

/**
 * The value of an answer's text, which has that shape.
 * @throws ApiProblem API_NONSENSE
 */
export function readAnswer(attempt: Attempt, text: string, shape: z.ZodType | undefined): unknown {
  const value = parseJson(text, (what) => apiNonsense(attempt, what));
  const { error } = shape?.safeParse(value) ?? {};
  if (error) throw apiNonsense(attempt, `it is no object of that kind: ${placeOf(error)}`);
  return value;
}

/** Where a value is not of its shape. The keys on the way may be anything, too. */
function placeOf({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.slice(0, 6).map(String).join('.') ?? '';
  return /^[\w.-]{1,200}$/.test(place) ? place : 'its root';
}
