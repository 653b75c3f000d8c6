import ipaddr from 'ipaddr.js';

const types = { A: 1, AAAA: 28 } as const;
const internet = 1;
const recursionDesired = 0x0100;

/** A question for the addresses of a name, in the format of DNS over TCP: its length first (RFC 1035, 4.2.2). */
export function dnsQuestion(name: string, type: keyof typeof types): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.of(Buffer.byteLength(label)), Buffer.from(label)]);
  const message = Buffer.concat([
    words(1, recursionDesired, 1, 0, 0, 0),
    ...labels,
    Buffer.of(0),
    words(types[type], internet),
  ]);
  return Buffer.concat([words(message.length), message]);
}

/**
 * The addresses of an answer, without its length.
 * @throws Error if the server refuses, or if its answer is truncated
 */
export function addressesOf(message: Buffer): readonly string[] {
  const [code, questions, answers] = [message.readUInt16BE(2) & 0xf, message.readUInt16BE(4), message.readUInt16BE(6)];
  if (code !== 0) throw new Error(`the name server answers ${code === 3 ? 'NXDOMAIN' : `code ${code}`}`);
  let at = 12;
  for (let index = 0; index < questions; index += 1) at = afterName(message, at) + 4;
  const addresses: string[] = [];
  for (let index = 0; index < answers; index += 1) {
    at = afterName(message, at);
    const [type, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 8)];
    const data = message.subarray(at + 10, at + 10 + length);
    if (type === types.A || type === types.AAAA) addresses.push(ipaddr.fromByteArray([...data]).toString());
    at += 10 + length;
  }
  return addresses;
}

/** The end of a name: after its empty label, or after a pointer to the rest of it. */
function afterName(message: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, index * 2);
  return buffer;
}
