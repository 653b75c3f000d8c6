import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Tunnel } from '../../kubernetes/index.ts';

/**
 * A stream from a host, which `signal` ends while it is opened: a host tries for two minutes to reach a pod that is gone.
 * @throws the signal's reason; Problem FORWARD_FAILED, FORWARD_FORBIDDEN
 */
export async function openStream(tunnel: Tunnel, address: string, port: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  const opening = tunnel.forward(address, port);
  const opened = new AbortController();
  try {
    return await Promise.race([opening, once(signal, 'abort', { signal: opened.signal }).then(() => ended(signal))]);
  } catch (error) {
    // It may open later, and is not used then.
    opening.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    throw error;
  } finally {
    opened.abort();
  }
}

function ended(signal: AbortSignal): never {
  throw signal.reason;
}
