import { KEYRING } from './hosts/debian-source.ts';

/** What to look for, and the Debian package that brings it: a name on PATH, several of which one is enough, or a file. */
export type Programs = Readonly<Record<string, string>>;

/**
 * The one list of what the lab, its builds and the tests start or read on this machine, by who needs it. Programs of
 * packages that every Debian has (Essential: yes, or Priority: required) need no entry. A contract test compares the
 * list with the sources, and `npm test` runs with a PATH on which nothing else is.
 */
export const programs = {
  /** To boot hosts and to run commands in them. */
  lab: {
    'apt-ftparchive': 'apt-utils',
    debootstrap: 'debootstrap',
    ip: 'iproute2',
    journalctl: 'systemd',
    modprobe: 'kmod',
    'ssh-keygen': 'openssh-client',
    'systemd-nspawn': 'systemd-container',
    [KEYRING]: 'debian-archive-keyring',
  },
  /** To build what is C in part: runc and flannel's udp backend. */
  builds: {
    gcc: 'gcc',
    'pkg-config': 'pkg-config',
    '/usr/include/stdio.h': 'libc6-dev',
    '/usr/include/linux/types.h': 'linux-libc-dev',
    '/usr/include/seccomp.h': 'libseccomp-dev',
  },
  /** What tests and benchmarks judge by, or act as a user with. */
  tests: {
    busybox: 'busybox',
    // Ubuntu has no package of it that works without snap; GitHub's runners have Chrome.
    'chromium|google-chrome': 'chromium',
    curl: 'curl',
    git: 'git',
    haproxy: 'haproxy',
    nft: 'nftables',
    openssl: 'openssl',
    pip3: 'python3-pip',
    ps: 'procps',
    python3: 'python3',
    shellcheck: 'shellcheck',
    ss: 'iproute2',
    ssh: 'openssh-client',
    'ssh-add': 'openssh-client',
    'ssh-agent': 'openssh-client',
    sshd: 'openssh-server',
    strace: 'strace',
    'systemd-analyze': 'systemd',
  },
} as const satisfies Readonly<Record<string, Programs>>;

/** What Debian has no package of, or not in a version that is new enough: the user brings it. */
export const broughtByTheUser: readonly string[] = ['go', 'node', 'npm'];

/** Units that start by themselves when these packages are installed, though only their programs are wanted. */
export const unwantedUnits: Readonly<Record<string, string>> = {
  haproxy: 'haproxy.service',
  nftables: 'nftables.service',
  'openssh-server': 'ssh.service',
};
