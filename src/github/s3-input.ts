import { invalidInput } from './inputs.ts';
import { getInput } from './runner.ts';
import type { S3Place } from './s3-store.ts';
import { requiredSecret } from './secret-inputs.ts';

const fix =
  'Write the address of the store, the bucket and a path in it: https://HOST/BUCKET/PATH, with letters, digits and . _ - only.';

/** The bucket that the input s3-url names; undefined without it. @throws Problem INPUT_INVALID, INPUT_MISSING */
export function s3Input(): S3Place | undefined {
  const given = getInput('s3-url');
  if (!given) return undefined;
  const url = URL.parse(given);
  const [, bucket = '', path = ''] = /^\/([\w.-]+)((?:\/[\w.-]+)*)\/?$/.exec(url?.pathname ?? '') ?? [];
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || !bucket || !/^https?:$/.test(url.protocol)) throw invalidInput('s3-url', given, fix);
  return {
    origin: url.origin,
    bucket,
    prefix: path === '' ? '' : `${path.slice(1)}/`,
    region: getInput('s3-region') || 'us-east-1',
    accessKeyId: requiredSecret('s3-access-key-id'),
    secretAccessKey: requiredSecret('s3-secret-access-key'),
  };
}
