import * as z from 'zod';
import { type KeptFigures, keptFigures } from '../figure-groups.ts';

const ms = z.int().describe('Milliseconds since the fault began; before it, negative.');
const duration = z.int().min(0).describe('Milliseconds that something took.');

const count = z.int().min(0);

/** A figure's value as report.json and the history have it. */
function figureSchema({ unit, what, history }: (typeof keptFigures)[number]): z.ZodType {
  const value = unit === 'ms' ? duration : count;
  const possible = history.nullable ? value.nullable() : value;
  const words = `${what}${history.nullable ? ' null: it never happened.' : ''}`;
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

/** What a night's figures are compared by; a line of the history file. */
export type Night = NightHead & KeptFigures;

const nightSchema = z
  .object({
    schemaVersion: z.literal(1),
    cluster: z.string(),
    target: z.string().describe('The host that was hit.'),
    fault: z.string().describe('How it was hit: poweroff, stop-services, …'),
    began: z.iso.datetime().describe('When the fault began, by the runner’s clock.'),
    passed: z.boolean(),
    ...Object.fromEntries(keptFigures.map((figure) => [figure.id, figureSchema(figure)])),
  })
  .describe('The figures of one check.') as unknown as z.ZodType<Night>;

const verdictSchema = z
  .object({
    good: z.boolean(),
    text: z.string().describe('In words, with its limit.'),
    figure: z
      .string()
      .optional()
      .describe('Which figure it is, by its name in figures; absent: a trouble of the check itself.'),
    value: count.optional().describe('In milliseconds, or a count; absent: it never happened.'),
    limit: z.number().min(0).optional().describe('In the same unit.'),
  })
  .describe('One thing that was judged, with its limit.');

const holdingSchema = z
  .object({
    what: z.string().describe('What is held: the name of a lease, or of another office that one host has at a time.'),
    host: z.string().nullable().describe('Who holds it; null: nobody alive.'),
    fromMs: ms,
    toMs: ms,
    renewedMs: z.array(ms).describe('When the holder was seen to renew it.'),
  })
  .describe('A stretch of time in which one host held an office.');

const requestSchema = z
  .union([z.tuple([ms, duration]), z.tuple([ms, duration, z.int().min(0)])])
  .describe('[start, time until the whole answer or the error, index into errors when it failed]');

const probeSchema = z
  .object({
    host: z.string().describe('The host from which was asked: a node, through its own balancer, or a master.'),
    kind: z
      .string()
      .describe(
        'new: reads, a connection for each; kept: reads by one connection, made again when it breaks; write: writes, a connection for each; watch: what a watch told of these; direct: the API server of a master that stayed, past all balancers; service: a Service asked by its name.',
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
  .describe('A client that asked the API all the time.');

const momentSchema = z
  .object({
    ms,
    track: z.string().describe('Which instrument saw it: fault, lease, endpoint, rejoin, …'),
    what: z.string(),
  })
  .describe('Something that was seen.');

const transferSchema = z
  .object({
    lease: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable().describe('Who took it; null: nobody.'),
    expected: z.boolean().describe('Whether the target held it, so that it had to move.'),
    lastRenewedMs: ms.nullable(),
    takenMs: ms.nullable(),
    transitions: z.int(),
  })
  .describe('What became of a lease.');

/** report.json: everything that a check found. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1).describe('Grows when a reader of the older form would misread the newer one.'),
  figures: nightSchema,
  verdict: z.array(verdictSchema),
  restoreMs: ms.describe('When the undoing of the fault began, in milliseconds since the fault.'),
  transfers: z.array(transferSchema),
  holdings: z.array(holdingSchema),
  probes: z.array(probeSchema),
  timeline: z.array(momentSchema),
  history: z.array(nightSchema).describe('Earlier checks of this cluster by the same fault, oldest first.'),
});

export type FailoverReport = Readonly<z.infer<typeof reportSchema>>;
export type ReportProbe = FailoverReport['probes'][number];
export type ReportSample = ReportProbe['samples'][number];

/** failover-report.schema.json. Draft 7, as cluster.schema.json. */
export function reportJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { io: 'input', target: 'draft-7', override: tidy });
  return { $schema, title: 'report.json', description: 'What a failover check found.', ...rest };
}

/** Integers are 53 bits wide in zod's eyes, and a date is a long pattern; neither helps a reader of the schema. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
