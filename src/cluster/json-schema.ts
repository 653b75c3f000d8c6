import * as z from 'zod';
import { clusterSchema } from './schema.ts';

/** The parts of JSON Schema that our schema comes out as. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** cluster.schema.json: what editors complete and check by. Draft 7, which all of them read. */
export function clusterJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(clusterSchema, { io: 'input', target: 'draft-7', override: tidy });
  const { $schema, ...rest } = schema;
  const description = 'A highly available Kubernetes cluster on machines of your own.';
  return { $schema, title: 'cluster.yaml', description, ...rest } as JsonSchema;
}

/** Integers are 53 bits wide in zod's eyes, which helps no reader of the schema; nor does a section's default of {}. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.type === 'object' && jsonSchema.properties) delete jsonSchema.default;
}
