import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWal } from '../../src/etcd/wal.ts';

const first = '0000000000000000-0000000000000000.wal';
const origin = { member: '8211f1d0f64f3269', cluster: 'ef37ad9dc622a7c4' };

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
const number = (field: number, value: bigint | number) => [field << 3, ...varint(BigInt(value))];
const bytes = (field: number, value: readonly number[]) => [
  (field << 3) | 2,
  ...varint(BigInt(value.length)),
  ...value,
];

/** A record as etcd's encoder writes it: a length with the padding in its highest byte, and zeros up to a multiple of 8. */
function record(type: number, data: readonly number[]): number[] {
  const message = [...number(1, type), ...number(2, 0xdeadbeef), ...bytes(3, data)];
  const padding = (8 - (message.length % 8)) % 8;
  const frame = Buffer.alloc(8);
  frame.writeBigUInt64LE(BigInt(message.length) | (padding === 0 ? 0n : BigInt(0x80 | padding) << 56n));
  return [...frame, ...message, ...Array(padding).fill(0)];
}
const metadata = record(1, [...number(1, BigInt(`0x${origin.member}`)), ...number(2, BigInt(`0x${origin.cluster}`))]);
const entry = (type: number, term: number, index: number) =>
  record(2, [...number(1, type), ...number(2, term), ...number(3, index), ...bytes(4, [1, 2, 3])]);
const begun = [...record(4, []), ...metadata, ...record(5, []), entry(1, 1, 1), entry(1, 1, 2)].flat();
const file = (...records: number[][]) => Uint8Array.from([...begun, ...records.flat(), ...Array(64).fill(0)]);

test('the data of a member says of which cluster and member it is', () => {
  expect(readWal(first, file())).toEqual({ ...origin, history: false });
});

test.each([
  ['an entry of an elected leader', first, file(entry(0, 2, 3))],
  ['a change of members by a leader', first, file(entry(1, 2, 3))],
  ['a snapshot', first, file(record(5, [...number(1, 100), ...number(2, 2)]))],
  ['a first file that is gone', '0000000000000001-0000000000000400.wal', file()],
])('it has history after %s', (_, name, content) => {
  expect(readWal(name, content)).toEqual({ ...origin, history: true });
});

test('what is cut off after the origin is passed over, and without an origin there is no answer', () => {
  expect(readWal(first, file().subarray(0, begun.length - 10))).toEqual({ ...origin, history: false });
  expect(readWal(first, new Uint8Array())).toBeUndefined();
  expect(readWal(first, Buffer.from('not a log of etcd at all, but a text of some length'))).toBeUndefined();
});

test('any bytes are read without an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: 400 }), fc.nat({ max: 255 }), (noise, at, byte) => {
      readWal(first, noise);
      const damaged = file(entry(0, 2, 3));
      damaged[at % damaged.length] = byte;
      readWal(first, damaged);
    }),
    { numRuns: 300 },
  );
});
