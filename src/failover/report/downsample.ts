import type { ReportSample } from './schema.ts';

/**
 * Reduces samples to about `most`, with the same outline in a chart: keeps the fastest and the slowest of each group of equal size, and every
 * failure if they are at most a tenth of `most`.
 */
export function downsample(samples: readonly ReportSample[], most: number): readonly ReportSample[] {
  if (samples.length <= most) return samples;
  const failed = samples.filter(([, , error]) => error !== undefined);
  const good = samples.filter(([, , error]) => error === undefined);
  const kept = outline(failed, Math.floor(most / 10));
  return [...kept, ...outline(good, most - kept.length)].toSorted(([one], [other]) => one - other);
}

function outline(samples: readonly ReportSample[], most: number): readonly ReportSample[] {
  if (samples.length <= most) return samples;
  const stretches = Math.max(1, Math.floor(most / 2));
  const width = samples.length / stretches;
  return Array.from({ length: stretches }, (_, index) => {
    const own = samples.slice(Math.floor(index * width), Math.floor((index + 1) * width));
    const [first, ...others] = own;
    if (!first) return [];
    let [fastest, slowest] = [first, first];
    for (const sample of others) {
      if (sample[1] < fastest[1]) fastest = sample;
      if (sample[1] > slowest[1]) slowest = sample;
    }
    return fastest === slowest ? [fastest] : [fastest, slowest];
  }).flat();
}
