import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is written as 64 hexadecimal digits in lower case');
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'a digest is written as sha256: with 64 hexadecimal digits in lower case');
const officialUrl = z.string().regex(/^https:\/\/[\w.-]+\/[\w.+/-]+$/, 'a file is written as https://host/path');
const image = z
  .string()
  .regex(/^[\w.-]+(\/[\w.-]+)+:[\w.-]+$/, 'an image is written as registry/name:tag, as registry.k8s.io/pause:3.10.2');

/** The format of cluster.lock.yaml. */
export const lockSchema = z.strictObject({
  binaries: z.record(officialUrl, sha256),
  images: z.record(image, digest),
});
