import { run } from './run.ts';

/**
 * Installs Debian packages that a build needs and this machine lacks, after saying so.
 *
 * @throws on a machine without apt, naming what to install by hand.
 */
export async function requirePackages(
  names: readonly string[],
  why: string,
  log: (line: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  log(`installing ${missing.join(', ')} by apt: ${why}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
  } catch (cause) {
    throw new Error(`failed to install ${missing.join(', ')} (${why}): install them by hand and start again`, {
      cause,
    });
  }
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    return (await run('dpkg-query', ['-W', '-f', `\${db:Status-Status}`, name])) === 'installed';
  } catch {
    return false;
  }
}
