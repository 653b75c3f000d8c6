import type * as z from 'zod';
import { checkCluster } from './checks.ts';
import type { Finding, Path } from './finding.ts';
import { clusterSchema } from './schema.ts';

/**
 * The findings of the checks in the parts of a file that the schema accepts, so that a user sees all problems at once.
 * A part with an issue is removed with its siblings: a default in place of the intended value would mislead.
 */
export function remainderFindings(data: unknown, issues: readonly z.core.$ZodIssue[]): readonly Finding[] {
  const copy: unknown = structuredClone(data);
  const places = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  for (const place of places) remove(copy, place);
  const rest = clusterSchema.safeParse(copy);
  if (!rest.success) return [];
  return checkCluster(rest.data).filter(({ path }) => !places.some((place) => isBeside(path, place)));
}

/** Removes a section, or a key of a host; if the key is required, there is no remainder to validate. */
function remove(data: unknown, [first, index, key]: readonly PropertyKey[]): void {
  if (!isObject(data) || first === undefined) return;
  const host =
    first === 'hosts' && Array.isArray(data.hosts) && index !== undefined ? data.hosts[Number(index)] : undefined;
  if (isObject(host) && key !== undefined) Reflect.deleteProperty(host, key);
  else if (first === 'name') data.name = 'unnamed';
  else Reflect.deleteProperty(data, first);
}

/** In the same section, or of the same host. */
function isBeside(path: Path, place: readonly PropertyKey[]): boolean {
  return path[0] === place[0] && (path[0] !== 'hosts' || path[1] === place[1]);
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
