import pWaitFor from 'p-wait-for';

/** How long to wait, and how often to look. */
export interface Patience {
  readonly timeoutMs: number;
  /** The pause between two looks, in milliseconds. */
  readonly everyMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks again and again while there is a reason to wait, at least once. A look that has begun is waited for, also when the time is over.
 * @param look returns the reason in words, or nothing when the wait is over.
 * @returns the last reason if the time is over first.
 * @throws the signal's reason; what `look` throws.
 */
export async function waitWhile(
  look: () => Promise<string | undefined>,
  { timeoutMs, everyMs, signal }: Patience,
): Promise<string | undefined> {
  let reason: string | undefined;
  const isOver = async () => {
    reason = await look();
    return reason === undefined;
  };
  await pWaitFor<void>(isOver, {
    interval: everyMs,
    // It takes whole milliseconds, and throws without a fallback.
    timeout: { milliseconds: Math.max(0, Math.ceil(timeoutMs)), fallback: () => undefined },
    ...(signal && { signal }),
  });
  return reason;
}
