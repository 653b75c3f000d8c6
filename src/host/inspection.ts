import { Problem } from '../errors.ts';
import type { Inspection, Withheld } from './engine.ts';
import { hostNonsense } from './nonsense.ts';
import type { Sections } from './snapshot.ts';

/**
 * Contents by path: `size name` for each, and all bytes in one base64 text.
 * @throws Problem HOST_NONSENSE, HOST_FILES_CHANGED
 */
export function filesOf(sections: Sections): Inspection['files'] {
  const bytes = contentOf(sections.get('content') ?? []);
  const files = new Map<string, string>();
  let offset = 0;
  for (const line of sections.get('read') ?? []) {
    const { size, path } = /^(?<size>\d{1,9})\t(?<path>\/.*)$/.exec(line)?.groups ?? {};
    if (size === undefined || path === undefined) throw hostNonsense('a file without size and path');
    const end = offset + Number(size);
    files.set(path, bytes.toString('utf8', offset, end));
    offset = end;
  }
  if (offset === bytes.length) return files;
  throw new Problem(`files changed while they were read: ${offset} of ${bytes.length} bytes`, {
    code: 'HOST_FILES_CHANGED',
    hint: 'Another program writes to the certificates or kubeconfigs of this host. Find it, then run the job again.',
  });
}

/**
 * The certificates in files, by path.
 * @throws Problem HOST_NONSENSE
 */
export function certificatesOf(sections: Sections): Inspection['files'] {
  return new Map(
    (sections.get('certificates') ?? []).map((line) => {
      const { path, text } = /^(?<path>\/[^\t]*)\t(?<text>.*)$/.exec(line)?.groups ?? {};
      if (path === undefined || text === undefined) throw hostNonsense('certificates without a path');
      return [path, contentOf([text]).toString('utf8')];
    }),
  );
}

const withheldLine =
  /^(?<path>\/[^\t]*)\t(?<sha256>[0-9a-f]{64})\t(?<withoutKey>[0-9a-f]{64})\t(?<half>[?!]|[0-9a-f]{64})\t(?<place>alone|among)\t(?<text>.*)$/;

/**
 * Facts about files whose text stays on the host, by path.
 * @throws Problem HOST_NONSENSE
 */
export function withheldOf(sections: Sections): Inspection['withheld'] {
  const marks: Readonly<Record<string, string>> = { '?': 'unknown', '!': 'unreadable' };
  return new Map(
    (sections.get('withheld') ?? []).map((line): [string, Withheld] => {
      const { path, sha256 = '', withoutKey = '', half = '', place, text = '' } = withheldLine.exec(line)?.groups ?? {};
      if (path === undefined) throw hostNonsense('a withheld file without its checksums');
      const certificate = contentOf([text]).toString('utf8');
      return [path, { sha256, withoutKey, publicHalf: marks[half] ?? half, isAlone: place === 'alone', certificate }];
    }),
  );
}

function contentOf(lines: readonly string[]): Buffer {
  const isBase64 = lines.every((line) => /^[A-Za-z0-9+/]*={0,2}$/.test(line));
  if (!isBase64) throw hostNonsense('contents of files that are not in base64');
  return Buffer.from(lines.join(''), 'base64');
}

/**
 * Output and status of each question. The remote side ends each output with a line end of its own.
 * @throws Problem HOST_NONSENSE
 */
export function answersOf(sections: Sections, count: number): Inspection['answers'] {
  const status = new Map((sections.get('status') ?? []).map(statusOf));
  return Array.from({ length: count }, (_, index) => ({
    status: status.get(index) ?? 255,
    stdout: (sections.get(`ask ${index}`) ?? []).join('\n'),
  }));
}

function statusOf(line: string): [question: number, status: number] {
  const { question, status } = /^(?<question>\d{1,4}) (?<status>\d{1,3})$/.exec(line)?.groups ?? {};
  if (question === undefined) throw hostNonsense('a status without a question');
  return [Number(question), Number(status)];
}
