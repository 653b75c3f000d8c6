import { figures as figureTable } from '../../src/failover/figures.ts';
import type { Trial } from './trial.ts';

/** A series as Markdown: for each fault and election a table of the cluster's figures, and one that compares the load balancers. */
export function summaryOf(trials: readonly Trial[]): string {
  const groups = Map.groupBy(trials, ({ fault, election }) => `${fault}, election \`${election}\``);
  return [...groups]
    .map(
      ([title, group]) => `${[`## ${title}: ${group.length} trials`, figures(group), balancers(group)].join('\n\n')}\n`,
    )
    .join('\n');
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

type Row = readonly (string | number)[];

function table(head: readonly string[], rows: readonly Row[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(2)} s`);

/** Median and worst value of the trials; trials without a value are left out and counted. */
function spread(label: string, group: readonly Trial[], pick: (trial: Trial) => number | undefined): Row {
  const values = group.map(pick).filter((value) => value !== undefined);
  const worst = values.length === 0 ? undefined : Math.max(...values);
  return [label, seconds(median(values)), seconds(worst), values.length];
}

function figures(group: readonly Trial[]): string {
  const output = (name: string) => (trial: Trial) => (trial.outputs[name] ? Number(trial.outputs[name]) : undefined);
  const placed = (trial: Trial) => {
    const [placedMs, transferMs] = [output('placed-ms')(trial), output('transfer-ms')(trial)];
    return placedMs === undefined || transferMs === undefined ? undefined : Math.max(0, placedMs - transferMs);
  };
  const sum = (pick: (trial: Trial) => number) => group.reduce((total, trial) => total + pick(trial), 0);
  const waited = group.filter((trial) => trial.waited.length > 0);
  return [
    table(
      ['figure', 'median', 'worst', 'trials'],
      [
        ...figureTable
          .filter(({ unit, output, limit }) => unit === 'ms' && (output ?? limit))
          .map(({ id, label, output: name = '' }) => spread(label, group, id === 'placingMs' ? placed : output(name))),
      ],
    ),
    [
      `Nodes that turned NotReady: ${sum(({ outputs }) => Number(outputs['not-ready-nodes'] || 0))}.`,
      `A Service asked from a pod: ${sum(({ pods }) => pods.failed)} of ${sum(({ pods }) => pods.requests)} failed, slowest ${seconds(Math.max(0, ...group.map(({ pods }) => pods.slowestMs)))}.`,
      `Trials in which something living waited: ${waited.length} of ${group.length}.`,
      `Trials that verify-failover passed: ${group.filter(({ passed }) => passed).length} of ${group.length}.`,
      ...waited.flatMap(({ began, waited: lines }) => lines.map((line) => `- ${began}: ${line}`)),
      ...group.flatMap(({ began, errors }) => errors.map((line) => `- ${began}: ${line}`)),
    ].join('\n'),
  ].join('\n\n');
}

/** How long after the fault the last failed request began: a load balancer that has noticed the fault lets no request fail. */
function lastFailure(name: string, group: readonly Trial[]): string {
  const after = group.flatMap(({ began, endpoints }) =>
    endpoints
      .filter((endpoint) => endpoint.name === name)
      .flatMap(({ failures }) => failures.map(({ at }) => at - Date.parse(began))),
  );
  return seconds(after.length === 0 ? undefined : Math.max(...after));
}

function balancers(group: readonly Trial[]): string {
  const names = [...new Set(group.flatMap(({ endpoints }) => endpoints.map(({ name }) => name)))];
  const rows = names.map((name): Row => {
    const own = group.flatMap(({ endpoints }) => endpoints.filter((endpoint) => endpoint.name === name));
    const total = (pick: (endpoint: (typeof own)[number]) => number) =>
      own.reduce((all, endpoint) => all + pick(endpoint), 0);
    const most = (pick: (endpoint: (typeof own)[number]) => number) => seconds(Math.max(0, ...own.map(pick)));
    const held = own.filter((endpoint) => endpoint.held);
    const both = (pick: (endpoint: (typeof own)[number]) => number) =>
      `${seconds(median(held.map(pick)))} / ${seconds(held.length === 0 ? undefined : Math.max(...held.map(pick)))}`;
    return [
      name,
      `${total(({ failed }) => failed)} of ${total(({ requests }) => requests)}`,
      most(({ failures }) => Math.max(0, ...failures.map(({ ms }) => ms))),
      lastFailure(name, group),
      most(({ slowestMs }) => slowestMs),
      both(({ keptGapMs }) => keptGapMs),
      both(({ watchGapMs }) => watchGapMs),
    ];
  });
  const head = [
    'balancer',
    'new connections failed',
    'longest hang of these',
    'last of these begun after the fault',
    'slowest answer',
    'kept connection paused: median / worst',
    'watch paused: median / worst',
  ];
  return table(head, rows);
}
