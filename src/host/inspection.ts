import type { Inspection, Withheld } from './engine.ts';
import type { Sections } from './snapshot.ts';

/** Contents by path: `size name` for each, and all bytes in one base64 text. */
export function filesOf(sections: Sections): Inspection['files'] {
  const bytes = Buffer.from((sections.get('content') ?? []).join(''), 'base64');
  const files = new Map<string, string>();
  let offset = 0;
  for (const line of sections.get('read') ?? []) {
    const tab = line.indexOf('\t');
    const size = Number(line.slice(0, tab));
    files.set(line.slice(tab + 1), bytes.subarray(offset, offset + size).toString('utf8'));
    offset += size;
  }
  if (offset !== bytes.length)
    throw new Error(`files changed while they were read: ${offset} of ${bytes.length} bytes`);
  return files;
}

/** The certificates in files, by path. */
export function certificatesOf(sections: Sections): Inspection['files'] {
  const fields = (sections.get('certificates') ?? []).map((line) => line.split('\t'));
  return new Map(fields.map(([path = '', base64 = '']) => [path, textOf(base64)]));
}

/** What the host says of files whose text it keeps, by path. */
export function withheldOf(sections: Sections): Inspection['withheld'] {
  const marks: Readonly<Record<string, string>> = { '?': 'unknown', '!': 'unreadable' };
  const fields = (sections.get('withheld') ?? []).map((line) => line.split('\t'));
  return new Map(
    fields.map(([path = '', sha256 = '', withoutKey = '', half = '', base64 = '']): [string, Withheld] => {
      const publicHalf = marks[half] ?? half;
      return [path, { sha256, withoutKey, publicHalf, certificate: textOf(base64) }];
    }),
  );
}

function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** Output and status of each question. The remote side ends each output with a line end of its own. */
export function answersOf(sections: Sections, count: number): Inspection['answers'] {
  const status = new Map((sections.get('status') ?? []).map((line) => line.split(' ') as [string, string]));
  return Array.from({ length: count }, (_, index) => ({
    status: Number(status.get(String(index)) ?? 255),
    stdout: (sections.get(`ask ${index}`) ?? []).join('\n'),
  }));
}
