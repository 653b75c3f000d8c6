import { isGood, requestsDriver, type Sample, startRequests } from './requests.ts';
import { lab } from './seed-lab.ts';

/** The client: only a CA to trust, or also a certificate. */
export interface Caller {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The answer of each URL to one request from the runner: a status, or how the connection ended. */
export async function answersTo(urls: readonly string[], caller: Caller): Promise<Readonly<Record<string, string>>> {
  const targets = Object.fromEntries(urls.map((url) => [url, url]));
  const spec = { targets, everyMs: 60_000, timeoutMs: 20_000, ...caller };
  const stop = await startRequests(['nsenter', `--net=${lab.netns}`, ...requestsDriver], spec);
  const samples = await stop();
  return Object.fromEntries(samples.map((sample) => [sample.target, wordFor(sample)]));
}

function wordFor(sample: Sample): string {
  if (isGood(sample)) return 'answers';
  return sample.error ?? String(sample.status);
}
