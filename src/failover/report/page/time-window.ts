import type { Chart } from '../chart.ts';
import type { View } from './layout.ts';

/** Moves and zooms the visible time range, always within the chart; it never gets shorter than 50 ms. */
export class TimeWindow {
  readonly view: View;
  readonly #chart: Chart;
  readonly #changed: () => void;

  constructor(chart: Chart, changed: () => void) {
    this.#chart = chart;
    this.#changed = changed;
    this.view = { from: chart.first, to: chart.last };
  }

  show(from: number, to: number): void {
    const { first, last } = this.#chart;
    const span = Math.min(Math.max(to - from, 50), last - first);
    this.view.from = Math.min(Math.max(from, first), last - span);
    this.view.to = this.view.from + span;
    this.#changed();
  }

  zoom(factor: number, around = (this.view.from + this.view.to) / 2): void {
    const { from, to } = this.view;
    this.show(around - (around - from) * factor, around + (to - around) * factor);
  }

  /** Moves by this many ms; negative to earlier. */
  moveBy(ms: number): void {
    const { from, to } = this.view;
    const start = Math.max(this.#chart.first, from + ms);
    this.show(start, start + to - from);
  }

  /** Moves by a fraction of the visible range. */
  move(share: number): void {
    this.moveBy((this.view.to - this.view.from) * share);
  }

  /** Shows the time from shortly before the fault until shortly after the last lease moved. */
  showFault(): void {
    const { movedMs } = this.#chart;
    this.show(-0.06 * movedMs - 300, 1.1 * movedMs + 300);
  }

  showAll(): void {
    this.show(this.#chart.first, this.#chart.last);
  }

  /** The controls that would change nothing. */
  get idle(): Readonly<Record<string, boolean>> {
    const { view } = this;
    const { first, last } = this.#chart;
    return { out: view.to - view.from >= last - first, left: view.from <= first, right: view.to >= last };
  }
}
