import * as z from 'zod';

const ms = z.int().describe('Milliseconds since the fault began; before it, negative.');
const duration = z.int().min(0).describe('Milliseconds that something took.');

/** What a night's figures are compared by; a line of the history file. */
export const nightSchema = z
  .object({
    schemaVersion: z.literal(1),
    cluster: z.string(),
    target: z.string().describe('The host that was hit.'),
    fault: z.string().describe('How it was hit: poweroff, stop-services, …'),
    began: z.iso.datetime().describe('When the fault began, by the runner’s clock.'),
    passed: z.boolean(),
    transferMs: duration
      .nullable()
      .describe('From the fault until every lease of the target was held by another; null when one never was.'),
    requests: z.int().min(0).describe('By new connections, over all probes.'),
    failedRequests: z.int().min(0),
    slowestMs: duration,
    longestGapMs: duration.describe('The longest time in which no new connection got an answer.'),
    keptGapMs: duration.describe('The same for clients that keep their connection.'),
    failedWrites: z.int().min(0).optional().describe('Nights from before it was measured lack this and the next five.'),
    writeGapMs: duration.optional().describe('The longest time in which no write was answered.'),
    watchGapMs: duration.optional().describe('The longest time in which a watch told nothing.'),
    failedServiceRequests: z.int().min(0).optional().describe('A Service, asked by its name.'),
    placedMs: duration
      .nullable()
      .optional()
      .describe('From the fault until the pod of a new Deployment had a node; null when it never had.'),
    notReadyNodes: z.int().min(0).optional().describe('How often a node that stayed was taken for dead.'),
    rejoinMs: duration.nullable().describe('From the restore until the target was in step; null when it never was.'),
  })
  .describe('The figures of one check.');

const verdictSchema = z
  .object({ good: z.boolean(), text: z.string() })
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

export type Night = Readonly<z.infer<typeof nightSchema>>;
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
