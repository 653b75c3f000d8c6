import { expect, test } from '@jest/globals';
import { isBefore } from '../../src/phases/pods-before.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 28, 8, 0, seconds));
const pod = (created: Date | undefined, namespace = 'shop') => ({ namespace, name: 'a', created, owner: undefined });
const roots = [
  { namespace: 'shop', pems: [], since: at(0) },
  { namespace: 'old', pems: [], since: undefined },
];

test.each([
  ['before its namespace had the next CA', pod(at(-60)), true],
  ['while a kubelet may not have read it', pod(at(5)), true],
  ['after it', pod(at(6)), false],
  ['at an unknown time', pod(undefined), true],
  ['in a namespace that is unknown', pod(at(60), 'other'), true],
  ['in a namespace that has it since an unknown time', pod(at(60), 'old'), true],
])('a pod that began %s', (_, one, expected) => {
  expect(isBefore(one, roots)).toBe(expected);
});
