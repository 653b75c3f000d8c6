import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { HostSession } from '../../host/engine.ts';
import { begin } from '../../kubernetes/index.ts';
import { components, withoutSuffix } from '../../layout/components.ts';

const controllers = [components.controllerManager, components.scheduler];

/** Why one of a master's controllers does not run; undefined if both run. On its own host, each reports it at /healthz without authentication. */
export async function controllersHealth(session: Pick<HostSession, 'host' | 'forward'>): Promise<string | undefined> {
  const reasons = await Promise.all(
    controllers.map(async ({ unit, ports }) => {
      const status = await healthz(session, ports.health.port).catch((error: Error) => error.message);
      return status === 200 ? undefined : `${withoutSuffix(unit)}: ${status}`;
    }),
  );
  return reasons.filter((reason) => reason !== undefined).join('; ') || undefined;
}

async function healthz(session: Pick<HostSession, 'host' | 'forward'>, port: number): Promise<number> {
  const agent = new LoopbackAgent(session, port);
  try {
    const attempt = { host: session.host.name, method: 'GET', path: '/healthz' };
    const answer = await begin({ agent, attempt, signal: AbortSignal.timeout(3000) });
    answer.resume();
    return answer.statusCode ?? 0;
  } finally {
    agent.destroy();
  }
}

/** Each controller creates its certificate at each start. It is not checked, because the connection stays on the host's loopback. */
class LoopbackAgent extends Agent {
  readonly #forward: () => Promise<Duplex>;

  constructor(session: Pick<HostSession, 'forward'>, port: number) {
    super({ keepAlive: false });
    this.#forward = () => session.forward('127.0.0.1', port);
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#forward().then(
      (socket) => callback?.(null, connect({ socket, rejectUnauthorized: false })),
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
  }
}
