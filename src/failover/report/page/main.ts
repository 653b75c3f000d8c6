// The chart of a failover report: the visible range, and the effects of mouse, touch and keys.
import type { Chart } from '../chart.ts';
import { Cursor } from './cursor.ts';
import { Drawing } from './drawing.ts';
import type { PlacedLane } from './layout.ts';
import { listenToPointers } from './pointers.ts';
import { textAt } from './pointing.ts';
import { TimeWindow } from './time-window.ts';

function found<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

const chart = JSON.parse(found('#data').textContent ?? '') as Chart;
const svg = found<SVGSVGElement>('#chart');
const tip = found<HTMLElement>('#tip');
const toolbar = found<HTMLElement>('[role=toolbar]');
const range = found<HTMLElement>('#range');

const time = new TimeWindow(chart, schedule);
const drawing = new Drawing(svg, chart, time.view);
const cursor = new Cursor(chart.lanes);

let waiting = false;
function schedule(): void {
  if (!waiting) requestAnimationFrame(redraw);
  waiting = true;
}

function redraw(): void {
  waiting = false;
  const mark = document.activeElement === svg ? cursor.mark : undefined;
  drawing.draw(mark && { lane: cursor.lane, mark });
  const { from, to } = time.view;
  range.textContent = [from, to].map((ms) => `${(ms / 1000).toFixed(1)} s`.replace('-', '−')).join(' to ');
  for (const [id, idle] of Object.entries(time.idle))
    toolbar.querySelector(`[data-do=${id}]`)?.setAttribute('aria-disabled', String(idle));
}

/** Shows a text at a position below a lane; hides an empty one. */
function tell(text: string, px = 0, lane?: PlacedLane): void {
  tip.textContent = text;
  tip.hidden = text === '';
  const width = tip.offsetWidth;
  tip.style.left = `${Math.min(Math.max(0, px - width / 2), Math.max(0, drawing.layout.width - width))}px`;
  tip.style.top = `${lane ? lane.y + lane.height + 6 : 0}px`;
}

function point(px: number, py: number): void {
  const lane = drawing.layout.lanes.find(({ y, height }) => py >= y - 4 && py <= y + height + 4);
  tell(lane && px >= drawing.layout.left ? textAt(lane, px, drawing.x) : '', px, lane);
}

/** Announces the mark that the keyboard has selected, and moves the visible range to it if needed. */
function follow(): void {
  const { mark } = cursor;
  if (!mark) return;
  const { view } = time;
  const half = (view.to - view.from) / 2;
  const middle = (mark.from + mark.to) / 2;
  if (mark.to < view.from || mark.from > view.to) time.show(middle - half, middle + half);
  redraw();
  const lane = drawing.layout.lanes[cursor.lane];
  const title = [lane?.title, lane?.subtitle].filter(Boolean).join(', ');
  const px = (drawing.x(Math.max(mark.from, view.from)) + drawing.x(Math.min(mark.to, view.to))) / 2;
  tell(`${title} · ${mark.text}`, px, lane);
}

type Actions = Readonly<Record<string, () => void>>;
const actions = {
  in: () => time.zoom(0.5),
  out: () => time.zoom(2),
  left: () => time.move(-0.25),
  right: () => time.move(0.25),
  fault: () => time.showFault(),
  whole: () => time.showAll(),
} satisfies Actions;

const going = (go: () => void) => () => {
  go();
  follow();
};
const keys: Actions = {
  ArrowRight: going(() => cursor.next()),
  ArrowLeft: going(() => cursor.previous()),
  ArrowDown: going(() => cursor.toLane(cursor.lane + 1)),
  ArrowUp: going(() => cursor.toLane(cursor.lane - 1)),
  Home: going(() => cursor.first()),
  End: going(() => cursor.last()),
  Escape: () => tell(''),
  '+': actions.in,
  '=': actions.in,
  '-': actions.out,
  0: actions.whole,
};
const shiftKeys: Actions = { ArrowLeft: actions.left, ArrowRight: actions.right };

svg.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = (event.shiftKey ? shiftKeys[event.key] : undefined) ?? keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
svg.addEventListener('focus', schedule);
svg.addEventListener('blur', () => {
  tell('');
  schedule();
});
toolbar.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-do]') : undefined;
  (actions as Actions)[button?.dataset.do ?? '']?.();
});
listenToPointers(svg, { time, drawing, point, leave: () => tell('') });

found('#plain').remove();
tell('');
if (svg.parentElement) new ResizeObserver(schedule).observe(svg.parentElement);
redraw();
