// Runs in a network of the lab: requests URLs at a steady rate, each URL at separate moments, each request on a new TLS connection
// unless the spec says otherwise, until its stdin ends, and then prints all samples as JSON. The spec is a line of JSON on stdin.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { RequestsSpec, Sample } from './requests.ts';

const lines = createInterface({ input: process.stdin });
const line = await new Promise<string>((resolve) => lines.once('line', resolve));
const spec = JSON.parse(line) as RequestsSpec;
const samples: Sample[] = [];
const pending = new Set<Promise<void>>();

const agent = spec.kept ? new Agent({ keepAlive: true }) : false;

/** What a request does, and how. */
const kinds = {
  read: {},
  write: { method: 'PATCH', headers: { 'Content-Type': 'application/merge-patch+json' } },
  create: { method: 'POST', headers: { 'Content-Type': 'application/json' } },
} as const;

function bodyOf(kind: Target['kind'], target: string, at: number): string | undefined {
  if (kind === 'read') return undefined;
  return JSON.stringify({
    metadata: kind === 'write' ? { annotations: { at: String(at) } } : { name: `${target}-${at}` },
  });
}

function ask({ name: target, url, kind }: Target): Promise<void> {
  const at = Date.now();
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (outcome: Pick<Sample, 'status' | 'error'>) => {
      samples.push({ target, at, ms: Math.round(performance.now() - began), ...outcome });
      resolve();
    };
    const { cert, key, token, caFile } = spec;
    const ca = caFile === undefined ? spec.ca : readFileSync(caFile, 'utf8');
    const { headers, ...how } = { headers: {}, ...kinds[kind] };
    const authorized = { ...headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
    const signal = AbortSignal.timeout(spec.timeoutMs);
    const options = { agent, ca, cert, key, signal, ...how, headers: authorized };
    const asked = request(url, options, (response) => {
      response.on('error', (error) => end({ error: error.message }));
      response.on('end', () => end({ status: response.statusCode ?? 0 }));
      response.resume();
    });
    asked.on('error', (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }));
    asked.end(bodyOf(kind, target, at));
  });
}

interface Target {
  readonly name: string;
  readonly url: string;
  readonly kind: keyof typeof kinds;
}

function begin(target: Target): void {
  const one = ask(target).finally(() => pending.delete(one));
  pending.add(one);
}

const targetsOf = (urls: RequestsSpec['targets'], kind: Target['kind']): readonly Target[] =>
  Object.entries(urls).map(([name, url]) => ({ name, url, kind }));
const asked = [
  ...targetsOf(spec.targets, 'read'),
  ...targetsOf(spec.writes ?? {}, 'write'),
  ...targetsOf(spec.creates ?? {}, 'create'),
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
