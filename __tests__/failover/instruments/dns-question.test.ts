import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressesOf, dnsQuestion } from '../../../src/failover/instruments/dns-question.ts';

/** The question of Node's own resolver for the same name. */
async function askedByNode(name: string, ask: (resolver: Resolver) => Promise<unknown>): Promise<Buffer> {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  const message = once(server, 'message');
  const answer = ask(resolver).catch(() => undefined);
  const [question] = (await message) as [Buffer];
  resolver.cancel();
  await answer;
  server.close();
  expect(name.length).toBeGreaterThan(0);
  return question;
}

/** The question section, after the twelve octets of the header. */
const questionOf = (message: Buffer) => message.subarray(12, 12 + message.subarray(12).indexOf(0) + 5).toString('hex');

test.each([
  ['A', 'web.default.svc.cluster.local', (resolver: Resolver) => resolver.resolve4('web.default.svc.cluster.local')],
  [
    'AAAA',
    'kube-dns.kube-system.svc.a.example',
    (resolver: Resolver) => resolver.resolve6('kube-dns.kube-system.svc.a.example'),
  ],
] as const)('a question for %s of %s is the one that Node asks', async (type, name, ask) => {
  const ours = dnsQuestion(name, type);
  expect(ours.readUInt16BE(0)).toBe(ours.length - 2);
  expect(questionOf(ours.subarray(2))).toBe(questionOf(await askedByNode(name, ask)));
});

const header = (code: number, answers: number) =>
  `0001${(0x8180 + code).toString(16)}0001${answers.toString(16).padStart(4, '0')}00000000`;
const question = '03777777076578616d706c65036f726700' + '00010001';
/** An answer whose name is a pointer to the question's. */
const record = (type: string, data: string) =>
  `c00c${type}00010000001e${(data.length / 2).toString(16).padStart(4, '0')}${data}`;
const message = (...parts: readonly string[]) => Buffer.from(parts.join(''), 'hex');

test('the addresses of an answer are read, past aliases', () => {
  const answer = message(
    header(0, 3),
    question,
    record('0005', '0161c010'),
    record('0001', '0afe0002'),
    record('001c', `fd${'00'.repeat(14)}0a`),
  );
  expect(addressesOf(answer)).toEqual(['10.254.0.2', 'fd00::a']);
});

test('a name that does not exist, and a server that refuses, are reported', () => {
  expect(() => addressesOf(message(header(3, 0), question))).toThrow('NXDOMAIN');
  expect(() => addressesOf(message(header(5, 0), question))).toThrow('code 5');
});

test('a truncated answer is refused', () => {
  const answer = message(header(0, 1), question, record('0001', '0afe0002'));
  expect(() => addressesOf(answer.subarray(0, -12))).toThrow();
});

test('any answer of a name server is read as addresses or refused with an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        expect(Array.isArray(addressesOf(Buffer.from(bytes)))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 300 },
  );
});
