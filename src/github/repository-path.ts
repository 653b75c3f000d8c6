import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/**
 * A file's path in its repository, as a pull request names it: `clusters/a.yaml` for `./clusters/a.yaml`, and `a.yaml` for
 * `infra/a.yaml` if the repository is checked out into `infra`. GitHub shows an annotation in the diff only under that path.
 * Without a checkout the path is relative to the workspace. Undefined for a URL, and for a file that is in neither.
 */
export function repositoryPath(file: string): string | undefined {
  if (/^[a-z][a-z+.-]*:\/\//i.test(file)) return undefined;
  const path = resolve(file);
  const workspace = resolve(process.env.GITHUB_WORKSPACE || '.');
  const inside = relative(checkoutOf(dirname(path), workspace), path);
  return inside === '' || inside === '..' || inside.startsWith('../') || isAbsolute(inside) ? undefined : inside;
}

/** The nearest folder from `folder` up to the workspace that a checkout has made; otherwise the workspace. */
function checkoutOf(folder: string, workspace: string): string {
  for (let at = folder; at.startsWith(`${workspace}/`); at = dirname(at)) if (existsSync(join(at, '.git'))) return at;
  return workspace;
}
