/** The instrument that saw it. */
export type Track =
  | 'fault'
  | 'lease'
  | 'endpoint'
  | 'api'
  | 'rejoin'
  | 'etcd'
  | 'balancer'
  | 'work'
  | 'clock'
  | 'node'
  | 'runner';

/** An observed event, by the runner's clock. */
export interface Sighting {
  readonly at: number;
  readonly track: Track;
  readonly what: string;
}

/** The same, in ms since the fault began; negative if it was before. */
export interface Moment {
  readonly ms: number;
  readonly track: Track;
  readonly what: string;
}

/** All events in the order of their times. */
export function timelineOf(sightings: readonly Sighting[], zero: number): readonly Moment[] {
  return sightings
    .map(({ at, track, what }) => ({ ms: Math.round(at - zero), track, what }))
    .toSorted((a, b) => a.ms - b.ms);
}

/** `+16.204 s`. */
export function relative(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}
