// The data of the page's chart: made by lanes.ts, drawn by page/ in the reader's browser.

/** A mark in a lane that mouse and keyboard can point at. Times are ms since the fault. */
export interface Mark {
  readonly shape: 'bar' | 'dot' | 'cross' | 'none';
  readonly from: number;
  readonly to: number;
  /** The label in it or beside it. */
  readonly name: string;
  /** A class of page.css. */
  readonly style: string;
  /** The text that is shown when a user points at it. */
  readonly text: string;
}

/** A request: its start, its duration, and the index of its error if it failed. Both times in ms. */
export type ChartSample = readonly [start: number, took: number, error?: number];

/** One line of the chart. */
export interface Lane {
  readonly title: string;
  readonly subtitle?: string;
  readonly marks: readonly Mark[];
  /** Short strokes: each renewal of a lease. */
  readonly ticks?: readonly number[];
  /** Vertical lines: the latency of each request. */
  readonly samples?: readonly ChartSample[];
}

/** The data that the page's script draws. */
export interface Chart {
  readonly first: number;
  readonly last: number;
  readonly restoreMs: number;
  /** The labels at 0 and at `restoreMs`. */
  readonly flags: readonly [begin: string, end: string];
  /** When the last lease was taken, or `restoreMs`: the part that is shown first. */
  readonly movedMs: number;
  readonly lanes: readonly Lane[];
}
