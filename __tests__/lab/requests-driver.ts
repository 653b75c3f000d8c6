// Runs in a network of the lab: asks URLs at a steady rate, each request on a TLS connection of its own unless the spec says
// otherwise, until its stdin ends, and then prints all samples as JSON. What to ask comes as a line of JSON on stdin.
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { RequestsSpec, Sample } from './requests.ts';

const lines = createInterface({ input: process.stdin });
const line = await new Promise<string>((resolve) => lines.once('line', resolve));
const spec = JSON.parse(line) as RequestsSpec;
const samples: Sample[] = [];
const pending = new Set<Promise<void>>();

const agent = spec.kept ? new Agent({ keepAlive: true }) : false;
const patch = { method: 'PATCH', headers: { 'Content-Type': 'application/merge-patch+json' } };

function ask(target: string, url: string, write: boolean): Promise<void> {
  const at = Date.now();
  const begin = performance.now();
  return new Promise((resolve) => {
    const end = (outcome: Pick<Sample, 'status' | 'error'>) => {
      samples.push({ target, at, ms: Math.round(performance.now() - begin), ...outcome });
      resolve();
    };
    const { ca, cert, key } = spec;
    const options = { agent, ca, cert, key, signal: AbortSignal.timeout(spec.timeoutMs), ...(write ? patch : {}) };
    const asked = request(url, options, (response) => {
      response.on('error', (error) => end({ error: error.message }));
      response.on('end', () => end({ status: response.statusCode ?? 0 }));
      response.resume();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }));
    asked.end(write ? JSON.stringify({ metadata: { annotations: { at: String(at) } } }) : undefined);
  });
}

function tick(): void {
  const reads = Object.entries(spec.targets).map(([name, url]) => [name, url, false] as const);
  const writes = Object.entries(spec.writes ?? {}).map(([name, url]) => [name, url, true] as const);
  for (const [name, url, write] of [...reads, ...writes]) {
    const one = ask(name, url, write).finally(() => pending.delete(one));
    pending.add(one);
  }
}

const timer = setInterval(tick, spec.everyMs);
lines.once('close', async () => {
  clearInterval(timer);
  await Promise.all(pending);
  process.stdout.write(JSON.stringify(samples));
});
tick();
process.stdout.write('\n');
