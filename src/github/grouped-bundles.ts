import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';

const groupSchema = z.array(z.object({ host: z.string().max(253), age: z.base64() })).max(10_000);

/** The bundles of several hosts as one file: JSON, with each age file in base64. Pure. */
export function textOfBundles(sealed: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const list = [...sealed].map(([host, bytes]) => ({ host, age: Buffer.from(bytes).toString('base64') }));
  return Buffer.from(`${JSON.stringify(list)}\n`);
}

/**
 * The bundles in such a file, by host. Pure: each is checked when it is opened.
 * @throws Problem ARTIFACT_NONSENSE
 */
export function bundlesIn(name: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const hint = 'Find out which job uploaded it: who can write artifacts of this run? Then re-run pki, and this job.';
  const refuse = () =>
    new Problem(`the artifact ${name} is not a list of bundles`, { code: 'ARTIFACT_NONSENSE', hint });
  const { data } = groupSchema.safeParse(parseJson(Buffer.from(bytes).toString(), refuse));
  if (!data) throw refuse();
  return new Map(data.map(({ host, age }) => [host, Buffer.from(age, 'base64')]));
}
