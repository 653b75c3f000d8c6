import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { HostSession } from '../host/engine.ts';
import { type Credentials, invalidKubeconfig, parseKubeconfig } from './kubeconfig.ts';

/** The part of a host's session that this room needs to talk to an API server. */
export type Tunnel = Pick<HostSession, 'host' | 'forward'>;

/** Where an API server listens, as seen from the host that the tunnel ends on. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A name that every API server's certificate has, for any address of the server. */
const serverName = 'kubernetes';

/** The keys are parsed once and used for all connections. @throws Problem KUBECONFIG_INVALID if they are invalid */
export function secureContextOf({ ca, cert, key }: Pick<Credentials, 'ca' | 'cert' | 'key'>): SecureContext {
  try {
    return createSecureContext({ ca, cert, key });
  } catch {
    throw invalidKubeconfig('the kubeconfig has a certificate or a key that cannot be read');
  }
}

/** TLS, verified, over a stream that the host opens; returned before the handshake, which the first write waits for. */
export function secure(stream: Duplex, secureContext: SecureContext): TLSSocket {
  const socket = connect({ socket: stream, secureContext, servername: serverName });
  // The request adds its own listener. A connection whose request was aborted while it was opened has none, and its error would end the process.
  socket.on('error', () => undefined);
  // A broken channel reports only to the stream; the request must learn of it too.
  stream.once('error', (error) => socket.destroy(error));
  stream.once('close', () => socket.destroy());
  // A channel of SSH stays open for writing when its far end has closed, and the agent would give it to the next request.
  socket.once('end', () => socket.destroy());
  return socket;
}

/** Connections to one API server that outlive a client: what uses it later needs no handshake. Destroy them at the end. */
export class KeptConnections {
  readonly context: SecureContext;
  readonly agent: TunnelAgent;

  /** @throws Problem KUBECONFIG_INVALID */
  constructor(tunnel: Tunnel, endpoint: Endpoint, credentials: Credentials | string) {
    this.context = secureContextOf(typeof credentials === 'string' ? parseKubeconfig(credentials) : credentials);
    this.agent = new TunnelAgent(tunnel, endpoint, this.context, { maxSockets: 8 });
  }
}

/** An HTTPS agent whose connections run through SSH to the host and from there to its API server. */
export class TunnelAgent extends Agent {
  readonly #tunnel: Tunnel;
  readonly #endpoint: Endpoint;
  readonly #secureContext: SecureContext;

  constructor(tunnel: Tunnel, endpoint: Endpoint, secureContext: SecureContext, options: AgentOptions = {}) {
    super({ keepAlive: true, scheduling: 'lifo', ...options });
    this.#tunnel = tunnel;
    this.#endpoint = endpoint;
    this.#secureContext = secureContext;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    this.#tunnel.forward(this.#endpoint.address, this.#endpoint.port).then(
      (stream) => callback?.(null, secure(stream, this.#secureContext)),
      // Node's own type wants a stream beside the error, which there is none of.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }
}
