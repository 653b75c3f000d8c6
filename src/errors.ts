import type { ProblemCode } from './error-codes.ts';

/** Where and why an operation failed, in fields that a log, an annotation and a summary format differently. */
export interface ProblemFields {
  /** Stable name of the kind of problem, for tests, docs and troubleshooting: `HOST_KEY_UNKNOWN`; see error-codes.ts. */
  readonly code: ProblemCode;
  /** The fix, as one sentence with a capital and a full stop. */
  readonly hint?: string | undefined;
  readonly host?: string | undefined;
  readonly phase?: string | undefined;
  /** The systemd unit. */
  readonly unit?: string | undefined;
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  /** 1-based. */
  readonly column?: number | undefined;
  /** Last lines of a journal or of stderr, already free of secrets. */
  readonly detail?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/**
 * The error type for every problem that a user can fix: bad input, a host that is down, a unit that does not start.
 * Any other thrown error is a defect of this project and keeps its stack trace.
 */
export class Problem extends Error {
  readonly fields: ProblemFields;

  constructor(message: string, fields: ProblemFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'Problem';
    this.fields = fields;
  }

  get code(): ProblemCode {
    return this.fields.code;
  }

  /** The same problem, with missing fields (such as host or phase) filled in by a caller that knows them. */
  within(place: Pick<ProblemFields, 'host' | 'phase'>): Problem {
    const known = { ...this.fields, host: this.fields.host ?? place.host, phase: this.fields.phase ?? place.phase };
    return new Problem(this.message, known);
  }
}

/** All problems in an error, in order: an AggregateError's parts (nested ones too), or the error itself. */
export function problemsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(problemsOf) : [error];
}

/**
 * An abort's reason, once for each host that was waited for, with what it lacked in words.
 * @returns the reason itself if it is no Problem, or no host was waited for
 */
export function abortedBefore(reason: unknown, lacking: ReadonlyMap<string, string>): unknown {
  if (!(reason instanceof Problem) || lacking.size === 0) return reason;
  const copies = [...lacking].map(
    ([host, why]) => new Problem(reason.message, { ...reason.fields, host, detail: [`${host}: ${why}`] }),
  );
  return new AggregateError(copies, reason.message);
}

/** What some work gives; undefined if it fails with a Problem: what can't be asked is unknown. @throws errors that are no Problem */
export async function unlessProblem<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** One line for a log: place, message and hint; never a stack trace. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const { file, line, column, host, unit, hint } = error.fields;
  const place = [host, unit, file && `${file}${line ? `:${line}:${column ?? 1}` : ''}`].filter(Boolean).join(' ');
  return `${place ? `${place}: ` : ''}${error.message}${hint ? `\n  → ${hint}` : ''}`;
}
