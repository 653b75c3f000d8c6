// The chart of a failover report: what is shown of it, and what mouse, fingers and keys do.

const chart = JSON.parse(document.getElementById('data').textContent);
const svg = document.getElementById('chart');
const tip = document.getElementById('tip');
const toolbar = document.querySelector('[role=toolbar]');
const { lanes, first, last, movedMs } = chart;

const view = { from: first, to: last };
/** Which mark the keyboard is at. */
const cursor = { lane: -1, mark: 0 };
// Of page-drawing.js, which stands before this in the page.
const { place, x, timeAt, draw } = drawingOn(svg, chart, view);

let waiting = false;
function schedule() {
  if (!waiting) requestAnimationFrame(redraw);
  waiting = true;
}
function redraw() {
  waiting = false;
  const lane = lanes[cursor.lane];
  draw(lane && document.activeElement === svg ? { lane, mark: lane.marks[cursor.mark] } : undefined);
  const words = [view.from, view.to].map((ms) => `${(ms / 1000).toFixed(1)} s`.replace('-', '−'));
  document.getElementById('range').textContent = words.join(' to ');
  const idle = { out: view.to - view.from >= last - first, left: view.from <= first, right: view.to >= last };
  for (const id in idle) toolbar.querySelector(`[data-do=${id}]`).setAttribute('aria-disabled', idle[id]);
}

// ── The view ──

function show(from, to) {
  const span = Math.min(Math.max(to - from, 50), last - first);
  view.from = Math.min(Math.max(from, first), last - span);
  view.to = view.from + span;
  schedule();
}
function zoom(factor, around = (view.from + view.to) / 2) {
  show(around - (around - view.from) * factor, around + (view.to - around) * factor);
}
function move(share) {
  const by = (view.to - view.from) * share;
  show(Math.max(first, view.from + by), Math.max(first, view.from + by) + view.to - view.from);
}
const actions = {
  in: () => zoom(0.5),
  out: () => zoom(2),
  left: () => move(-0.25),
  right: () => move(0.25),
  // From a little before the fault until a little after the last lease moved.
  fault: () => show(-0.06 * movedMs - 300, 1.1 * movedMs + 300),
  whole: () => show(first, last),
};

// ── Telling what a mark is ──

function tell(text, px = 0, lane = undefined) {
  tip.textContent = text;
  tip.hidden = text === '';
  const width = tip.offsetWidth;
  tip.style.left = `${Math.min(Math.max(0, px - width / 2), Math.max(0, place.width - width))}px`;
  tip.style.top = `${lane ? lane.y + lane.height + 6 : 0}px`;
}

/** Tells of what is nearest to the pointer: a dot or a cross before a request, and that before a bar. */
function point(px, py) {
  const lane = lanes.find(({ y, height }) => py >= y - 4 && py <= y + height + 4);
  if (!lane || px < place.left) return tell('');
  const away = ({ from, to }) => Math.max(0, x(from) - px, px - x(to));
  const dots = lane.marks.filter((mark) => mark.shape !== 'bar' && away(mark) < 8);
  const dot = dots.sort((one, other) => away(one) - away(other))[0];
  if (dot) return tell(dot.text, px, lane);
  let nearest;
  for (const sample of lane.samples ?? [])
    if (!nearest || Math.abs(x(sample[0]) - px) < Math.abs(x(nearest[0]) - px)) nearest = sample;
  if (nearest && Math.abs(x(nearest[0]) - px) < 4)
    return tell(`${(nearest[0] / 1000).toFixed(3)} s: answered after ${nearest[1]} ms`.replace('-', '−'), px, lane);
  tell(lane.marks.find((mark) => mark.shape === 'bar' && away(mark) < 1)?.text ?? '', px, lane);
}

/** Goes to a mark by keyboard, and moves the view there when it is out of sight. */
function go(laneIndex, markIndex) {
  cursor.lane = Math.min(Math.max(0, laneIndex), lanes.length - 1);
  const lane = lanes[cursor.lane];
  cursor.mark = Math.min(Math.max(0, markIndex), lane.marks.length - 1);
  const { from, to, text } = lane.marks[cursor.mark];
  const half = (view.to - view.from) / 2;
  if (to < view.from || from > view.to) show((from + to) / 2 - half, (from + to) / 2 + half);
  redraw();
  const title = [lane.title, lane.subtitle].filter(Boolean).join(', ');
  tell(`${title} · ${text}`, (x(Math.max(from, view.from)) + x(Math.min(to, view.to))) / 2, lane);
}
/** The mark of another lane that is nearest in time to the present one. */
function goLane(index) {
  const at = lanes[cursor.lane]?.marks[cursor.mark]?.from ?? 0;
  const marks = lanes[Math.min(Math.max(0, index), lanes.length - 1)].marks;
  let nearest = 0;
  for (const [mark, { from }] of marks.entries())
    if (Math.abs(from - at) < Math.abs(marks[nearest].from - at)) nearest = mark;
  go(index, nearest);
}

// ── Listening ──

const keys = {
  ArrowRight: () => go(cursor.lane, cursor.mark + (cursor.lane < 0 ? 0 : 1)),
  ArrowLeft: () => go(cursor.lane, cursor.mark - 1),
  ArrowDown: () => goLane(cursor.lane + 1),
  ArrowUp: () => goLane(cursor.lane - 1),
  Home: () => go(cursor.lane, 0),
  End: () => go(cursor.lane, Number.MAX_SAFE_INTEGER),
  Escape: () => tell(''),
  '+': actions.in,
  '=': actions.in,
  '-': actions.out,
  0: actions.whole,
};
svg.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const moving = event.shiftKey ? { ArrowLeft: actions.left, ArrowRight: actions.right }[event.key] : undefined;
  const action = moving ?? keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
svg.addEventListener('focus', schedule);
svg.addEventListener('blur', () => {
  tell('');
  schedule();
});
toolbar.addEventListener('click', ({ target }) => actions[target.closest('[data-do]')?.dataset.do]?.());
const wheel = (event) => {
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  // Without Ctrl a wheel scrolls the page, as everywhere; a pinch on a touchpad comes with it.
  if (!event.ctrlKey && !event.metaKey && !sideways) return;
  event.preventDefault();
  if (sideways) move(event.deltaX / place.width);
  else zoom(Math.exp(event.deltaY / 200), timeAt(event.offsetX));
};
svg.addEventListener('wheel', wheel, { passive: false });

/** Pointers that are down, and where each was last. */
const down = new Map();
svg.addEventListener('pointerdown', (event) => down.set(event.pointerId, event.offsetX));
svg.addEventListener('pointermove', (event) => {
  const [before, now] = [down.get(event.pointerId), event.offsetX];
  if (before === undefined) return point(now, event.offsetY);
  if (before !== now) svg.setPointerCapture(event.pointerId);
  const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
  const by = timeAt(before) - timeAt(now);
  if (other === undefined) show(Math.max(first, view.from + by), Math.max(first, view.from + by) + view.to - view.from);
  else zoom(Math.max(20, Math.abs(before - other)) / Math.max(20, Math.abs(now - other)), timeAt(other));
  down.set(event.pointerId, now);
});
const up = (event) => {
  down.delete(event.pointerId);
  if (event.type === 'pointerup') point(event.offsetX, event.offsetY);
};
svg.addEventListener('pointerup', up);
svg.addEventListener('pointercancel', up);
svg.addEventListener('pointerleave', () => document.activeElement === svg || tell(''));
svg.addEventListener('dblclick', (event) => zoom(0.4, timeAt(event.offsetX)));

document.getElementById('plain').remove();
tell('');
new ResizeObserver(schedule).observe(svg.parentElement);
redraw();
