import { clusterJsonSchema } from './json-schema.ts';
import { clusterReference } from './reference.ts';

/** The files of the repository that are generated from the schema, by their path. `npm run docs` writes them. */
export function publishedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['cluster.schema.json', `${JSON.stringify(clusterJsonSchema(), null, 2)}\n`],
    ['docs/cluster-yaml.md', clusterReference()],
  ]);
}
