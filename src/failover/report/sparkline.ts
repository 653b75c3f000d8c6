import { html, type Markup, nothing } from './markup.ts';

const steps = '▁▂▃▄▅▆▇█';
/** The maximum number of nights in a readable line. */
const mostShown = 30;

/** Values as blocks of text, for a job summary: `▂▂▃█`; a night without the figure is a gap. */
export function sparkText(values: readonly (number | null)[]): string {
  const shown = values.slice(-14);
  const place = placing(shown, steps.length - 1);
  return shown.map((value) => (value === null ? '·' : (steps[Math.round(place(value))] ?? ''))).join('');
}

/** The same as a small chart for the page; the text beside it says what it shows. */
export function sparkLine(values: readonly (number | null)[]): Markup {
  const shown = values.slice(-mostShown);
  if (shown.filter((value) => value !== null).length < 2) return nothing;
  const [width, height, margin] = [120, 30, 4];
  const place = placing(shown, height - 2 * margin);
  const points = shown.flatMap((value, index) => {
    if (value === null) return [];
    const x = margin + (index / (shown.length - 1)) * (width - 2 * margin);
    return [[x.toFixed(1), (height - margin - place(value)).toFixed(1)] as const];
  });
  const [x, y] = points.at(-1) ?? ['0', '0'];
  return html`<svg class="spark" preserveAspectRatio="xMinYMid" viewBox="0 0 ${width} ${height}" aria-hidden="true"><polygon points="${points[0]?.[0] ?? 0},${height} ${points.map((point) => point.join(',')).join(' ')} ${x},${height}"/><polyline points="${points.map((point) => point.join(',')).join(' ')}"/><circle cx="${x}" cy="${y}" r="2.6"/></svg>`;
}

/** From zero, so that small variations do not look large. */
function placing(values: readonly (number | null)[], top: number): (value: number) => number {
  const highest = Math.max(1, ...values.filter((value) => value !== null));
  return (value) => (value / highest) * top;
}
