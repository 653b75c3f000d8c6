// Runs in the network of a node: resolves a Service's name by the cluster's DNS and requests the address, at a steady rate, until its stdin
// ends. Then it prints all samples as JSON. The spec is a line of JSON on stdin.
import { Resolver } from 'node:dns/promises';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
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

/** A resolver of a pod asks again after a lost answer, too. */
const resolver = new Resolver({ timeout: 2000, tries: 2 });
resolver.setServers([dns]);

async function ask(): Promise<void> {
  const at = Date.now();
  try {
    const [address] = await resolver.resolve4(name);
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
