// Texts of a hostile host: pieces of commands, escapes and markup in any mixture.
import fc from 'fast-check';

/** Names of commands, and other texts with a meaning for programs that show a log. */
const pieces = [
  ...['##[', '##', '#', '[', ']', '::', ':', ';', ',', '=', '%0A', '%25', '%0D', '::::'],
  ...['stop-commands', 'add-mask', 'set-output name=a', 'save-state name=a', 'group', 'endgroup', 'error', 'warning'],
  ...['set-env name=PATH', 'add-path', 'debug', 'echo', 'notice file=a', 'add-matcher', 'STOP-COMMANDS', 'k8sx'],
  ...[
    '##[stop-commands]k8sx',
    '::stop-commands::k8sx',
    '##[add-mask]node',
    '::add-mask::node-1',
    '::set-output name=a::b',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\v',
    '\f',
    '\t',
    '\0',
    '\b',
    '\x07',
    '\x7f',
    '\x85',
    '\x9b',
    '\x9c',
    '\x9d',
    '\u2028',
    '\u2029',
  ],
  ...[
    '\x1b',
    '\x1b[',
    '\x1b[31m',
    '\x1b]0;title\x07',
    '\x1b]8;;https://evil.example\x1b\\',
    '\x1b\\',
    '\x1bP',
    '\x1b(B',
  ],
  ...['\u00a0', '\u1680', '\u2003', '\u202f', '\u3000', '\u180e', '\ufeff', ' ', '   '],
  ...['\u200b', '\u200d', '\u2060', '\u00ad', '\u202e', '\u2066', '\u061c', '\ufe0f', '\u115f', '\ud800', '\udc00'],
  ...[
    '|',
    '\\',
    '\\|',
    '`',
    '```',
    '*',
    '**',
    '_',
    '~~',
    '<',
    '>',
    '</details>',
    '<img src=x>',
    '&',
    '&lt;',
    '!',
    '(',
    ')',
  ],
  ...[
    '[a](https://evil.example)',
    '![a](https://evil.example)',
    'https://evil.example',
    'www.evil.example',
    '@org/team',
  ],
  ...[
    '#123',
    'GH-1',
    '- ',
    '+ ',
    '1. ',
    '# ',
    '> ',
    '---',
    '===',
    '$$',
    '$a$',
    'node-1',
    'a',
    'Z',
    '9',
    'ä',
    '中',
    '😀',
  ],
];

export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 5, unit: 'binary' })), {
    maxLength: 24,
  })
  .map((parts) => parts.join(''));

/** Characters that no shown text may contain. */
export const unseen = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}]--\n]|[\p{Z}--[ ]]/v;

/** Each of these texts, repeated many times: a slow pattern needs long for them. */
export const repeated = ['=', 'a', 'A', ' ', '\n', '\t', '-', '.', ':', '/', '@', '#', '[', '|', '\\', '"', '%', '{']
  .concat([
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x9d',
    '\x9b0;',
    '\u200b',
    '\ud800',
    '\r',
    'aA1',
    'aA1+/',
    'ab ',
    ' \n',
    '://',
    '://a:',
  ])
  .concat([
    'token',
    'token=',
    'token ',
    'password: ',
    '--token ',
    'eyJ',
    'eyJa.',
    'Bearer ',
    'authorization: ',
    'AGE-PLUGIN-',
  ])
  .concat([
    'ghp_',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    'abcdef.',
    'secret="',
    '##[',
    '::',
  ]);

/**
 * How much longer `work` takes for a text that is 32 times as long: the least of three attempts each. 32 if the time is linear in the
 * length, 1024 if it is quadratic. 0 if the time is too short to tell.
 */
export function growth(piece: string, work: (text: string) => unknown): number {
  const least = (length: number) => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    const times = [1, 2, 3].map(() => {
      // Time of the processor: on a busy machine the clock measures the others.
      const begin = process.cpuUsage();
      work(text);
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  };
  const [short, long] = [least(4_000), least(128_000)];
  return long < 50 ? 0 : long / Math.max(short, 0.05);
}
