import pTimeout from 'p-timeout';
import { waitWhile } from '../../waiting.ts';
import { now } from './clock.ts';

/** Rejects if a promise does not settle in time. The work itself continues; its later failure is ignored. */
export async function within<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const message = `${what}: no end after ${Math.round(timeoutMs / 1000)} s`;
  return await pTimeout(work, { milliseconds: timeoutMs, message });
}

/** Checks four times a second until there is no reason left; returns the last reason when the time (of `now`) is over. */
export async function untilNoReason(look: () => Promise<string | undefined>, end: number): Promise<string | undefined> {
  const lookInTime = () => within(look(), Math.max(1000, end - now()), 'the question').catch(wordsOf);
  return await waitWhile(lookInTime, { timeoutMs: end - now(), everyMs: 250 });
}

const wordsOf = (error: unknown): string => (error as Partial<Error> | undefined)?.message ?? String(error);
