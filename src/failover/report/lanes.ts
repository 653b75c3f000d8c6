import { relative } from '../instruments/timeline.ts';
import { drained } from '../result.ts';
import type { Chart, Lane, Mark } from './chart.ts';
import { downsample } from './downsample.ts';
import type { FailoverReport, ReportProbe, ReportSample } from './schema.ts';
import { duration, kindInWords, stepInWords } from './words.ts';

/** The maximum number of requests on the page: more make it slow, and a screen has no pixels for them. */
export const mostSamples = 20_000;
/** Colours of page.css. */
const hostColours = 6;

/** The lanes of all instruments, from top to bottom. */
export function chartOf(report: FailoverReport): Chart {
  const { restoreMs, holdings, probes, timeline, figures } = report;
  const sides = probes.flatMap(({ samples }) => [samples[0]?.[0] ?? 0, samples.at(-1)?.[0] ?? 0]);
  const times = [0, restoreMs + (figures.rejoinMs ?? 0), ...sides, ...timeline.map(({ ms }) => ms)];
  for (const { fromMs, toMs } of [...holdings, ...(report.steps ?? [])]) times.push(fromMs, toMs);
  const [first, last] = [Math.min(-500, ...times), Math.max(1000, ...times) + 500];
  const taken = holdings.filter(({ host, fromMs }) => host !== null && fromMs > 0 && fromMs <= restoreMs);
  const lanes = [
    ...(report.steps ? stepLanes(report.steps) : [hostLane(report, first, last)]),
    ...holdingLanes(report),
    ...momentLanes(report),
    ...probeLanes(probes),
  ].filter(({ marks }) => marks.length > 0);
  const movedMs = taken.length > 0 && !report.steps ? Math.max(...taken.map(({ fromMs }) => fromMs)) : restoreMs;
  const flags = report.steps ? (['begin', 'end'] as const) : (['fault', 'restore'] as const);
  return { first, last, restoreMs, flags, movedMs, lanes };
}

function bar(from: number, to: number, name: string, style: string, what = name): Mark {
  const text = `${what}, from ${relative(from)} until ${relative(to)} (${duration(to - from)})`;
  return { shape: 'bar', from, to, name, style, text };
}

function hostLane({ figures, restoreMs }: FailoverReport, first: number, last: number): Lane {
  const { target, fault, rejoinMs } = figures;
  const inStep = rejoinMs === null ? last : restoreMs + rejoinMs;
  const parts: readonly (readonly [number, number, string, string])[] = [
    [first, 0, 'in service', 'calm'],
    [0, restoreMs, fault, 'off'],
    [restoreMs, inStep, 'coming back', 'half'],
    [inStep, last, 'in step', 'calm'],
  ];
  const marks = parts.filter(([from, to]) => to > from).map(([from, to, name, style]) => bar(from, to, name, style));
  return { title: target, marks };
}

/** One line for each host, in the order in which their upgrades began. */
function stepLanes(steps: NonNullable<FailoverReport['steps']>): readonly Lane[] {
  return [...Map.groupBy(steps, ({ host }) => host)].map(([title, own]) => ({
    title,
    marks: own.map(({ what, fromMs, toMs }) =>
      bar(fromMs, toMs, what, what === drained ? 'calm' : 'half', stepInWords(what)),
    ),
  }));
}

function holdingLanes({ holdings, figures, steps }: FailoverReport): readonly Lane[] {
  const named = holdings.map(({ host }) => host).filter((host) => host !== null);
  const hosts = [...new Set([...(steps ? [] : [figures.target]), ...named])];
  return [...new Set(holdings.map(({ what }) => what))].map((what) => {
    const own = holdings.filter((holding) => holding.what === what);
    const marks = own.map(({ host, fromMs, toMs }) =>
      host === null
        ? bar(fromMs, toMs, 'nobody', 'nobody', 'held by nobody')
        : bar(fromMs, toMs, host, `host-${hosts.indexOf(host) % hostColours}`, `held by ${host}`),
    );
    return { title: what, marks, ticks: own.flatMap(({ renewedMs }) => renewedMs) };
  });
}

const titles: Readonly<Record<string, string>> = {
  fault: 'fault and restore',
  rejoin: 'rejoin',
  endpoint: 'kubernetes Service',
  lease: 'lease watch',
  etcd: 'etcd',
  balancer: 'balancers on nodes',
  work: 'a new Deployment',
  clock: 'clocks of hosts',
  node: 'nodes',
  runner: 'the runner',
};

function momentLanes({ timeline, holdings, figures: { target } }: FailoverReport): readonly Lane[] {
  // The bars of a lease already show this.
  const shown = timeline.filter(
    ({ track, what }) => track !== 'lease' || !holdings.some((holding) => what.startsWith(`${holding.what}: `)),
  );
  return [...new Set(['fault', 'rejoin', ...shown.map(({ track }) => track)])].map((track) => ({
    title: titles[track] ?? track,
    marks: shown
      .filter((moment) => moment.track === track)
      .map(({ ms, what }) => {
        const name = what.replace(`${target}: `, '').replace(` of ${target}`, '');
        return { shape: 'dot', from: ms, to: ms, name, style: track, text: `${relative(ms)}: ${name}` };
      }),
  }));
}

function probeLanes(probes: readonly ReportProbe[]): readonly Lane[] {
  const all = probes.reduce((sum, { samples }) => sum + samples.length, 0);
  return probes.map((probe) => {
    const share = Math.floor((probe.samples.length * mostSamples) / Math.max(mostSamples, all));
    const drawn = downsample(probe.samples, share);
    const { longestGapAtMs: gap, longestGapMs } = probe;
    const longest = bar(
      gap,
      gap + longestGapMs,
      `gap ${duration(longestGapMs)}`,
      'gap',
      'longest time without an answer',
    );
    const marks = [longest, ...requestMarks(probe, drawn)].toSorted((one, other) => one.from - other.from);
    const samples = drawn.filter((sample) => sample.length === 2);
    return { title: probe.host, subtitle: kindInWords(probe.kind), marks, samples };
  });
}

/** Each failed request with its error, and the slowest successful one. */
function requestMarks({ errors }: ReportProbe, samples: readonly ReportSample[]): readonly Mark[] {
  const mark = (shape: Mark['shape'], at: number, text: string): Mark => ({
    shape,
    from: at,
    to: at,
    name: '',
    style: shape,
    text,
  });
  let slowest: ReportSample = [0, -1];
  const failed: Mark[] = [];
  for (const sample of samples) {
    const [at, took, error] = sample;
    if (error === undefined && took > slowest[1]) slowest = sample;
    const words = error === undefined ? '' : (errors[error]?.error ?? 'for no known reason');
    if (error !== undefined)
      failed.push(mark('cross', at, `${relative(at)}: failed after ${duration(took)}: ${words}`));
  }
  if (slowest[1] < 0) return failed;
  return [
    ...failed,
    mark('none', slowest[0], `${relative(slowest[0])}: slowest answer, after ${duration(slowest[1])}`),
  ];
}
