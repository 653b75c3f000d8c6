import type * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { type Attempt, apiNonsense } from './api-problem.ts';

/**
 * Parses an answer and checks it against the schema.
 * @throws ApiProblem API_NONSENSE
 */
export function readAnswer(attempt: Attempt, text: string, shape: z.ZodType | undefined): unknown {
  const value = parseJson(text, (what) => apiNonsense(attempt, what));
  const { error } = shape?.safeParse(value) ?? {};
  if (error) throw apiNonsense(attempt, `it is not an object of that kind: ${placeOf(error)}`);
  return value;
}

/** The position of the first mismatch. Its keys are untrusted, too. */
function placeOf({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.slice(0, 6).map(String).join('.') ?? '';
  return /^[\w.-]{1,200}$/.test(place) ? place : 'its root';
}
