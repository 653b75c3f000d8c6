import type { ProblemCode } from '../error-codes.ts';

/** A path in cluster.yaml: `['hosts', 2, 'address']`. */
export type Path = readonly (string | number)[];

/** One problem, by its path in the data; the document converts it into line and column. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: Path;
  /** Whether the key itself is wrong, not its value. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly hint: string;
}

/** One problem of the text, before it is parsed. */
export interface TextFinding extends Omit<Finding, 'path' | 'atKey'> {
  readonly offset: number;
  /** The name of the host that the entry belongs to. */
  readonly host?: string | undefined;
}

/** `hosts[2].address`, as a user would write it; keys with dots or slashes are in quotes. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z][\w-]*$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}

/** A value in the form for messages: in double quotes, on one line, cut if it is long. */
export function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** `etcd, master or node`. */
export function alternatives(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
