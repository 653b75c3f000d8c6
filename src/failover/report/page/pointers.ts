import type { Drawing } from './drawing.ts';
import type { TimeWindow } from './time-window.ts';

interface Listener {
  readonly time: TimeWindow;
  readonly drawing: Drawing;
  /** A pointer that holds nothing is here. */
  readonly point: (px: number, py: number) => void;
  readonly leave: () => void;
}

/** Wheel, mouse and fingers: drag to move, pinch to zoom, wheel with Ctrl to zoom. */
export function listenToPointers(svg: SVGSVGElement, listener: Listener): void {
  const { time, drawing, point, leave } = listener;
  const wheel = (event: WheelEvent) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // Without Ctrl a wheel scrolls the page, as everywhere; a pinch on a touchpad comes with it.
    if (!event.ctrlKey && !event.metaKey && !sideways) return;
    event.preventDefault();
    if (sideways) time.move(event.deltaX / drawing.layout.width);
    else time.zoom(Math.exp(event.deltaY / 200), drawing.timeAt(event.offsetX));
  };
  svg.addEventListener('wheel', wheel, { passive: false });
  svg.addEventListener('dblclick', (event) => time.zoom(0.4, drawing.timeAt(event.offsetX)));
  /** Pointers that are down, and where each was last. */
  const down = new Map<number, number>();
  svg.addEventListener('pointerdown', (event) => down.set(event.pointerId, event.offsetX));
  svg.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return point(event.offsetX, event.offsetY);
    if (before !== event.offsetX) svg.setPointerCapture(event.pointerId);
    drag(listener, down, event, before);
    down.set(event.pointerId, event.offsetX);
  });
  const up = (event: PointerEvent) => {
    down.delete(event.pointerId);
    if (event.type === 'pointerup') point(event.offsetX, event.offsetY);
  };
  svg.addEventListener('pointerup', up);
  svg.addEventListener('pointercancel', up);
  svg.addEventListener('pointerleave', () => document.activeElement === svg || leave());
}

/** One finger moves; two zoom around the one that rests. */
function drag(
  { time, drawing }: Listener,
  down: ReadonlyMap<number, number>,
  { pointerId, offsetX }: PointerEvent,
  before: number,
): void {
  const other = [...down].find(([id]) => id !== pointerId)?.[1];
  if (other === undefined) {
    time.moveBy(drawing.timeAt(before) - drawing.timeAt(offsetX));
  } else {
    const apart = (px: number) => Math.max(20, Math.abs(px - other));
    time.zoom(apart(before) / apart(offsetX), drawing.timeAt(other));
  }
}
