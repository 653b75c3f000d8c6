// What the chart of the page shows, as data: made by lanes.ts, drawn by page/ in the reader's browser.

/** Something in a lane that can be pointed at, by mouse and by keyboard. Times are ms since the fault. */
export interface Mark {
  readonly shape: 'bar' | 'dot' | 'cross' | 'none';
  readonly from: number;
  readonly to: number;
  /** What is written in it or beside it. */
  readonly name: string;
  /** A class of page.css. */
  readonly style: string;
  /** What is said of it when it is pointed at. */
  readonly text: string;
}

/** A request: its start, how long it took, and an index of its error when it failed. Both times in ms. */
export type ChartSample = readonly [start: number, took: number, error?: number];

/** One line of the chart. */
export interface Lane {
  readonly title: string;
  readonly subtitle?: string;
  readonly marks: readonly Mark[];
  /** Short strokes: each renewal of a lease. */
  readonly ticks?: readonly number[];
  /** Stems: the latency of each request. */
  readonly samples?: readonly ChartSample[];
}

/** What the page's script draws. */
export interface Chart {
  readonly first: number;
  readonly last: number;
  readonly restoreMs: number;
  /** When the last lease was taken, or the restore: what a reader wants to see first. */
  readonly movedMs: number;
  readonly lanes: readonly Lane[];
}
