// A store with the API of S3 that verifies signatures and hashes, on this machine.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { provideTool } from '../../../lab/binaries/tools.ts';
import { signedHeaders } from '../../../src/github/s3-signature.ts';
import type { S3Place } from '../../../src/github/s3-store.ts';

const ownNetwork = '/proc/self/ns/net';

/** A request in the network of the store. */
const reader = `fetch(process.argv[1], { headers: JSON.parse(process.argv[2]) }).then(async (answer) =>
  console.log(JSON.stringify({ status: answer.status, body: Buffer.from(await answer.arrayBuffer()).toString('base64') })))`;

export interface S3Server {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stop: () => void;
}

/**
 * Starts it with one bucket.
 * @param netns the network of a lab; default: that of the tests
 */
export async function startS3(bucket: string, netns = ownNetwork): Promise<S3Server> {
  const path = await provideTool('s3-server', { cache: cacheFolder(), log: () => undefined });
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/key+1' };
  const env = { ACCESS_KEY: keys.accessKeyId, SECRET_KEY: keys.secretAccessKey };
  const server = spawn('nsenter', [`--net=${netns}`, path, bucket], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(server.stdout, 'data');
  return { origin: `http://${String(line).trim()}`, keys, stop: () => void server.kill() };
}

/** What a store has under a key, or the status of its answer; asked without the code under test. */
export async function storedIn(place: S3Place, key: string, netns = ownNetwork): Promise<Buffer | number> {
  const url = new URL(`${place.origin}/${place.bucket}/${key}`);
  const sha256 = createHash('sha256').digest('hex');
  const { host: _, ...headers } = signedHeaders({ method: 'GET', url, sha256 }, place, new Date());
  const argv = [`--net=${netns}`, process.execPath, '--eval', reader, url.href, JSON.stringify(headers)];
  const { status, body } = JSON.parse((await promisify(execFile)('nsenter', argv, { maxBuffer: 32_000_000 })).stdout);
  return status === 200 ? Buffer.from(body, 'base64') : status;
}
