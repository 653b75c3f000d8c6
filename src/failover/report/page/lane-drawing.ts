import type { ChartSample, Mark } from '../chart.ts';
import { besideOf, type Layout, levels, type PlacedLane, rowHeight, type View } from './layout.ts';
import { add } from './svg.ts';
import { besideFont, shortened, subtitleFont, titleFont, widthOf } from './text-width.ts';

/** The data that all drawing functions need. */
export interface Canvas {
  readonly svg: SVGSVGElement;
  /** The element that is clipped to the plot. */
  readonly inside: Element;
  readonly layout: Layout;
  readonly view: View;
  readonly x: (ms: number) => number;
}

/** The height of a request's line, from 0 to 1, by its duration in ms: both 10 ms and 3 s are visible. */
const rise = (ms: number): number => Math.min(1, Math.max(0.04, Math.log10(ms / 5) / Math.log10(10_000 / 5)));

/** Draws one lane with its name. */
export function drawLane(canvas: Canvas, lane: PlacedLane): void {
  const { inside, view, x } = canvas;
  const { y, height, marks, samples, ticks = [] } = lane;
  drawName(canvas, lane);
  const seen = marks.filter(({ from, to }) => to >= view.from && from <= view.to);
  for (const mark of seen) if (mark.shape === 'bar') drawBar(canvas, mark, lane);
  if (samples) drawStems(canvas, lane, samples);
  for (const ms of ticks)
    add(inside, 'rect', { x: x(ms) - 0.75, y: y + height - 6, width: 1.5, height: 6, class: 'tick' });
  for (const mark of seen) if (mark.shape === 'dot') drawDot(canvas, mark, lane);
  drawCrosses(canvas, seen, lane);
}

function drawName({ svg, layout }: Canvas, { y, height, title, subtitle = '', samples }: PlacedLane): void {
  const middle = y + height / 2;
  if (layout.narrow) {
    // If two long names would overlap, both stay readable.
    const least = subtitle ? Math.min(layout.width * 0.4, widthOf(subtitle, subtitleFont)) + 8 : 0;
    const name = shortened(title, layout.width - least, titleFont);
    const rest = shortened(subtitle, layout.width - widthOf(name, titleFont) - 8, subtitleFont);
    const element = add(svg, 'text', { x: 0, y: y - 6, class: 'title' }, name);
    if (rest) add(element, 'tspan', { class: 'subtitle', dx: 7 }, rest);
    return;
  }
  const room = samples ? layout.nameRoom.besideAxis : layout.nameRoom.alone;
  const line = subtitle ? middle - 3 : middle + 4;
  add(svg, 'text', { x: 0, y: line, class: 'title' }, shortened(title, room, titleFont));
  if (subtitle) add(svg, 'text', { x: 0, y: middle + 14, class: 'subtitle' }, shortened(subtitle, room, subtitleFont));
}

function drawBar({ inside, layout, x }: Canvas, { from, to, name, style }: Mark, { y, height }: PlacedLane): void {
  const [left, right] = [Math.max(layout.left - 9, x(from)), Math.min(layout.width + 9, x(to))];
  add(inside, 'rect', { x: left, y, width: Math.max(2, right - left - 1), height, rx: 5, class: `mark ${style}` });
  if (style === 'gap') return void drawGapName({ inside, layout }, name, { left, right, y });
  const start = Math.max(left, layout.left) + 8;
  const words = shortened(name, Math.min(right, layout.right) - start - 4, titleFont);
  add(inside, 'text', { x: start, y: y + 17, class: `in ${style}` }, words);
}

/** Beside the bar, on the side with enough space. */
function drawGapName(
  { inside, layout }: Pick<Canvas, 'inside' | 'layout'>,
  name: string,
  { left, right, y }: { readonly left: number; readonly right: number; readonly y: number },
): void {
  const fits = right + 6 + widthOf(name, besideFont) <= layout.right;
  const place = fits ? { x: right + 6, 'text-anchor': 'start' } : { x: left - 6, 'text-anchor': 'end' };
  add(inside, 'text', { ...place, y: y + 15, class: 'beside' }, name);
}

function drawDot({ inside, layout, x }: Canvas, mark: Mark, { y, rows }: PlacedLane): void {
  const { from, name, style } = mark;
  const [middle, centre] = [x(from), y + 3 + rowHeight * ((rows.get(mark) ?? 0) + 0.5)];
  add(inside, 'path', { d: `M${middle - 5},${centre}l5,-5 5,5 -5,5z`, class: `dot ${style}` });
  const { left, room } = besideOf(middle, name, layout);
  const label = {
    x: middle + (left ? -10 : 10),
    y: centre + 4,
    class: 'beside',
    'text-anchor': left ? 'end' : 'start',
  };
  add(inside, 'text', label, shortened(name, room, besideFont));
}

/** At most one cross per pixel. */
function drawCrosses({ inside, x }: Canvas, marks: readonly Mark[], { y, height }: PlacedLane): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const { shape, from } of marks) {
    if (shape !== 'cross' || x(from) - before < 1) continue;
    before = x(from);
    add(inside, 'path', { d: `M${before},${y + height}V${y + 11}m-4,-8l8,8m0,-8l-8,8`, class: 'cross' });
  }
}

/** One line per half pixel, as high as the slowest answer that began there. */
function drawStems(
  { svg, inside, layout, view, x }: Canvas,
  { y, height }: PlacedLane,
  samples: readonly ChartSample[],
): void {
  const level = (ms: number) => y + height - rise(ms) * (height - 4);
  for (const [ms, name] of levels) {
    add(inside, 'line', { x1: layout.left, x2: layout.width, y1: level(ms), y2: level(ms), class: 'level' });
    if (!layout.narrow) add(svg, 'text', { x: layout.left - 6, y: level(ms) + 3, class: 'level' }, name);
  }
  const slowest = new Map<number, number>();
  for (const [at, ms] of samples) {
    if (at < view.from || at > view.to) continue;
    const column = Math.round(x(at) * 2) / 2;
    if (!((slowest.get(column) ?? 0) > ms)) slowest.set(column, ms);
  }
  const stems = [...slowest].map(([column, ms]) => `M${column},${y + height}V${level(ms).toFixed(1)}`);
  add(inside, 'path', { d: stems.join(''), class: 'stems' });
}
