const context = document.createElement('canvas').getContext('2d');
/** The measured width in pixels of each text in each font: a chart is drawn many times with the same texts. */
const known = new Map<string, number>();

/** The fonts of the chart's texts; sizes are those of page.css. */
export interface Font {
  readonly size: number;
  readonly weight: number;
}

export const titleFont: Font = { size: 12.5, weight: 600 };
export const subtitleFont: Font = { size: 12.5, weight: 400 };
export const besideFont: Font = { size: 12, weight: 400 };
export const levelFont: Font = { size: 10, weight: 400 };

/** The width of a text, in pixels. */
export function widthOf(text: string, { size, weight }: Font): number {
  const font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  const key = `${font}\n${text}`;
  const width = known.get(key) ?? measured(text, font, size);
  known.set(key, width);
  return width;
}

function measured(text: string, font: string, size: number): number {
  if (!context) return text.length * size * 0.6;
  context.font = font;
  return context.measureText(text).width;
}

/** The text, shortened at its end to fit into `room` pixels; empty if fewer than four letters would remain. */
export function shortened(text: string, room: number, font: Font): string {
  if (widthOf(text, font) <= room) return text;
  let most = text.length - 1;
  while (most > 3 && widthOf(`${text.slice(0, most)}…`, font) > room) most -= 1;
  return most > 3 ? `${text.slice(0, most)}…` : '';
}
