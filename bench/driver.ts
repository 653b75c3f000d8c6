import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { Tunnel } from '../src/kubernetes/index.ts';

/** Ends a driver's work, and returns its result. */
export type StopDriver<T> = () => Promise<T>;

/**
 * Starts a program of the benchmarks (`driver`, below this folder) as a separate process, in the network that `inNetwork`
 * chooses. It reads its task as a line of JSON on stdin, so no command line contains credentials.
 */
export async function startDriver<T>(
  driver: string,
  inNetwork: (argv: readonly string[]) => readonly string[],
  spec: unknown,
): Promise<StopDriver<T>> {
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, driver)];
  const [file = '', ...args] = inNetwork(program);
  const child: ChildProcess = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('a driver has no pipes');
  // A dead driver is recognised by its exit status.
  stdin.on('error', () => undefined);
  stdin.write(`${JSON.stringify(spec)}\n`);
  let output = '';
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const closed = once(child, 'close');
  await Promise.race([once(stdout, 'data'), closed]);
  return async () => {
    stdin.end();
    const [status] = await closed;
    if (status !== 0) throw new Error(`${driver} ended with ${status}`);
    return JSON.parse(output) as T;
  };
}

/** The driver's side: works until stdin requests the end, and prints the result of `begin`. */
export async function drive<S, T>(begin: (spec: S) => Promise<() => Promise<T>>): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const line = await new Promise<string>((resolve) => lines.once('line', resolve));
  const over = new Promise<void>((resolve) => lines.once('close', resolve));
  const end = await begin(JSON.parse(line) as S);
  process.stdout.write('\n');
  await over;
  const found = await end();
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
}

/** For a driver that runs on the load balancer's host: no tunnel. */
export function directTunnel(name: string): Tunnel {
  const host = { name, address: '127.0.0.1', port: 0, user: '' };
  return { host, forward: async (address: string, port: number): Promise<Duplex> => connect({ host: address, port }) };
}
