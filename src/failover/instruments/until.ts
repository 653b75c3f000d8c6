import { setTimeout as delay } from 'node:timers/promises';
import { now } from './clock.ts';

/** Rejects if a promise does not settle in time. The work itself continues; its later failure is ignored. */
export async function within<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  work.catch(() => undefined);
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => over.reject(new Error(`${what}: no end after ${Math.round(timeoutMs / 1000)} s`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Checks four times a second until there is no reason left; returns the last reason when the time (of `now`) is over. */
export async function untilNoReason(look: () => Promise<string | undefined>, end: number): Promise<string | undefined> {
  for (;;) {
    const left = end - now();
    const reason = await within(look(), Math.max(1000, left), 'the question').catch(wordsOf);
    if (reason === undefined || now() > end) return reason;
    await delay(250);
  }
}

const wordsOf = (error: unknown): string => (error as Partial<Error> | undefined)?.message ?? String(error);
