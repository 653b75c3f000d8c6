import * as z from 'zod';
import { type KeptFigures, keptFigures } from '../figure-groups.ts';

const ms = z.int().describe('Milliseconds since the fault began; before it, negative.');
const duration = z.int().min(0).describe('A duration in milliseconds.');

const count = z.int().min(0);

/** A figure's value in report.json and in the history. */
function figureSchema({ unit, what, history }: (typeof keptFigures)[number]): z.ZodType {
  const value = unit === 'ms' ? duration : count;
  const possible = history.nullable ? value.nullable() : value;
  const words = `${what}${history.nullable ? ' null if it never happened.' : ''}`;
  if (history.required) return possible.describe(words);
  return possible.optional().describe(`${words} Lines from before it was first measured lack it.`);
}

interface NightHead {
  readonly schemaVersion: 1;
  readonly cluster: string;
  readonly target: string;
  readonly fault: string;
  readonly began: string;
  readonly passed: boolean;
}

/** The figures and names by which nights are compared; a line of the history file. */
export type Night = NightHead & KeptFigures;

const nightSchema = z
  .object({
    schemaVersion: z.literal(1),
    cluster: z.string(),
    target: z
      .string()
      .describe('The host that the fault was injected on; for an upgrade, the version that the cluster gets.'),
    fault: z.string().describe('The fault: poweroff, stop-services, …; upgrade for an upgrade.'),
    began: z.iso.datetime().describe('When the fault, or the upgrade, began, by the runner’s clock.'),
    passed: z.boolean(),
    ...Object.fromEntries(keptFigures.map((figure) => [figure.id, figureSchema(figure)])),
  })
  .describe('The figures of one check.') as unknown as z.ZodType<Night>;

const verdictSchema = z
  .object({
    good: z.boolean(),
    text: z.string().describe('The finding in words, with its limit.'),
    figure: z
      .string()
      .optional()
      .describe('The name of the figure in figures; absent for a problem of the check itself.'),
    value: count.optional().describe('In milliseconds, or a count; absent if it never happened.'),
    limit: z.number().min(0).optional().describe('In the same unit.'),
  })
  .describe('One finding, with its limit.');

const holdingSchema = z
  .object({
    what: z.string().describe('The name of the lease, or of another role that one host has at a time.'),
    host: z.string().nullable().describe('The holder; null if no living host holds it.'),
    fromMs: ms,
    toMs: ms,
    renewedMs: z.array(ms).describe('Observed renewals by the holder.'),
  })
  .describe('A period in which one host held a lease or role.');

const requestSchema = z
  .union([z.tuple([ms, duration]), z.tuple([ms, duration, z.int().min(0)])])
  .describe('[start, time until the whole answer or the error, index into errors when it failed]');

const probeSchema = z
  .object({
    host: z.string().describe('The host that sent the requests: a node, through its own load balancer, or a master.'),
    kind: z
      .string()
      .describe(
        'new: reads, a connection for each; kept: reads on one connection, reconnected when it breaks; write: writes, a connection for each; watch: the events of these writes on a watch; direct: the API server of a master other than the target, without a load balancer; service: requests to a Service by its name.',
      ),
    requests: z.int().min(0),
    failed: z.int().min(0),
    medianMs: duration,
    slowestMs: duration,
    longestGapMs: duration,
    longestGapAtMs: ms.describe('When the longest gap began, in milliseconds since the fault.'),
    errors: z
      .array(z.object({ error: z.string(), count: z.int().min(1) }))
      .describe('Kinds of failure, most frequent first.'),
    samples: z.array(requestSchema).describe('Requests in the order of their start.'),
  })
  .describe('A client that sent requests to the API all the time.');

const momentSchema = z
  .object({
    ms,
    track: z.string().describe('The instrument that saw it: fault, lease, endpoint, rejoin, …'),
    what: z.string(),
  })
  .describe('An observed event.');

const transferSchema = z
  .object({
    lease: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable().describe('The host that took it; null if none did.'),
    expected: z.boolean().describe('Whether the target held it, so that it had to move.'),
    lastRenewedMs: ms.nullable(),
    takenMs: ms.nullable(),
    transitions: z.int(),
  })
  .describe('The transfer of a lease.');

const stepSchema = z
  .object({
    host: z.string(),
    what: z.string().describe('The units that were restarted, or `drain`: the pods of its node were moved away.'),
    fromMs: ms,
    toMs: ms,
  })
  .describe('What an upgrade did on one host.');

/** report.json: all results of a check. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1).describe('Increased if readers of the older format would misread the newer one.'),
  figures: nightSchema,
  verdict: z.array(verdictSchema),
  restoreMs: ms.describe('When the restore began, in milliseconds since the fault; for an upgrade, its end.'),
  steps: z
    .array(stepSchema)
    .optional()
    .describe('Only for an upgrade, in which no host is lost: what it did, in order.'),
  transfers: z.array(transferSchema),
  holdings: z.array(holdingSchema),
  probes: z.array(probeSchema),
  timeline: z.array(momentSchema),
  history: z.array(nightSchema).describe('Earlier checks of this cluster with the same fault, oldest first.'),
});

export type FailoverReport = Readonly<z.infer<typeof reportSchema>>;
export type ReportProbe = FailoverReport['probes'][number];
export type ReportSample = ReportProbe['samples'][number];

/** failover-report.schema.json. Draft 7, as cluster.schema.json. */
export function reportJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { io: 'input', target: 'draft-7', override: tidy });
  return { $schema, title: 'report.json', description: 'The results of a failover check.', ...rest };
}

/** zod limits integers to 53 bits, and describes a date by a long pattern; both are of no use in the schema. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
