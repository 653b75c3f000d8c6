import { decode, RECURSION_DESIRED, streamEncode } from 'dns-packet';

/** A question for the addresses of a name, in the format of DNS over TCP: its length first (RFC 1035, 4.2.2). */
export function dnsQuestion(name: string, type: 'A' | 'AAAA'): Buffer {
  return streamEncode({ type: 'query', id: 1, flags: RECURSION_DESIRED, questions: [{ type, name, class: 'IN' }] });
}

/**
 * The addresses of an answer, without its length.
 * @throws Error if the server refuses, or if its answer is truncated
 */
export function addressesOf(message: Buffer): readonly string[] {
  const { flags = 0, answers = [] } = decode(message);
  const code = flags & 0xf;
  if (code !== 0) throw new Error(`the name server answers ${code === 3 ? 'NXDOMAIN' : `code ${code}`}`);
  return answers.flatMap((answer) => (answer.type === 'A' || answer.type === 'AAAA' ? [answer.data] : []));
}
