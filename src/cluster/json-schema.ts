import * as z from 'zod';
import { clusterSchema } from './schema.ts';

/** The parts of JSON Schema that our schema is converted to. */
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

/** cluster.schema.json, with which editors complete and check. Draft 7, which all of them support. */
export function clusterJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(clusterSchema, { io: 'input', target: 'draft-7', override: tidy });
  const { $schema, ...rest } = schema;
  const description = 'A highly available Kubernetes cluster on machines of your own.';
  return { $schema, title: 'cluster.yaml', description, ...rest } as JsonSchema;
}

/** zod limits integers to 53 bits, and shows a section's default of {}; both are of no use in the schema. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.type === 'object' && jsonSchema.properties) delete jsonSchema.default;
}
