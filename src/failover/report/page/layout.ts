import type { Chart, Lane, Mark } from '../chart.ts';
import { besideFont, levelFont, subtitleFont, titleFont, widthOf } from './text-width.ts';

/** The visible time range, in ms since the fault. */
export interface View {
  from: number;
  to: number;
}

/** A lane with its position in the chart, in pixels. */
export interface PlacedLane extends Lane {
  readonly y: number;
  readonly height: number;
  /** The row of the label of each dot, chosen so that no labels overlap when the whole time is visible. */
  readonly rows: ReadonlyMap<Mark, number>;
}

/** The positions of all parts, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The left edge of the plot; the lanes' names are left of it. */
  readonly left: number;
  readonly right: number;
  /** The space for a name, in a lane with and without an axis between it and the plot. */
  readonly nameRoom: { readonly besideAxis: number; readonly alone: number };
  /** True if the chart is too narrow for names beside the lanes: they are above them. */
  readonly narrow: boolean;
  readonly lanes: readonly PlacedLane[];
}

export const rowHeight = 20;
/** The steps of the latency axis. */
export const levels: readonly (readonly [ms: number, name: string])[] = [
  [10, '10 ms'],
  [100, '100 ms'],
  [1000, '1 s'],
];
/** The space above the lanes, for times and flags. */
const top = 46;
const narrowest = 640;
/** Longer names are shortened, because the plot needs the space. */
const widestName = 220;
/** The gap between a name and the part right of it. */
const gap = 10;

/** Computes the positions of all lanes for a chart of this width. */
export function layOut({ lanes, first, last }: Chart, width: number): Layout {
  const narrow = width < narrowest;
  const axis = Math.max(...levels.map(([, name]) => widthOf(name, levelFont))) + 6;
  const { left, nameRoom } = narrow ? { left: 0, nameRoom: { besideAxis: width, alone: width } } : columns(lanes, axis);
  const right = width - 2;
  const xOf = (ms: number) => left + ((ms - first) / (last - first)) * (right - left);
  let y = top;
  const placed = lanes.map((lane): PlacedLane => {
    const { rows, count } = rowsOf(lane.marks, xOf, { left, right });
    const own = y + (narrow ? 22 : 0);
    const height = lane.samples ? 52 : Math.max(count * rowHeight + 6, 26);
    y = own + height + (narrow ? 8 : 10);
    return { ...lane, y: own, height, rows };
  });
  return { width, height: y, left, right, nameRoom, narrow, lanes: placed };
}

/** The column of names is as wide as the longest one, and the axis has its own column between names and plot. */
function columns(lanes: readonly Lane[], axis: number): Pick<Layout, 'left' | 'nameRoom'> {
  const widths = lanes.map(({ title, subtitle = '', samples }) => {
    const name = Math.min(widestName, Math.max(widthOf(title, titleFont), widthOf(subtitle, subtitleFont)));
    return name + gap + (samples ? axis : 0);
  });
  const left = Math.ceil(Math.max(0, ...widths));
  return { left, nameRoom: { besideAxis: left - axis - gap, alone: left - gap } };
}

/** The side of a dot with space for its label. */
export function besideOf(
  at: number,
  name: string,
  { left, right }: Pick<Layout, 'left' | 'right'>,
): { readonly left: boolean; readonly room: number } {
  const [before, after] = [at - left - 12, right - at - 12];
  const isLeft = widthOf(name, besideFont) > after && before > after;
  return { left: isLeft, room: isLeft ? before : after };
}

function rowsOf(
  marks: readonly Mark[],
  xOf: (ms: number) => number,
  sides: Pick<Layout, 'left' | 'right'>,
): { readonly rows: ReadonlyMap<Mark, number>; readonly count: number } {
  const rows = new Map<Mark, number>();
  const ends: number[] = [];
  for (const mark of marks.filter(({ shape }) => shape === 'dot')) {
    const at = xOf(mark.from);
    const beside = besideOf(at, mark.name, sides);
    const length = Math.min(widthOf(mark.name, besideFont), beside.room) + 18;
    const [begin, end] = beside.left ? [at - length, at + 8] : [at - 8, at + length];
    const free = ends.findIndex((taken) => taken <= begin);
    const row = free < 0 ? ends.length : free;
    rows.set(mark, row);
    ends[row] = end;
  }
  return { rows, count: ends.length };
}
