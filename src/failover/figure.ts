import type { FailoverResult } from './result.ts';

/** A figure with a limit that a check measured, or should have measured. */
export interface Finding {
  /** The value to compare with the limit, in the figure's unit. If absent, only `good` decides. */
  readonly value?: number;
  /** Default: true. False: the verdict is bad for any limit. */
  readonly good?: boolean;
  readonly text: string;
  /** The text after the limit. */
  readonly more?: string;
}

/** The limit. */
export interface Limit {
  /** The action's input; in seconds if the figure is in milliseconds. */
  readonly input: string;
  /** The input's description. */
  readonly what: string;
  /** The default, in the figure's unit. */
  readonly usual: number;
  /** Empty if the figure does not apply, for example in a cluster without nodes besides the target. */
  readonly findings: (result: FailoverResult) => readonly Finding[];
}

/** One figure of a check, with all its names. */
export interface Figure {
  /** The name in report.json and in the history. */
  readonly id: string;
  readonly unit: 'ms' | 'count';
  /** The name in cards, trends and tables. */
  readonly label: string;
  /** The description of the output and of the field in report.json. */
  readonly what: string;
  /** Undefined if it was not measured, or if it never happened. */
  readonly from: (result: FailoverResult) => number | undefined;
  readonly output?: string;
  readonly limit?: Limit;
  /**
   * The form in the history and report.json; absent if they do not have it. A line from before the figure was first measured lacks it, unless it is
   * `required`; `nullable`: null when it never happened.
   */
  readonly history?: { readonly required?: true; readonly nullable?: true };
  /** If set, the figure is also one of an upgrade, in which no host is lost. */
  readonly inUpgrade?: true;
  /** If set, the figure has a card on the page and a column in the table of nights. */
  readonly card?: true;
  /** If set, the figure is compared with the nights before. */
  readonly trend?: true;
  /** The id of the figure that it is a part of: failed requests of all requests. */
  readonly of?: string;
}

/** A value in the verdict's form: `16.204 s`, or a count. */
export const inUnit = (unit: Figure['unit'], value: number): string =>
  unit === 'ms' ? `${Math.round(value) / 1000} s` : String(value);
