// Frames around a request that differ from the one that Go writes.
const label = 'CERTIFICATE REQUEST';

export function pemOf(der: Buffer, column = 64): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${column}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Changes of a frame, given another request; each returns the changed text. */
export const frames: readonly ((pem: string, other: string) => string)[] = [
  // The first block has a header, and readers differ in where it ends.
  (pem, other) => `${other.replace('-----\n', '-----\nProc-Type: 4,A_B\n')}\n${pem}`,
  (pem, other) => `${pem.replace('-----\n', '-----\nProc-Type: 4,A_B\n')}\n${other}`,
  (pem) => pem.replace('-----\n', '-----\nProc-Type: 4,A_B\n\n'),
  (pem) => pem.replace('-----\n', '-----\nA: b\nC: d\n\n'),
  (pem, other) => other + pem,
  (pem, other) => pem + other,
  (pem, other) => `${other}\n\n${pem}`,
  (pem, other) => `${other.replace('BEGIN', 'BEGIN X').replace('END', 'END X')}${pem}`,
  (pem, other) => `${other.replace(/-----END.*\n/, '')}${pem}`,
  (pem, other) => `${other.slice(0, other.lastIndexOf('\n-----'))}\n${pem}`,
  (pem) => `text before\n${pem}`,
  (pem) => `\n${pem}`,
  (pem) => ` ${pem}`,
  (pem) => `\ufeff${pem}`,
  (pem) => pem.replaceAll('\n', '\r\n'),
  (pem) => pem.replaceAll('\n', '\r'),
  (pem) => pem.replaceAll('\n', '\n\n'),
  (pem) => pem.replaceAll('\n', ' \n'),
  (pem) => pem.replaceAll('\n', '\t\n'),
  (pem) => pem.trimEnd(),
  (pem) => `${pem}\n`,
  (pem) => `${pem}more`,
  (pem) => `${pem}\0`,
  (pem) => pem.replaceAll(label, label.toLowerCase()),
  (pem) => pem.replaceAll(label, `NEW ${label}`),
  (pem) => pem.replaceAll(label, `${label} `),
  (pem) => pem.replace('BEGIN', 'begin'),
  (pem) => pem.replaceAll('-----', '----'),
  (pem) => pem.replaceAll('-----', '------'),
  (pem) => pem.replaceAll('+', '-').replaceAll('/', '_'),
  (pem) => pem.replaceAll('=', ''),
  (pem) => pem.replace('\n-----END', '=\n-----END'),
  (pem) => pem.replace('\n-----END', '====\n-----END'),
  (pem) => pem.replace('\n-----END', 'AAAA\n-----END'),
  (pem) => pem.replace(/.\n-----END/, '\n-----END'),
  (pem) => pem.replace(/....\n-----END/, '\n-----END'),
  // The bits after the last byte: several texts encode the same bytes.
  (pem) => pem.replace(/([A-Za-z0-9+/])(=+\n-----END)/, (_, last: string, end: string) => `${nextOf(last)}${end}`),
  (pem) => pemOf(derIn(pem), 63),
  (pem) => pemOf(derIn(pem), 76),
  (pem) => pemOf(derIn(pem), 100_000),
  (pem) => pem.replace(/\n([^-])/, '\n\v$1'),
  (pem) => pem.replace(/\n([^-])/, '\n\u00a0$1'),
  (pem) => pem.replace(/\n([^-])/, '\n=$1'),
];

function nextOf(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return letters[letters.indexOf(letter) ^ 1] ?? letter;
}

function derIn(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----.*/g, ''), 'base64');
}
