// Runs in a network of the lab: asks URLs at a steady rate, each request on a TLS connection of its own, until its stdin ends,
// and then prints all samples as JSON. What to ask comes as a line of JSON on stdin.
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { RequestsSpec, Sample } from './requests.ts';

const lines = createInterface({ input: process.stdin });
const line = await new Promise<string>((resolve) => lines.once('line', resolve));
const spec = JSON.parse(line) as RequestsSpec;
const samples: Sample[] = [];
const pending = new Set<Promise<void>>();

function ask(target: string, url: string): Promise<void> {
  const at = Date.now();
  const begin = performance.now();
  return new Promise((resolve) => {
    const end = (outcome: Pick<Sample, 'status' | 'error'>) => {
      samples.push({ target, at, ms: Math.round(performance.now() - begin), ...outcome });
      resolve();
    };
    const asked = request(
      url,
      { agent: false, ca: spec.ca, cert: spec.cert, key: spec.key, signal: AbortSignal.timeout(spec.timeoutMs) },
      (response) => {
        response.on('error', (error) => end({ error: error.message }));
        response.on('end', () => end({ status: response.statusCode ?? 0 }));
        response.resume();
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }));
    asked.end();
  });
}

function tick(): void {
  for (const [target, url] of Object.entries(spec.targets)) {
    const one = ask(target, url).finally(() => pending.delete(one));
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
