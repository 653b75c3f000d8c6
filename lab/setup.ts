import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { must, run } from './command.ts';
import { LabError, messageOf } from './error.ts';
import { type Programs, programs, unwantedUnits } from './programs.ts';
import { type Progress, withTicks } from './progress.ts';

/** Folders that a user's PATH may lack, although root's programs are in them. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Debian runs this program before a package may start a service (policy-rc.d(8) of init-system-helpers). */
const POLICY = '/usr/sbin/policy-rc.d';

/** The folders that are searched for programs, in order. */
export function programFolders(path: string = process.env.PATH ?? ''): readonly string[] {
  return [...path.split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS];
}

/** The path of a program; undefined if this machine lacks it. */
export function placeOf(program: string, folders: readonly string[] = programFolders()): string | undefined {
  if (isAbsolute(program)) return existsSync(program) ? program : undefined;
  const places = program.split('|').flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Refuses a machine or a user that cannot run a lab.
 *
 * @throws LabError with what to do instead.
 */
export function requireRootOnLinux(): void {
  if (process.platform !== 'linux') {
    throw new LabError(`the lab boots Linux hosts and needs Linux, not ${process.platform}`, {
      hint: 'use a Linux machine or a virtual one',
    });
  }
  if (process.geteuid?.() !== 0) {
    throw new LabError('the lab makes namespaces, mounts and cgroups, and needs root', {
      hint: 'sudo npm run lab -- …',
    });
  }
}

/**
 * Installs the needed programs that this machine lacks, and logs them. None of their services is started.
 *
 * @param wanted Default: those that boot hosts; see {@link programs}.
 * @throws LabError naming the packages, if there is no apt or it fails.
 */
export async function ensurePrograms(progress: Progress, wanted: Programs = programs.lab): Promise<void> {
  const missing = Object.keys(wanted).filter((program) => placeOf(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => wanted[program] ?? program))];
  if (placeOf('apt-get') === undefined) {
    throw new LabError(`this machine lacks ${missing.join(', ')}`, { hint: `install ${packages.join(', ')}` });
  }
  progress(`this machine lacks ${missing.join(', ')}: installing ${packages.join(', ')} by apt-get`);
  try {
    const work = { what: `apt-get install ${packages.join(' ')}`, usualSeconds: 10 + 8 * packages.length };
    await withTicks(progress, work, () => withoutServices(packages, () => install(packages)));
  } catch (error) {
    throw new LabError(`failed to install ${packages.join(', ')}: ${messageOf(error)}`, {
      cause: error,
      hint: 'install them by hand',
    });
  }
  const still = missing.filter((program) => placeOf(program) === undefined);
  if (still.length > 0) throw new LabError(`${packages.join(', ')} did not bring ${still.join(', ')}`);
}

async function install(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Two checkouts may install at the same time.
  const apt = ['-qq', '--yes', '--option', 'DPkg::Lock::Timeout=300'];
  await must(['apt-get', ...apt, 'update'], { env });
  await must(['apt-get', ...apt, '--no-install-recommends', 'install', ...packages], { env });
}

/** Keeps services of the packages from starting, both during the installation and at the next boot. */
async function withoutServices(packages: readonly string[], work: () => Promise<void>): Promise<void> {
  const own = !existsSync(POLICY);
  if (own) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    if (own) rmSync(POLICY, { force: true });
  }
  for (const name of packages) {
    const unit = unwantedUnits[name];
    // Without systemd no service would be started.
    if (unit !== undefined) await run(['systemctl', '--quiet', 'disable', unit]).catch(() => undefined);
  }
}
