// Runs in a network of the lab: requests URLs at a steady rate, each URL at separate moments, each request on a new TLS connection
// unless the spec says otherwise, until its stdin ends, and then prints all samples as JSON. The spec is a line of JSON on stdin.
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
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (outcome: Pick<Sample, 'status' | 'error'>) => {
      samples.push({ target, at, ms: Math.round(performance.now() - began), ...outcome });
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

interface Target {
  readonly name: string;
  readonly url: string;
  readonly write: boolean;
}

function begin({ name, url, write }: Target): void {
  const one = ask(name, url, write).finally(() => pending.delete(one));
  pending.add(one);
}

const asked: readonly Target[] = [
  ...Object.entries(spec.targets).map(([name, url]) => ({ name, url, write: false })),
  ...Object.entries(spec.writes ?? {}).map(([name, url]) => ({ name, url, write: true })),
];
const notYet = new Set(asked);
const timers: NodeJS.Timeout[] = [];
for (const [index, one] of asked.entries()) {
  const tick = () => begin(one);
  const keepOn = () => {
    notYet.delete(one);
    tick();
    timers.push(setInterval(tick, spec.everyMs));
  };
  timers.push(setTimeout(keepOn, (index * spec.everyMs) / asked.length));
}
lines.once('close', async () => {
  for (const timer of timers) clearInterval(timer);
  // Sends at least one request to each target, even if it is stopped immediately.
  for (const one of notYet) begin(one);
  await Promise.all(pending);
  process.stdout.write(JSON.stringify(samples));
});
process.stdout.write('\n');
