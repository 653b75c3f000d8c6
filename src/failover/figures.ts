import type { Elected } from '../kubernetes/index.ts';
import type { Figure } from './figure.ts';
import {
  failureFindings,
  gapFindings,
  leaseFindings,
  nodeFindings,
  placingFindings,
  placingMs,
  rejoinFindings,
  serviceFindings,
} from './findings.ts';
import { direct, type FailoverResult, keptConnections, newConnections, services, watches, writes } from './result.ts';

/**
 * Every figure of a check, once: inputs, outputs, verdict, report, history, trend, their documents and the benchmarks are made from it.
 * `npm run docs` writes what it says into action.yml and into the pages. The order is that of the verdict and of the outputs.
 */
const rows = [
  {
    id: 'transferMs',
    unit: 'ms',
    label: 'both leases held by others',
    what: 'Milliseconds from the fault until other masters held both leases.',
    from: ({ transferMs }) => transferMs,
    output: 'transfer-ms',
    // With the default election (15/10/2 s) a lease is taken after 24 s at the very worst; see docs/failover.md.
    limit: {
      input: 'max-transfer-seconds',
      what: 'The check fails if another master takes longer than this to acquire a lease.',
      usual: 25_000,
      findings: leaseFindings,
    },
    history: { required: true, nullable: true },
    card: true,
    trend: true,
  },
  {
    id: 'controllerManagerTransferMs',
    unit: 'ms',
    label: 'controller-manager’s lease taken',
    what: "Milliseconds from the fault until the new holder acquired the controller-manager's lease.",
    from: (result) => takenMs(result, 'kube-controller-manager'),
    output: 'controller-manager-transfer-ms',
  },
  {
    id: 'schedulerTransferMs',
    unit: 'ms',
    label: 'scheduler’s lease taken',
    what: "Milliseconds from the fault until the new holder acquired the scheduler's lease.",
    from: (result) => takenMs(result, 'kube-scheduler'),
    output: 'scheduler-transfer-ms',
  },
  {
    id: 'requests',
    unit: 'count',
    label: 'requests',
    what: "Requests sent through the nodes' load balancers, each on a new connection.",
    from: (result) => newConnections(result).requests,
    output: 'requests',
    history: { required: true },
  },
  {
    id: 'failedRequests',
    unit: 'count',
    label: 'failed requests',
    what: 'The number of these requests that failed.',
    from: (result) => newConnections(result).failed,
    output: 'failed-requests',
    limit: {
      input: 'max-failed-requests',
      what: "The check fails if more than this many requests through the nodes' load balancers fail, each on a new connection. Requests that the target may have accepted before it was lost are not counted, up to a cap (see Limits).",
      usual: 0,
      findings: failureFindings('new', 'new connections'),
    },
    history: { required: true },
    card: true,
    of: 'requests',
  },
  {
    id: 'slowestMs',
    unit: 'ms',
    label: 'slowest request',
    what: 'The slowest of these requests, in milliseconds.',
    from: (result) => newConnections(result).slowestMs,
    output: 'slowest-ms',
    history: { required: true },
    card: true,
    trend: true,
  },
  {
    id: 'longestGapMs',
    unit: 'ms',
    label: 'longest gap',
    what: 'The longest time in which these requests got no answer, in milliseconds.',
    from: (result) => newConnections(result).longestGapMs,
    output: 'longest-gap-ms',
    limit: {
      input: 'max-gap-seconds',
      what: 'The check fails if these requests get no answer for longer than this.',
      usual: 3000,
      findings: gapFindings('new', (gap) => `the longest gap was ${gap}`),
    },
    history: { required: true },
    card: true,
    trend: true,
  },
  {
    id: 'keptGapMs',
    unit: 'ms',
    label: 'kept connection’s pause',
    what: 'The longest time without an answer for clients that keep one connection, in milliseconds.',
    from: (result) => keptConnections(result).longestGapMs,
    output: 'kept-gap-ms',
    limit: {
      input: 'max-kept-gap-seconds',
      what: 'The check fails if a client that keeps its connection gets no answer for longer than this.',
      usual: 5000,
      findings: gapFindings('kept', (gap) => `a kept connection paused for ${gap}`),
    },
    history: { required: true },
    card: true,
    trend: true,
  },
  {
    id: 'watchGapMs',
    unit: 'ms',
    label: 'watch’s pause',
    what: "The longest time in which a watch through a node's load balancer reported none of the writes, in milliseconds.",
    from: (result) => watches(result).longestGapMs,
    output: 'watch-gap-ms',
    limit: {
      input: 'max-watch-gap-seconds',
      what: "The check fails if a watch through a node's load balancer reports no event for longer than this.",
      usual: 5000,
      findings: gapFindings('watch', (gap) => `a watch paused for ${gap}`),
    },
    history: {},
  },
  {
    id: 'failedWrites',
    unit: 'count',
    label: 'failed writes',
    what: "Writes through the nodes' load balancers that failed, each on a new connection.",
    from: (result) => writes(result).failed,
    output: 'failed-writes',
    limit: {
      input: 'max-failed-writes',
      what: 'The check fails if more than this many writes fail, each on a new connection. Writes that the target may have accepted before it was lost are not counted, up to a cap (see Limits).',
      usual: 0,
      findings: failureFindings('write', 'writes'),
    },
    history: {},
  },
  {
    id: 'writeGapMs',
    unit: 'ms',
    label: 'longest gap of writes',
    what: 'The longest time in which no write was answered, in milliseconds.',
    from: (result) => writes(result).longestGapMs,
    output: 'write-gap-ms',
    limit: {
      input: 'max-write-gap-seconds',
      what: 'The check fails if no write is answered for longer than this.',
      usual: 5000,
      findings: gapFindings('write', (gap) => `the longest gap of writes was ${gap}`),
    },
    history: {},
  },
  {
    id: 'apiServerGapMs',
    unit: 'ms',
    label: 'longest silence of a living master’s API server',
    what: 'The longest time without an answer from the API server of a master that stayed up, asked once a second without a load balancer, in milliseconds.',
    from: (result) => direct(result).longestGapMs,
    output: 'api-server-gap-ms',
  },
  {
    id: 'serviceRequests',
    unit: 'count',
    label: 'requests to a Service by its name',
    what: 'How often a Service was resolved by its DNS name and requested from the nodes; 0 if the cluster has no CoreDNS add-on or no node besides the target.',
    from: (result) => services(result).requests,
    output: 'service-requests',
  },
  {
    id: 'failedServiceRequests',
    unit: 'count',
    label: 'failed requests to a Service',
    what: 'How often such a Service request failed.',
    from: (result) => services(result).failed,
    output: 'failed-service-requests',
    limit: {
      input: 'max-failed-service-requests',
      what: 'The check fails if a Service, resolved by its DNS name and requested from the nodes, fails to answer more often than this.',
      usual: 0,
      findings: serviceFindings,
    },
    history: {},
    of: 'serviceRequests',
  },
  {
    id: 'placedMs',
    unit: 'ms',
    label: 'pod of a new Deployment placed',
    what: 'Milliseconds from the fault until the pod of a Deployment created during it had a node.',
    from: ({ placedMs }) => placedMs,
    output: 'placed-ms',
    history: { nullable: true },
  },
  {
    id: 'placingMs',
    unit: 'ms',
    label: 'pod of a new Deployment placed, after the leases moved',
    what: 'Milliseconds from when the leases had moved until the pod of a Deployment created during the fault had a node.',
    from: placingMs,
    limit: {
      input: 'max-placing-seconds',
      what: 'The check fails if the pod of a Deployment created during the fault has no node this long after the leases have moved.',
      usual: 10_000,
      findings: placingFindings,
    },
  },
  {
    id: 'notReadyNodes',
    unit: 'count',
    label: 'nodes that turned NotReady',
    what: 'How often a node other than the target became NotReady.',
    from: ({ nodes }) => nodes?.notReady,
    output: 'not-ready-nodes',
    limit: {
      input: 'max-not-ready-nodes',
      what: 'The check fails if nodes other than the target become NotReady more often than this.',
      usual: 0,
      findings: nodeFindings,
    },
    history: {},
  },
  {
    id: 'nodeRenewalGapMs',
    unit: 'ms',
    label: 'longest pause between renewals of a node that stays',
    what: "The longest time between two renewals of a probed node's Lease, in milliseconds; kubelets renew it every 10 seconds.",
    from: ({ nodes }) => nodes?.renewalGapMs,
    output: 'node-renewal-gap-ms',
  },
  {
    id: 'rejoinMs',
    unit: 'ms',
    label: 'back in step',
    what: 'Milliseconds from power-on until the target was Ready and in sync.',
    from: ({ rejoinMs }) => rejoinMs,
    output: 'rejoin-ms',
    limit: {
      input: 'max-rejoin-seconds',
      what: 'The check fails if the target takes longer than this to be back and in sync.',
      usual: 120_000,
      findings: rejoinFindings,
    },
    history: { required: true, nullable: true },
    card: true,
    trend: true,
  },
] as const satisfies readonly Figure[];

function takenMs({ transfers }: FailoverResult, lease: Elected): number | undefined {
  return transfers.find((transfer) => transfer.lease === lease)?.takenMs;
}

type Row = (typeof rows)[number];
export type FigureId = Row['id'];
/** The ids of the rows that have all of `Part`. */
type IdWith<Part> = Extract<Row, Part>['id'];

/** A row of the table. */
export interface FigureRow<Id extends FigureId = FigureId> extends Figure {
  readonly id: Id;
}

export const figures: readonly FigureRow[] = rows;

export type TrendFigure = IdWith<{ readonly trend: true }>;
export const trendFigures = figures.filter(({ trend }) => trend) as readonly FigureRow<TrendFigure>[];

type LimitId = IdWith<{ readonly limit: object }>;
/** A row that has a limit. */
export type LimitRow = FigureRow<LimitId> & Required<Pick<Figure, 'limit'>>;
export const limited = figures.filter(({ limit }) => limit) as readonly LimitRow[];

/** What is still good enough, each in the figure's unit. */
export type Thresholds = Readonly<Record<LimitId, number>>;

type Nullable = IdWith<{ readonly history: { readonly nullable: true } }>;
type Needed = IdWith<{ readonly history: { readonly required: true } }>;
type Later = Exclude<IdWith<{ readonly history: object }>, Needed>;
/** The figures as a line of the history has them. */
export type KeptFigures = { readonly [Id in Needed]: Id extends Nullable ? number | null : number } & {
  readonly [Id in Later]?: Id extends Nullable ? number | null : number;
};

export const keptFigures = figures.filter(({ history }) => history) as readonly (FigureRow<Needed | Later> &
  Required<Pick<Figure, 'history'>>)[];
