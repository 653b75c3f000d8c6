import { KEYRING } from './hosts/debian-source.ts';

/** A program, and the Debian package that has it: a name on PATH, several names of which one is enough, or a file. */
export type Programs = Readonly<Record<string, string>>;

/**
 * The list of all programs that the lab, its builds and the tests start or read on this machine, by their user. Programs of
 * packages that every Debian has (Essential: yes, or Priority: required) need no entry. A contract test compares the
 * list with the sources, and `npm test` runs with a PATH that has only these.
 */
export const programs = {
  /** To boot hosts and to run commands on them. */
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
  /** To build programs with parts in C: runc and flannel's udp backend. */
  builds: {
    gcc: 'gcc',
    'pkg-config': 'pkg-config',
    '/usr/include/stdio.h': 'libc6-dev',
    '/usr/include/linux/types.h': 'linux-libc-dev',
    '/usr/include/seccomp.h': 'libseccomp-dev',
  },
  /** To emulate machines with a kernel of their own, for tests of the long mode. */
  machines: {
    'qemu-system-x86_64': 'qemu-system-x86',
  },
  /** Tools that tests and benchmarks use to check results, or in the place of a user. */
  tests: {
    busybox: 'busybox',
    // Ubuntu has no package of it that works without snap; GitHub's runners have Chrome.
    'chromium|google-chrome': 'chromium',
    curl: 'curl',
    git: 'git',
    haproxy: 'haproxy',
    jq: 'jq',
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

/** Programs without a Debian package, or with one that is too old: the user installs them. */
export const broughtByTheUser: readonly string[] = ['go', 'node', 'npm'];

/** Units that start automatically when these packages are installed, although only their programs are needed. */
export const unwantedUnits: Readonly<Record<string, string>> = {
  haproxy: 'haproxy.service',
  nftables: 'nftables.service',
  'openssh-server': 'ssh.service',
};
