import { SourceDocument } from '../cluster/document.ts';
import { formatPath, type Path, quote } from '../cluster/finding.ts';
import { inspectNodes } from '../cluster/inspect.ts';
import { positionsIn } from '../cluster/lines.ts';
import type { Lock } from '../cluster/lock.ts';
import { Problem } from '../errors.ts';
import { howToMake } from './make.ts';
import { lockSchema } from './schema.ts';

/** Six times the entries of a cluster. The parser takes quadratic time for some texts (src/entry/yaml.ts). */
const maxCharacters = 32 * 1024;
/** Several times the longest entry. */
const maxLine = 1024;

/** A problem of the text: what is wrong, and where. */
interface Fault {
  readonly message: string;
  readonly offset: number;
}

/**
 * Reads cluster.lock.yaml.
 * @param file only names the file in problems; nothing is read from it.
 * @throws AggregateError of Problems LOCKFILE_INVALID, each with line and column
 */
export function parseLock(text: string, file: string): Lock {
  const source = text.replace(/^\uFEFF/, '');
  refuse(sizeFaults(source), source, file);
  const document = parsedYaml(source, file);
  const { errors, warnings } = document.yaml;
  refuse(
    [...errors, ...warnings].map(({ message, pos: [offset] }) => ({ message: `${message}.`, offset })),
    source,
    file,
  );
  refuse(inspectNodes(document.yaml), source, file);
  const parsed = lockSchema.safeParse(document.root);
  if (!parsed.success)
    throw problemsAt(
      parsed.error.issues.map((issue) => schemaFault(issue, document)),
      source,
      file,
    );
  const { binaries, images } = parsed.data;
  return { file, binaries: new Map(Object.entries(binaries)), images: new Map(Object.entries(images)) };
}

/** The parser recurses once per level, so a very deep file makes it fail. */
function parsedYaml(text: string, file: string): SourceDocument {
  try {
    return new SourceDocument(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw problemsAt([{ message: 'Values are nested too deep.', offset: 0 }], text, file);
  }
}

function sizeFaults(text: string): readonly Fault[] {
  if (text.length > maxCharacters)
    return [{ message: `The file has more than ${maxCharacters} characters.`, offset: 0 }];
  const long = text.split('\n').find((line) => line.length > maxLine);
  return long === undefined
    ? []
    : [{ message: `The line has more than ${maxLine} characters.`, offset: text.indexOf(long) }];
}

function schemaFault(
  issue: {
    readonly code: string;
    readonly message: string;
    readonly path: readonly PropertyKey[];
    readonly keys?: readonly string[];
  },
  document: SourceDocument,
): Fault {
  const path: Path = [...issue.path, ...(issue.keys?.slice(0, 1) ?? [])].map((step) =>
    typeof step === 'number' ? step : String(step),
  );
  const name = path.length === 0 ? 'The file' : formatPath(path);
  const offset = document.offset(path, issue.keys !== undefined || issue.code === 'invalid_key');
  if (issue.keys !== undefined) return { message: `There is no key ${name} in a lock file.`, offset };
  const value = document.source(path);
  return {
    message: `${name}${value === undefined ? '' : ` ${quote(value)}`} is not valid: ${reasonOf(issue)}.`,
    offset,
  };
}

/** The reason for a key is inside the issue about it. */
function reasonOf(issue: {
  readonly message: string;
  readonly issues?: readonly { readonly message: string }[];
}): string {
  const { message } = issue.issues?.[0] ?? issue;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function refuse(faults: readonly Fault[], text: string, file: string): void {
  if (faults.length > 0) throw problemsAt(faults, text, file);
}

/** The most problems that are reported: a file with more is not a lock file. */
const maxProblems = 20;

function problemsAt(faults: readonly Fault[], text: string, file: string): AggregateError {
  const at = positionsIn(text);
  const problems = faults.slice(0, maxProblems).map(
    ({ message, offset }) =>
      new Problem(message, {
        code: 'LOCKFILE_INVALID',
        file,
        ...at(offset),
        hint: `Restore the file as it was reviewed, or delete it and make it again: ${howToMake}.`,
      }),
  );
  return new AggregateError(problems, `${file} is not a valid lock file.`);
}
