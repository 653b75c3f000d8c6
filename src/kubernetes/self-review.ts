import { request } from 'node:https';
import * as z from 'zod';

/** The API user of a token. */
export interface TokenUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/** The API server's answer to a bearer token: a user, or the status of a refusal. */
export type SelfReview = { readonly user: TokenUser } | { readonly status: number };

const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
/** Limits of one answer, in milliseconds and in bytes. */
const limits = { time: 10_000, size: 65_536 };

const review = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }) }),
});

/**
 * Asks an API server for the user of a token, directly from this machine, like its later clients.
 * @param server `https://…`
 * @param ca PEM; this CA must have issued the server's certificate, which must have the server's name.
 * @throws Error of the connection, or if the answer is not from an API server
 */
export async function reviewSelf(server: string, ca: string, token: string): Promise<SelfReview> {
  const { status, text } = await post(new URL(path, server), ca, token);
  if (status !== 201) return { status };
  const { username, groups } = review.parse(JSON.parse(text)).status.userInfo;
  return { user: { username, groups } };
}

async function post(url: URL, ca: string, token: string): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(limits.time);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', ca, headers, signal, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > limits.size) outgoing.destroy(new Error(`the answer has more than ${limits.size} bytes`));
        else chunks.push(chunk);
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject).end(body);
  });
}
