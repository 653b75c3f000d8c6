// Runs in the network of a node: resolves a Service's name by the cluster's DNS and requests the address, at a steady rate, until its stdin
// ends. Then it prints all samples as JSON. The spec is a line of JSON on stdin.
import { get } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { addressesOf, dnsQuestion } from '../../src/failover/instruments/dns-question.ts';
import type { Sample } from './requests.ts';

/** What to request. */
export interface ServiceSpec {
  readonly name: string;
  readonly dns: string;
  readonly everyMs: number;
}

const lines = createInterface({ input: process.stdin });
const line = await new Promise<string>((resolve) => lines.once('line', resolve));
const { name, dns, everyMs } = JSON.parse(line) as ServiceSpec;
const samples: Sample[] = [];
const pending = new Set<Promise<void>>();

/** Asks the cluster's DNS by TCP, where a message begins with its length. */
async function resolve(): Promise<string> {
  const socket = connect(53, dns).setTimeout(5000, () => socket.destroy(new Error('no answer of DNS within 5 s')));
  try {
    socket.write(dnsQuestion(name, 'A'));
    let got = Buffer.alloc(0);
    for await (const chunk of socket) {
      got = Buffer.concat([got, chunk]);
      if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) break;
    }
    const [address] = addressesOf(got.subarray(2));
    if (address === undefined) throw new Error('no address');
    return address;
  } finally {
    socket.destroy();
  }
}

async function ask(): Promise<void> {
  const at = Date.now();
  try {
    const address = await resolve();
    const status = await new Promise<number>((resolve, reject) => {
      const asked = get({ host: address, port: 80, agent: false, timeout: 5000 }, (response) => {
        response.once('error', reject).once('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      asked.once('timeout', () => asked.destroy(new Error('no answer within 5 s'))).once('error', reject);
    });
    samples.push({ target: 'service', at, ms: Date.now() - at, status });
  } catch (error) {
    samples.push({ target: 'service', at, ms: Date.now() - at, error: (error as Error).message });
  }
}

const timer = setInterval(() => {
  const one = ask().finally(() => pending.delete(one));
  pending.add(one);
}, everyMs);
lines.once('close', async () => {
  clearInterval(timer);
  await Promise.all(pending);
  process.stdout.write(JSON.stringify(samples));
});
process.stdout.write('\n');
