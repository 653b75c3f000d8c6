import { LineCounter, parseDocument } from 'yaml';
import { Problem } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { resolveCluster } from './resolve.ts';
import { clusterSchema } from './schema.ts';

/**
 * Reads cluster.yaml.
 * @param file only names the file in problems; nothing is read from it.
 * @throws AggregateError of Problems, each with line and column, in the order of the file.
 */
export function parseCluster(text: string, file: string): Cluster {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const parsed = clusterSchema.safeParse(document.toJS());
  if (parsed.success) return resolveCluster(parsed.data);
  const problems = parsed.error.issues.map(
    (issue) => new Problem(issue.message, { code: 'CLUSTER_INVALID', file, line: 1, column: 1 }),
  );
  throw new AggregateError(problems, `${file} has ${problems.length} problems`);
}
