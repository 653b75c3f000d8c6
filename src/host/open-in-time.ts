import type { Duplex } from 'node:stream';

/** Waits for a channel to open; a channel that opens too late is closed. @throws `late` if none opens in time */
export async function openInTime<T extends Duplex>(
  milliseconds: number,
  opening: Promise<T>,
  late = new Error(`no answer within ${milliseconds} ms`),
): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    opening.then(end, () => undefined);
    over.reject(late);
  }, milliseconds);
  try {
    return await Promise.race([opening, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function end(channel: Duplex): void {
  channel.on('error', () => undefined);
  channel.destroy();
}
