import type { FailoverResult } from './result.ts';

/** Something that a check measured, or should have measured, and that has a limit. */
export interface Finding {
  /** Is compared with the limit, in the figure's unit. Without it `good` alone decides. */
  readonly value?: number;
  /** Default: true. False: the verdict is bad for any limit. */
  readonly good?: boolean;
  readonly text: string;
  /** Follows the limit in the text. */
  readonly more?: string;
}

/** What is still good enough. */
export interface Limit {
  /** Of the action, in seconds for milliseconds. */
  readonly input: string;
  /** The input's description. */
  readonly what: string;
  /** The default, in the figure's unit. */
  readonly usual: number;
  /** None where the figure says nothing, as in a cluster without nodes that stay. */
  readonly findings: (result: FailoverResult) => readonly Finding[];
}

/** One figure of a check, under all its names. */
export interface Figure {
  /** In report.json and in the history. */
  readonly id: string;
  readonly unit: 'ms' | 'count';
  /** In cards, trends and tables. */
  readonly label: string;
  /** The description of the output and of the field in report.json. */
  readonly what: string;
  /** Undefined: it was not measured, or it never happened. */
  readonly from: (result: FailoverResult) => number | undefined;
  readonly output?: string;
  readonly limit?: Limit;
  /**
   * How the history and report.json have it; absent: they do not. A line of before the figure was first measured lacks it unless it is
   * `required`; `nullable`: null when it never happened.
   */
  readonly history?: { readonly required?: true; readonly nullable?: true };
  /** Has a card on the page and a column in the table of nights. */
  readonly card?: true;
  /** Is compared with the nights before. */
  readonly trend?: true;
  /** The id of the figure that it is a part of: failed requests of all requests. */
  readonly of?: string;
}

/** A value as the verdict says it: `16.204 s`, or a count. */
export const inUnit = (unit: Figure['unit'], value: number): string =>
  unit === 'ms' ? `${Math.round(value) / 1000} s` : String(value);
