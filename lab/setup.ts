import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { must } from './command.ts';
import { LabError, messageOf } from './error.ts';
import { KEYRING } from './hosts/debian-source.ts';
import type { Progress } from './progress.ts';

/** What the lab starts or reads, and the Debian packages that bring it: a name on PATH, several of which one is enough, or a file. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'apt-ftparchive': 'apt-utils',
  bash: 'bash',
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  mount: 'mount',
  nsenter: 'util-linux',
  'ssh-keygen': 'openssh-client',
  'systemd-nspawn': 'systemd-container',
  [KEYRING]: 'debian-archive-keyring',
};

function isThere(program: string, path: string): boolean {
  if (isAbsolute(program)) return existsSync(program);
  const places = program.split('|').flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Refuses a machine or a user that can't run a lab.
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
 * Installs the programs that are needed and this machine lacks, after saying so.
 * @param programs each with the Debian package that brings it; those of the lab itself unless others are named.
 */
export async function ensurePrograms(
  progress: Progress,
  programs: Readonly<Record<string, string>> = PROGRAMS,
): Promise<void> {
  const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  const missing = Object.keys(programs).filter((program) => !isThere(program, path));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program] ?? program))];
  if (!isThere('apt-get', path)) {
    throw new LabError(`this machine lacks ${missing.join(', ')}`, { hint: `install ${packages.join(', ')}` });
  }
  progress(`this machine lacks ${missing.join(', ')}: installing ${packages.join(', ')} by apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await must(['apt-get', '-qq', 'update'], { env });
    await must(['apt-get', '-qq', '--yes', '--no-install-recommends', 'install', ...packages], { env });
  } catch (error) {
    throw new LabError(`failed to install ${packages.join(', ')}: ${messageOf(error)}`, {
      cause: error,
      hint: 'install them by hand',
    });
  }
}
