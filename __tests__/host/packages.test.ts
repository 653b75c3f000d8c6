import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, jest, test } from '@jest/globals';
import { parseEvent, type RemoteEvent } from '../../src/host/event.ts';
import { hostState } from '../../src/host/index.ts';
import { packageHint } from '../../src/host/package-problems.ts';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

let root = '';
const roots: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'k8s-ha-packages-'));
  roots.push(root);
  for (const path of ['bin', 'tmp', 'apt/lists/partial', 'apt/cache/archives/partial', 'apt/etc'])
    mkdirSync(join(root, path), { recursive: true });
});
afterAll(() => {
  for (const each of roots) rmSync(each, { recursive: true });
});

/** A program of the host, in sh; it knows the folder of the test as $root. */
function program(name: string, script: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\nroot=${root}\n${script}\n`, { mode: 0o755 });
}

/** Installs a package with the host's package manager. */
function install(
  manager: string,
  { shell = '/bin/sh', patience = 30, before = ':', after = ':' } = {},
): readonly RemoteEvent[] {
  const [path = '', ...words] = shell.split(' ');
  const settings = `PATH=${root}/bin:$PATH TMP=${root}/tmp INSTALL_PATIENCE=${patience}; package_manager() { manager=${manager}; }`;
  const script = `${remoteProgram}\n${settings}\n${before}\ninstall_packages demo demo demo; need_command demo\n${after}`;
  const { stdout } = spawnSync(path, [...words, '-c', script], {
    encoding: 'utf8',
    timeout: 40_000,
    env: { PATH: process.env.PATH, K8S_HA_TEST_ROOT: root },
  });
  return stdout.split('\n').filter(Boolean).map(parseEvent);
}

const textsOf = (events: readonly RemoteEvent[]) => events.flatMap(({ t, text }) => (t === 'log' ? [text] : []));
const problemIn = (events: readonly RemoteEvent[]) => events.find(({ t }) => t === 'problem');

/** Places the command that the package brings. */
const brings = `printf '#!/bin/sh\\n' >$root/bin/demo; chmod 755 $root/bin/demo`;

test('apt’s own lock of the lists is waited for, with the name of its holder', async () => {
  const folders = `-o Dir::State::lists=$root/apt/lists -o Dir::Cache=$root/apt/cache -o Dir::Etc=$root/apt/etc`;
  program(
    'apt-get',
    `case "$*" in *update*) /usr/bin/apt-get ${folders} -q update && : >$root/updated ;;
     *) [ -e $root/updated ] || { echo 'E: Unable to locate package demo'; exit 100; }; ${brings} ;; esac`,
  );
  const lock = `use Fcntl; open(F, ">", "${root}/apt/lists/lock"); fcntl(F, F_SETLK, my $all = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0)) or die; print "held\\n"; $| = 1; sleep 4`;
  const holder = spawn('/usr/bin/perl', ['-e', `$| = 1; ${lock}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const events = install('apt-get');
  expect(problemIn(events)).toBeUndefined();
  expect(textsOf(events)).toEqual([
    'installing demo',
    expect.stringMatching(
      /^waiting for another process that uses apt-get: .*lists\/lock.* held by process \d+ \(perl\)/,
    ),
  ]);
});

test.each(shells)('under %s, dnf that waits is reported, and zypper that refuses is retried', (_, shell) => {
  program('dnf', `echo 'Waiting for process with pid 4242 to finish.'; sleep 1; ${brings}`);
  expect(textsOf(install('dnf', { shell }))).toEqual([
    'installing demo',
    'waiting for another process that uses dnf: Waiting for process with pid 4242 to finish.',
  ]);
  const locked = 'System management is locked by the application with pid 4242 (zypper).';
  program('zypper', `[ -e $root/tried ] || { : >$root/tried; echo '${locked}'; exit 7; }; ${brings}`);
  const events = install('zypper', { shell });
  expect(problemIn(events)).toBeUndefined();
  expect(textsOf(events)).toEqual(['installing demo', `waiting for another process that uses zypper: ${locked}`]);
});

// Words of dnf5 (rpm-software-management/dnf5#2435) and of rpm below dnf and zypper, which end at once.
test.each([
  ['dnf', 'Transaction failed: Failed to obtain rpm transaction lock. Another transaction is in progress.'],
  ['dnf', "error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily unavailable)"],
  ['dnf', 'Failed to obtain the transaction lock (logged in as: root).\nError: Could not run transaction.'],
  [
    'zypper',
    "RPM failed: error: can't create transaction lock on /usr/lib/sysimage/rpm/.rpm.lock (Resource temporarily unavailable)",
  ],
  [
    'zypper',
    'System management is locked by the application with pid 3348 (/usr/bin/ruby.ruby2.5).\nClose this application before trying again.',
  ],
])('%s that says “%s” is retried', (manager, says) => {
  program(manager, `[ -e $root/tried ] || { : >$root/tried; cat <<'EOF'\n${says}\nEOF\nexit 7; }; ${brings}`);
  const events = install(manager);
  expect(problemIn(events)).toBeUndefined();
  const [line = ''] = says.split('\n');
  expect(textsOf(events)).toEqual(['installing demo', `waiting for another process that uses ${manager}: ${line}`]);
});

test('a lock that root cannot take for another reason is an error at once', () => {
  const says = "error: can't create transaction lock on /usr/lib/sysimage/rpm/.rpm.lock (Permission denied)";
  program('dnf', `echo x >>$root/tries; cat <<'EOF'\n${says}\nEOF\nexit 1`);
  expect(problemIn(install('dnf'))).toMatchObject({ code: 'PACKAGE_FAILED', detail: says });
  expect(readFileSync(join(root, 'tries'), 'utf8')).toBe('x\n');
});

test.each(shells)('under %s, a long install after a wait is not counted as one', (_, shell) => {
  const wait = 'Waiting for process with pid 4242 to finish.';
  program('dnf', `echo '${wait}'; sleep 1; echo 'Dependencies resolved.'; echo; sleep 3; ${brings}`);
  const after = 'log "left $install_left"';
  const left = textsOf(install('dnf', { shell, patience: 30, after })).at(-1);
  expect(Number(left?.replace('left ', ''))).toBeGreaterThan(55);
});

test('a lock that is never released is an error after the patience, and another failure is one at once', () => {
  program('zypper', `echo 'System management is locked by the application with pid 1 (init).'; exit 7`);
  const detail = 'System management is locked by the application with pid 1 (init).';
  expect(problemIn(install('zypper', { patience: 2 }))).toMatchObject({ code: 'PACKAGE_FAILED', detail });
  program('dnf', `echo 'Error: Unable to find a match: demo'; echo x >>$root/tries; exit 1`);
  expect(problemIn(install('dnf'))).toMatchObject({ code: 'PACKAGE_FAILED' });
  expect(readFileSync(join(root, 'tries'), 'utf8')).toBe('x\n');
});

test('a source of apt that fails does not keep a package of another one away', () => {
  program(
    'apt-get',
    `case "$*" in *update*) : >$root/updated; echo 'E: The repository has no Release file.'; exit 100 ;;
     *) [ -e $root/updated ] || exit 100; ${brings} ;; esac`,
  );
  expect(problemIn(install('apt-get'))).toBeUndefined();
});

test('a package manager gets the proxy of cluster.yaml, and nothing else of the session does', () => {
  program('dnf', `env | grep -i proxy | sort >$root/environment; ${brings}`);
  const proxy = `use_proxy http://proxy:3128 http://proxy:3129 .svc,10.0.0.1`;
  const after = 'env | grep -i proxy >$TMP/after || :';
  install('dnf', { before: proxy, after });
  const environment = readFileSync(join(root, 'environment'), 'utf8');
  expect(environment).toBe('http_proxy=http://proxy:3128\nhttps_proxy=http://proxy:3129\nno_proxy=.svc,10.0.0.1\n');
  expect(readFileSync(join(root, 'tmp/after'), 'utf8')).toBe('');
});

test.each<[says: string, hint: RegExp]>([
  [
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.",
    /dpkg --configure -a &&/,
  ],
  ['dpkg: error processing package grub-pc (--configure):', /dpkg --configure -a &&/],
  ["E: Unmet dependencies. Try 'apt --fix-broken install' with no packages", /--fix-broken install$/],
  ['E: Unable to correct problems, you have held broken packages.', /apt-mark showhold/],
  ['E: Could not get lock /var/lib/apt/lists/lock. It is held by process 71 (apt-get)', /unattended-upgrades/],
  [
    "W: Failed to fetch http://deb.debian.org/  Temporary failure resolving 'deb.debian.org'",
    /set proxy in cluster\.yaml/,
  ],
  ["Error: Failed to download metadata for repo 'baseos': Cannot prepare internal mirrorlist", /set proxy/],
  ["Download (curl) error for 'http://download.opensuse.org/'", /set proxy/],
  ['E: Unable to locate package haproxy', /enable the one/],
  ['Error: Unable to find a match: haproxy\nNo match for argument: haproxy', /enable the one/],
  ["'haproxy' not found in package names. Trying capabilities.\nNo provider of 'haproxy' found.", /enable the one/],
  ["W: GPG error: http://x InRelease: The following signatures couldn't be verified: NO_PUBKEY 1", /renew its key/],
  ['This system is not registered with an entitlement server.', /subscription-manager/],
  ['error: this is a read-only file system: /usr', /rpm-ostree/],
])('“%s” has its cure', (says, hint) => {
  expect(packageHint(`Reading package lists...\n${says}`)).toMatch(hint);
});

const need = { command: 'k8s-ha-none', apt: 'none', dnf: 'none', zypper: 'none' };

test('a missing package is refused by the look at a host whose dpkg was interrupted', async () => {
  using host = new LocalHost('/bin/sh');
  mkdirSync(host.path('var/lib/dpkg/updates'), { recursive: true });
  const look = async (state = hostState({ packages: [need] })) => {
    const session = await host.open({ dryRun: true });
    const { facts } = await session.inspect({});
    const result = await session.difference('demo', state).catch((error: unknown) => error);
    await session.close();
    return { facts, result };
  };
  expect((await look()).result).toEqual([{ kind: 'package', subject: 'k8s-ha-none', reason: 'missing' }]);
  writeFileSync(host.path('var/lib/dpkg/updates/0001'), '');
  const { facts, result } = await look();
  expect(facts).toMatchObject({ packageManager: 'apt', isDpkgInterrupted: true });
  expect(result).toMatchObject({
    code: 'PACKAGE_FAILED',
    fields: { host: 'local', hint: expect.stringMatching(/dpkg --configure -a/) },
  });
  expect((await look(hostState({}))).result).toEqual([]);

  // dpkg runs: for unattended upgrades, or for a run that has just been killed.
  const lock = host.path('var/lib/dpkg/lock');
  const holder = spawn('flock', ['-o', lock, 'sleep', '30'], { stdio: 'ignore' });
  try {
    const held = () => spawnSync('flock', ['-n', lock, 'true']).status === 1;
    while (!held()) await sleep(20);
    expect((await look()).facts?.isDpkgInterrupted).toBeUndefined();
  } finally {
    holder.kill();
    await once(holder, 'close');
  }
  // A run of ours was killed while it installed.
  mkdirSync(host.path('var/lib/k8s-ha-action'), { recursive: true });
  writeFileSync(host.path('var/lib/k8s-ha-action/installing'), '');
  expect((await look()).facts?.isDpkgInterrupted).toBeUndefined();
});

test.each(shells)('under %s, dpkg is repaired after a run that was killed, and only then', (_, shell) => {
  const { mark, calls } = { mark: join(root, 'var/lib/k8s-ha-action/installing'), calls: join(root, 'calls') };
  program('dpkg', 'echo "dpkg $*" >>$root/calls');
  program('apt-get', `echo apt-get >>$root/calls; [ -e ${mark} ] && ${brings}`);
  expect(problemIn(install('apt-get', { shell }))).toBeUndefined();
  expect([readFileSync(calls, 'utf8'), existsSync(mark)]).toEqual(['apt-get\n', false]);
  rmSync(join(root, 'bin/demo'));
  writeFileSync(mark, '');
  expect(problemIn(install('apt-get', { shell }))).toBeUndefined();
  expect(readFileSync(calls, 'utf8')).toMatch(/^apt-get\ndpkg .*--configure -a\napt-get\n$/);
});

test.each(shells)('under %s, one of several commands is enough, also for the host’s own list', async (_, shell) => {
  using host = new LocalHost(shell);
  const state = hostState({ packages: [{ ...need, instead: ['k8s-ha-neither', 'cat'] }] });
  for (const _again of [1, 2]) {
    const session = await host.open();
    await session.inspect({});
    expect((await session.apply('demo', state, host.log)).changes).toEqual([]);
    await session.close();
  }
});
