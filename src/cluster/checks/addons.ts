import { type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

/** Manifests that are not files of the repository. */
export function addonFindings({ addons }: ClusterFile): readonly Finding[] {
  return addons.manifests.flatMap((file, index) => {
    const problem = manifestProblem(file) ?? (addons.manifests.indexOf(file) === index ? undefined : 'is listed twice');
    if (problem === undefined) return [];
    const message = `The manifest ${quote(file)} ${problem}.`;
    const hint = 'Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.';
    return [{ code: 'CLUSTER_MANIFEST', path: ['addons', 'manifests', index], message, hint }];
  });
}

function manifestProblem(file: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return 'is a URL, whose content could change from run to run';
  if (file.startsWith('/') || /^[A-Za-z]:/.test(file)) return 'is an absolute path';
  if (file.includes('\\')) return 'has a backslash in it';
  return file.split('/').includes('..') ? 'leads out of the directory of cluster.yaml' : undefined;
}
