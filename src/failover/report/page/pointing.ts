import type { ChartSample } from '../chart.ts';
import type { PlacedLane } from './layout.ts';

/** The text of the mark that is nearest to a pixel of a lane: a dot or a cross first, then a request, then a bar. Empty if there is none. */
export function textAt({ marks, samples = [] }: PlacedLane, px: number, x: (ms: number) => number): string {
  const away = ({ from, to }: { readonly from: number; readonly to: number }) => Math.max(0, x(from) - px, px - x(to));
  const dots = marks.filter((mark) => mark.shape !== 'bar' && away(mark) < 8);
  const [dot] = dots.sort((one, other) => away(one) - away(other));
  if (dot) return dot.text;
  const sample = nearest(samples, px, x);
  if (sample) return `${(sample[0] / 1000).toFixed(3)} s: answered after ${sample[1]} ms`.replace('-', '−');
  return marks.find((mark) => mark.shape === 'bar' && away(mark) < 1)?.text ?? '';
}

function nearest(samples: readonly ChartSample[], px: number, x: (ms: number) => number): ChartSample | undefined {
  let best: ChartSample | undefined;
  let least = 4;
  for (const sample of samples) {
    const distance = Math.abs(x(sample[0]) - px);
    if (distance >= least) continue;
    [best, least] = [sample, distance];
  }
  return best;
}
