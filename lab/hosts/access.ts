import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from '../cluster-file.ts';
import { must } from '../command.ts';
import type { LabPaths } from '../identity.ts';
import { hostDir } from '../state.ts';

async function generateKey(file: string, comment: string): Promise<void> {
  // ssh-keygen asks before it overwrites a file, and would wait for an answer.
  for (const path of [file, `${file}.pub`]) rmSync(path, { force: true });
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}

const hostKey = (paths: LabPaths, host: LabHost): string => join(hostDir(paths, host.name), 'ssh_host_ed25519_key');

/** The files of a host's SSH key. */
export const hostKeyFiles = (paths: LabPaths, host: string): readonly string[] =>
  ['ssh_host_ed25519_key', 'ssh_host_ed25519_key.pub'].map((name) => join(hostDir(paths, host), name));

/** Makes the runner's key and the hosts' keys, so that known_hosts is complete before any host has booted. */
export async function makeKeys(paths: LabPaths, hosts: readonly LabHost[]): Promise<void> {
  mkdirSync(paths.stateDir, { recursive: true });
  for (const host of hosts) mkdirSync(hostDir(paths, host.name), { recursive: true });
  const missing = hosts.filter((host) => !existsSync(`${hostKey(paths, host)}.pub`));
  await Promise.all([
    existsSync(`${paths.sshKey}.pub`) ? undefined : generateKey(paths.sshKey, 'k8s-ha-lab'),
    ...missing.map((host) => generateKey(hostKey(paths, host), host.name)),
  ]);
  const lines = hosts.map((host) => {
    const [type, key] = readFileSync(`${hostKey(paths, host)}.pub`, 'utf8').split(' ');
    return `${host.address},${host.name} ${type} ${key}\n`;
  });
  writeFileSync(paths.knownHosts, lines.join(''));
}

async function admit(root: string, user: string, publicKey: string): Promise<void> {
  const home = user === 'root' ? 'root' : `home/${user}`;
  if (user !== 'root') {
    // It may exist already: an interrupted start is repeated.
    const known = readFileSync(join(root, 'etc/passwd'), 'utf8').includes(`\n${user}:`);
    if (!known) await must(['chroot', root, '/usr/sbin/useradd', '--create-home', '--shell', '/bin/bash', user]);
    writeFileSync(join(root, 'etc/sudoers.d', user), `${user} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
  }
  mkdirSync(join(root, home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(join(root, home, '.ssh/authorized_keys'), publicKey, { mode: 0o600 });
  if (user !== 'root') await must(['chroot', root, '/usr/bin/chown', '-R', `${user}:`, `/${home}/.ssh`]);
}

/** A host, and the number of the machine that has its name. */
export interface Personality {
  readonly host: LabHost;
  /** 0 for the first machine; increased each time that it is replaced. */
  readonly generation: number;
}

/** Writes the files that distinguish this host into its fresh tree. */
export async function personalise(
  paths: LabPaths,
  { host, generation }: Personality,
  root: string,
  gateway: string,
): Promise<void> {
  const write = (path: string, content: string, mode = 0o644): void =>
    writeFileSync(join(root, path), content, { mode });
  mkdirSync(join(root, 'etc/k8s-ha-lab'), { recursive: true });
  write('etc/k8s-ha-lab/host', `ADDRESS=${host.address}/24\nGATEWAY=${gateway}\n`);
  write('etc/hostname', `${host.name}\n`);
  write('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n::1 localhost ip6-localhost ip6-loopback\n`);
  // The same at each boot and different on every host, as on an installed machine.
  const machine = [paths.id, host.name, ...(generation > 0 ? [generation] : [])].join('/');
  write('etc/machine-id', `${createHash('sha256').update(machine).digest('hex').slice(0, 32)}\n`);
  write('etc/ssh/ssh_host_ed25519_key', readFileSync(hostKey(paths, host), 'utf8'), 0o600);
  chmodSync(join(root, 'etc/ssh/ssh_host_ed25519_key'), 0o600);
  write('etc/ssh/ssh_host_ed25519_key.pub', readFileSync(`${hostKey(paths, host)}.pub`, 'utf8'));
  await admit(root, host.user, readFileSync(`${paths.sshKey}.pub`, 'utf8'));
}
