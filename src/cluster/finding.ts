import type { ProblemCode } from '../error-codes.ts';

/** Where in cluster.yaml: `['hosts', 2, 'address']`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, by its place in the data; the document turns it into line and column. */
export interface Finding {
  readonly code: ProblemCode;
  readonly path: Path;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly hint: string;
}

/** One thing that is wrong with the text, before it has become data. */
export interface TextFinding extends Omit<Finding, 'path' | 'atKey'> {
  readonly offset: number;
  /** The name of the host whose entry is concerned. */
  readonly host?: string | undefined;
}

/** `hosts[2].address`, as a reader would write it; keys with dots or slashes in quotes. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z][\w-]*$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}

/** A value as messages show it: in double quotes, on one line, cut when long. */
export function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** `etcd, master or node`. */
export function alternatives(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
