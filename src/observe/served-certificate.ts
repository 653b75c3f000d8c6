import { connect } from 'node:tls';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import type { Endpoint } from '../kubernetes/index.ts';

/** A server on the same host answers at once. */
const timeoutMs = 3000;

/**
 * The certificate that a server presents, as PEM. It is not verified: what is asked is when it ends.
 * @param serverName for which the server may have another certificate (SNI)
 * @throws Problem FORWARD_FAILED if there is no connection, or no certificate within 3 s
 */
export async function servedCertificate(
  session: Pick<HostSession, 'host' | 'forward'>,
  { address, port }: Endpoint,
  serverName?: string,
): Promise<string> {
  const named = serverName === undefined ? {} : { servername: serverName };
  const socket = connect({ socket: await session.forward(address, port), rejectUnauthorized: false, ...named });
  const shaken = Promise.withResolvers<string>();
  const fail = (reason: string): void => {
    const message = `the server at ${address}, port ${port}, presents no certificate: ${reason}`;
    shaken.reject(new Problem(message, { code: 'FORWARD_FAILED', host: session.host.name }));
  };
  // TLS 1.3: the client has the certificate before the server refuses one without its own.
  socket.once('secureConnect', () => {
    const certificate = socket.getPeerX509Certificate();
    if (certificate) shaken.resolve(certificate.toString());
    else fail('none was sent');
  });
  socket.on('error', ({ message }) => fail(message));
  socket.once('close', () => fail('it closed the connection'));
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  try {
    return await shaken.promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
