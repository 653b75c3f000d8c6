import { execFileSync } from 'node:child_process';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { call, callWith, quote } from '../../src/host/quote.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

const text = fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0'));

test('a shell reads any quoted text as one word', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
      const script = words.map((word) => `printf '%s\\0' ${quote(word)}`).join('\n');
      const read = execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1);
      expect(read).toEqual(words);
    }),
    { numRuns: 50 },
  );
});

test('a call passes its arguments and its input unchanged', () => {
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 5 }), (content, args) => {
      const script = `show() { base64 -d; printf '\\0'; printf '%s\\0' "$@"; }\n${callWith(content, 'show', ...args)}\n`;
      const [input, ...rest] = execFileSync('sh', { input: script }).toString().split('\0');
      expect([input, ...rest.slice(0, -1)]).toEqual([content, ...args]);
    }),
    { numRuns: 50 },
  );
});

test('a call without arguments is the name alone', () => {
  expect(call('snapshot_end')).toBe('snapshot_end');
});
