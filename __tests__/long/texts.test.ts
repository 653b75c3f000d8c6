import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCommand } from '../../lab/runner/command-line.ts';
import { printable, printableValue } from '../../src/github/log-text.ts';
import { redact } from '../../src/host/redact.ts';
import { escaped } from '../../src/markdown.ts';
import { keyBlocks, keyWords } from '../../src/pki/key-blocks.ts';
import { hostileText, unseen } from '../hostile-text.ts';

// The unit tests run these with some hundred cases.
const many = { numRuns: 100_000 };
const anything = fc.oneof(hostileText, fc.string({ maxLength: 300, unit: 'binary' }));

test('no text is a command to the runner', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const lines = `${printable(text)}\n${printableValue(text)}`.split(/\r\n|\r|\n/);
      expect(lines.some((line) => line.includes('##[') || parseCommand(line, () => true) || unseen.test(line))).toBe(
        false,
      );
    }),
    many,
  );
}, 600_000);

test('no text is markup in a summary', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(/[<>[\]()`|\\*_~!@$^\n]|&(?!#\d+;)|(?<!&)#|:\/\//.test(escaped(text))).toBe(false);
    }),
    many,
  );
}, 600_000);

test('no text breaks the search for secrets in it', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const pem = `${text}-----BEGIN PRIVATE KEY-----${text}`;
      expect(redact(pem)).not.toMatch(unseen);
      // A host's own word is not part of a key.
      expect(
        keyBlocks(pem)
          .flatMap(keyWords)
          .filter((word) => /^[a-z0-9-]*$/.test(word)),
      ).toEqual([]);
    }),
    many,
  );
}, 600_000);
