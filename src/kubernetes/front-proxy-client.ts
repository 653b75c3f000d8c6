import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { AggregatedApi } from './aggregated-apis.ts';
import { begin, textOf } from './exchange.ts';
import type { Tunnel } from './tunnel.ts';

/** A client certificate of an API server and its key, PEM. */
interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

/** A user that no cluster has, and a path that no server has: the answer says who the caller is for the server. */
const caller = 'k8s-ha-action:rotation';
const nowhere = '/k8s-ha-action';
const timeoutMs = 10_000;

/**
 * Whether a server of an aggregated API believes the holder of a client certificate who the user is, as it believes API servers.
 * @throws ApiProblem if there is no answer
 */
export async function trusts(tunnel: Tunnel, api: AggregatedApi, pair: ClientPair): Promise<boolean> {
  const agent = new ClientAgent(tunnel, api, pair);
  const attempt = { host: tunnel.host.name, method: 'GET', path: nowhere };
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await begin({ agent, attempt, headers: { 'x-remote-user': caller }, signal });
    const text = await textOf(answer, attempt, signal, 64 * 1024);
    // 404: it has no rights to refuse, so it accepts every caller.
    return text.includes(caller) || answer.statusCode === 404;
  } finally {
    agent.destroy();
  }
}

/** The server's own certificate is not checked: the question is what it trusts, and it gets no secret. */
class ClientAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(tunnel: Tunnel, { address, port }: AggregatedApi, pair: ClientPair) {
    super({ keepAlive: false });
    this.#open = async () => {
      const socket = await tunnel.forward(address, port);
      return connect({ socket, ...pair, rejectUnauthorized: false });
    };
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#open().then(
      (stream) => callback?.(null, stream),
      // Node's own type wants a stream beside the error, which there is none of.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
  }
}
