// Draws the lanes of the chart for one time range. Each call draws everything again; marks outside the range are skipped.
import type { Chart, Mark } from '../chart.ts';
import { type Canvas, drawLane } from './lane-drawing.ts';
import { type Layout, layOut, type PlacedLane, rowHeight, type View } from './layout.ts';
import { add } from './svg.ts';

/** The chart in its element. */
export class Drawing {
  readonly #svg: SVGSVGElement;
  readonly #chart: Chart;
  readonly #view: View;
  #layout: Layout;

  constructor(svg: SVGSVGElement, chart: Chart, view: View) {
    this.#svg = svg;
    this.#chart = chart;
    this.#view = view;
    this.#layout = layOut(chart, this.#roomLeft);
  }

  get #roomLeft(): number {
    return this.#svg.parentElement?.clientWidth ?? 0;
  }

  /** The layout of the latest drawing. */
  get layout(): Layout {
    return this.#layout;
  }

  /** The x coordinate of a time, in pixels. */
  readonly x = (ms: number): number => {
    const { left, right } = this.#layout;
    return left + ((ms - this.#view.from) / (this.#view.to - this.#view.from)) * (right - left);
  };

  /** The time at an x coordinate. */
  timeAt(px: number): number {
    const { left, right } = this.#layout;
    return this.#view.from + ((px - left) / (right - left)) * (this.#view.to - this.#view.from);
  }

  /** @param current the mark that the keyboard has selected, by its lane's index among the lanes. */
  draw(current?: { readonly lane: number; readonly mark: Mark }): void {
    if (this.#layout.width !== this.#roomLeft) this.#layout = layOut(this.#chart, this.#roomLeft);
    const { width, height, left, right, lanes } = this.#layout;
    const svg = this.#svg;
    svg.setAttribute('width', String(width));
    svg.setAttribute('height', String(height));
    svg.replaceChildren();
    define(svg, this.#layout);
    for (const lane of lanes)
      add(svg, 'rect', { x: left, y: lane.y, width: right - left, height: lane.height, rx: 5, class: 'lane' });
    const inside = add(svg, 'g', { 'clip-path': 'url(#inside)' });
    const canvas = { svg, inside, layout: this.#layout, view: this.#view, x: this.x };
    drawTimes(canvas, this.#chart.restoreMs);
    drawFlags(canvas, this.#chart);
    for (const lane of lanes) drawLane(canvas, lane);
    const lane = current && lanes[current.lane];
    if (lane) drawRing(canvas, lane, current.mark);
  }
}

function define(svg: SVGSVGElement, { left, right, height }: Layout): void {
  const definitions = add(svg, 'defs', {});
  const clip = add(definitions, 'clipPath', { id: 'inside' });
  add(clip, 'rect', { x: left, y: 0, width: right - left, height });
  const stripes = { id: 'stripes', width: 7, height: 7, patternUnits: 'userSpaceOnUse' };
  const pattern = add(definitions, 'pattern', { ...stripes, patternTransform: 'rotate(45)' });
  add(pattern, 'rect', { width: 7, height: 7, class: 'ground' });
  add(pattern, 'rect', { width: 2.5, height: 7, class: 'stripe' });
}

function drawTimes({ svg, inside, layout, view, x }: Canvas, restoreMs: number): void {
  const { left, right, height } = layout;
  add(inside, 'rect', { x: x(0), y: 24, width: Math.max(1, x(restoreMs) - x(0)), height, class: 'outage' });
  const rough = ((view.to - view.from) / (right - left)) * 78;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power;
  const digits = Math.max(0, 3 - Math.floor(Math.log10(step) + 1e-9));
  for (let ms = Math.ceil(view.from / step) * step; ms <= view.to; ms += step) {
    add(inside, 'line', { x1: x(ms), x2: x(ms), y1: 40, y2: height, class: 'grid' });
    const anchor = x(ms) > right - 18 ? 'end' : x(ms) < left + 14 ? 'start' : 'middle';
    const label = `${(ms / 1000).toFixed(digits)} s`.replace('-', '−');
    add(svg, 'text', { x: x(ms), y: 35, class: 'time', 'text-anchor': anchor }, label);
  }
}

function drawFlags({ inside, layout, x }: Canvas, { restoreMs, flags }: Chart): void {
  const close = Math.abs(x(restoreMs) - x(0)) < 60;
  for (const [ms, style, name] of [
    [0, 'fault', flags[0]],
    [restoreMs, 'restore', flags[1]],
  ] as const) {
    if (x(ms) > layout.right || x(ms) < layout.left) continue;
    const before = x(ms) > layout.right - 64 || (close && style === 'fault' && x(0) > layout.left + 50);
    add(inside, 'line', { x1: x(ms), x2: x(ms), y1: 4, y2: layout.height, class: `flag ${style}` });
    const place = { x: x(ms) + (before ? -6 : 6), 'text-anchor': before ? 'end' : 'start' };
    add(inside, 'text', { ...place, y: 15, class: `flag ${style}` }, name);
  }
}

/** The frame around the mark that the keyboard has selected. */
function drawRing({ inside, layout, x }: Canvas, { y, height, rows }: PlacedLane, mark: Mark): void {
  const half = mark.shape === 'bar' ? 2 : 8;
  const [left, right] = [Math.max(layout.left + 1, x(mark.from) - half), Math.min(layout.right - 1, x(mark.to) + half)];
  const row = rows.get(mark);
  const place =
    row === undefined ? { y: y - 3, height: height + 6 } : { y: y + 3 + rowHeight * row, height: rowHeight };
  add(inside, 'rect', { ...place, x: left, width: Math.max(8, right - left), rx: 6, class: 'current' });
}
