import { once } from 'node:events';
import type { AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContext, TLSSocket } from 'node:tls';
import { type Endpoint, secure, type Tunnel, TunnelAgent } from '../../kubernetes/index.ts';

/** Enough for a round-robin load balancer with a dozen masters; after that any connection is accepted. */
const mostTries = 24;

export interface HeldByOptions extends AgentOptions {
  /** The name of the master for the first connection. Default: any. */
  readonly heldBy?: string | undefined;
}

/**
 * An agent whose first connection leads to one certain master, although a load balancer may choose any: only that connection is
 * lost with the master, and shows a client's experience. Each master's certificate has only its own name, but
 * the addresses of all. Later connections may lead to any master.
 */
export class PinnedAgent extends TunnelAgent {
  readonly #open: () => Promise<TLSSocket>;
  #heldBy: string | undefined;
  #held: boolean | undefined;

  constructor(
    tunnel: Tunnel,
    endpoint: Endpoint,
    secureContext: SecureContext,
    { heldBy, ...options }: HeldByOptions = {},
  ) {
    super(tunnel, endpoint, secureContext, options);
    this.#heldBy = heldBy;
    this.#open = async () => secure(await tunnel.forward(endpoint.address, endpoint.port), secureContext);
  }

  /** Whether the first connection leads to the wanted master; undefined if none was wanted, or if there is no connection yet. */
  get held(): boolean | undefined {
    return this.#held;
  }

  override createConnection(
    options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const name = this.#heldBy;
    this.#heldBy = undefined;
    if (name === undefined) return super.createConnection(options, callback);
    this.#choose(name).then(
      (socket) => callback?.(null, socket),
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }

  async #choose(name: string): Promise<TLSSocket> {
    for (let turn = 1; ; turn += 1) {
      const socket = await this.#open();
      await once(socket, 'secureConnect');
      this.#held = socket.getPeerX509Certificate()?.checkHost(name) !== undefined;
      if (this.#held || turn === mostTries) return socket;
      socket.on('error', () => undefined).destroy();
    }
  }
}
