import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { expand } from '../../src/host/expand.ts';
import { hostState } from '../../src/host/index.ts';
import { snapshotKeys } from '../../src/host/snapshot-script.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

function stateOf(host: LocalHost, content: string) {
  return hostState({
    hostEntries: [{ address: '10.0.0.1', names: ['one', 'first'] }],
    directories: [{ path: host.path('/srv/app'), mode: '750', owner: 'root:root' }],
    files: [
      { path: host.path('/srv/app/conf'), content, mode: '640', owner: 'root:root', secret: false },
      { path: host.path('/srv/app/secret'), content: 'x', mode: '600', owner: 'root:root', secret: true },
    ],
    absent: [host.path('/srv/old')],
  });
}

function chownChmod(path: string): void {
  chownSync(path, 0, 65534);
  chmodSync(path, 0o775);
}

/** Files that sessions leave in memory, except their locks and the claim. */
function leftIn(host: LocalHost): readonly string[] {
  return readdirSync(host.path('run/k8s-ha-action')).filter((name) => !/^(lock|claim-lock|claim)$/.test(name));
}

describe.each(shells)('the remote program under %s', (_, shell) => {
  test('places everything that a state lists, then finds nothing to change, and removes everything again', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/srv/old/deep'), { recursive: true });
    const content = `it's "quoted" \\ $HOME \`x\`\nüñ\ttab\n`;
    const session = await host.open();
    const applied = await session.apply('demo', stateOf(host, content), host.log);
    expect(applied.changes.map(({ kind, subject, reason }) => [kind, subject.replace(host.root, ''), reason])).toEqual([
      ['hosts', '/etc/hosts', 'missing'],
      ['directory', '/srv/app', 'missing'],
      ['file', '/srv/app/conf', 'missing'],
      ['file', '/srv/app/secret', 'missing'],
      ['remove', '/srv/old', 'must not exist'],
    ]);
    expect(readFileSync(host.path('/srv/app/conf'), 'utf8')).toBe(content);
    expect(statSync(host.path('/srv/app/conf')).mode & 0o7777).toBe(0o640);
    expect(statSync(host.path('/srv/app')).mode & 0o7777).toBe(0o750);
    expect(existsSync(host.path('/srv/old'))).toBe(false);
    expect(readFileSync(host.path('/etc/hosts'), 'utf8')).toBe(
      '127.0.0.1 localhost\n# BEGIN k8s-ha-action demo\n10.0.0.1 one first\n# END k8s-ha-action demo\n',
    );
    expect(await session.difference('demo', stateOf(host, content))).toEqual([]);
    expect((await session.apply('demo', stateOf(host, content), host.log)).changes).toEqual([]);
    await session.apply('demo', hostState({}), host.log);
    expect(readFileSync(host.path('/etc/hosts'), 'utf8')).toBe('127.0.0.1 localhost\n');
    expect(readdirSync(host.path('/srv'))).toEqual([]);
    expect(readdirSync(host.path('/var/lib'))).toEqual([]);
    await session.close();
    expect(leftIn(host)).toEqual([]);
  });

  test('takes one round trip when nothing differs, and a second one for all changes', async () => {
    using host = new LocalHost(shell);
    const session = await host.open();
    await session.inspect({ paths: snapshotKeys(expand('demo', stateOf(host, 'one'))) });
    await session.apply('demo', stateOf(host, 'one'), host.log);
    await session.close();
    expect(host.requests).toBe(2);
    const again = await host.open();
    await again.inspect({ paths: snapshotKeys(expand('demo', stateOf(host, 'one'))) });
    expect((await again.apply('demo', stateOf(host, 'one'), host.log)).changes).toEqual([]);
    await again.close();
    expect(host.requests).toBe(3);
  });

  test('detects drift of content, mode and type, and fixes only that', async () => {
    using host = new LocalHost(shell);
    const session = await host.open();
    await session.apply('demo', stateOf(host, 'one\n'), host.log);
    writeFileSync(host.path('/srv/app/conf'), 'edited\n');
    execFileSync('chmod', ['644', host.path('/srv/app/secret')]);
    execFileSync('chmod', ['755', host.path('/srv/app')]);
    await session.inspect({});
    const changes = await session.difference('demo', stateOf(host, 'one\n'));
    expect(changes.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['directory', 'mode 755 → 750'],
      ['file', 'content differs'],
      ['file', 'mode 644 → 600'],
    ]);
    await session.apply('demo', stateOf(host, 'one\n'), host.log);
    expect(await session.difference('demo', stateOf(host, 'one\n'))).toEqual([]);
    await session.close();
  });

  test('answers questions, reads files by pattern with every byte, and reports facts', async () => {
    using host = new LocalHost(shell);
    writeFileSync(host.path('/etc/a.pem'), 'no line end');
    writeFileSync(host.path('/etc/b.pem'), 'two\n\nlines\n\n');
    writeFileSync(host.path('/etc/empty.pem'), '');
    const session = await host.open({ dryRun: true });
    const found = await session.inspect({
      read: [host.path('/etc/*.pem'), host.path('/nowhere/*')],
      ask: ['printf "a\\nb"; exit 3', 'echo c', 'true'],
      // Other tests write to the disk between two snapshots, but not to the devices.
      disks: ['/', '/dev', '/dev/nowhere/at/all'],
    });
    expect([...found.files].map(([path, content]) => [path.replace(host.root, ''), content])).toEqual([
      ['/etc/a.pem', 'no line end'],
      ['/etc/b.pem', 'two\n\nlines\n\n'],
      ['/etc/empty.pem', ''],
    ]);
    expect(found.answers).toEqual([
      { status: 3, stdout: 'a\nb' },
      { status: 0, stdout: 'c\n' },
      { status: 0, stdout: '' },
    ]);
    expect(found.scopes).toEqual([]);
    expect(found.facts.cpus).toBeGreaterThan(0);
    expect(found.facts.memoryMiB).toBeGreaterThan(100);
    expect(found.facts.freeMiB['/']).toBeGreaterThan(0);
    expect(found.facts.freeMiB['/dev/nowhere/at/all']).toBe(found.facts.freeMiB['/dev']);
    expect(Math.abs(found.facts.clockSkewMs)).toBeLessThan(5000);
    expect(found.facts.addresses).toContainEqual({ interface: 'lo', address: '127.0.0.1', prefix: 8 });
    await session.close();
  });

  test('works in its own environment: the host’s variables do not change its behaviour', async () => {
    using host = new LocalHost(shell);
    Object.assign(host.environment, {
      https_proxy: 'http://127.0.0.1:9',
      ETCDCTL_ENDPOINTS: 'https://elsewhere:2379',
      KUBECONFIG: '/nowhere',
      LD_PRELOAD: '/nowhere.so',
      IFS: '/',
      GREP_OPTIONS: '--invert-match',
      POSIXLY_CORRECT: '1',
      TAR_OPTIONS: '--exclude=*',
      LC_ALL: 'C.UTF-8',
      ENV: '/nowhere',
      BASH_ENV: '/nowhere',
      HOME: '/nowhere',
      'BASH_FUNC_printf%%': '() { echo hijacked; }',
    });
    const session = await host.open();
    const { answers } = await session.inspect({ ask: ['env | cut -d = -f 1 | sort', 'echo $HOME; echo $LC_ALL; pwd'] });
    const names = (answers[0]?.stdout ?? '').split('\n').filter((name) => name && name !== '_' && name !== 'OLDPWD');
    // Some shells set PWD and SHLVL themselves.
    const own = ['HOME', 'K8S_HA_TEST_ROOT', 'LC_ALL', 'PATH', 'SSH_CONNECTION', 'TMPDIR'];
    expect(names.filter((name) => name !== 'PWD' && name !== 'SHLVL')).toEqual(own);
    expect(answers[1]?.stdout).toMatch(/^\S+\/run\/\S+\nC\n\/\n$/);
    await session.apply('demo', stateOf(host, 'x'), host.log);
    expect(await session.difference('demo', stateOf(host, 'x'))).toEqual([]);
    await session.close();
  });

  test('no line of a file or of a command passes for a section, or swallows one', async () => {
    using host = new LocalHost(shell);
    const forged = ['\u0001status', '0 0', '\u0001scope', 'forged', '\u0001ask 0"', 'x', '\u0001 path', '\u0001'];
    const last = '10.0.0.9 without-a-line-end';
    writeFileSync(host.path('/etc/hosts'), `127.0.0.1 localhost\n${forged.join('\n')}\n${last}`);
    const session = await host.open({ dryRun: true });
    const question = `cat ${host.path('/etc/hosts')}; exit 7`;
    const { answers, scopes } = await session.inspect({ ask: [question, 'printf "no end"'] });
    const plain = forged.map((line) => line.replaceAll('\u0001', ''));
    expect(answers).toEqual([
      { status: 7, stdout: ['127.0.0.1 localhost', ...plain, last].join('\n') },
      { status: 0, stdout: 'no end' },
    ]);
    expect(scopes).toEqual([]);
    // The section after this file lists the state.
    mkdirSync(host.path('/srv/app'), { recursive: true, mode: 0o750 });
    mkdirSync(host.path('/var/lib/k8s-ha-action'));
    writeFileSync(host.path('/var/lib/k8s-ha-action/pending'), '/nothing');
    const { directories } = stateOf(host, '');
    expect(await session.difference('demo', hostState({ directories }))).toEqual([]);
    await session.close();
  });

  test('a dry run changes nothing on the host', async () => {
    using host = new LocalHost(shell);
    const before = execFileSync('find', [host.root, '-printf', '%p %T@ %m\n']).toString();
    const session = await host.open({ dryRun: true });
    await session.inspect({});
    expect((await session.difference('demo', stateOf(host, 'x'))).length).toBe(4);
    await expect(session.apply('demo', stateOf(host, 'x'), host.log)).rejects.toThrow('may change nothing');
    await session.close();
    const after = execFileSync('find', [host.root, '-printf', '%p %T@ %m\n']).toString();
    const still = (text: string) => text.replaceAll(/^\S*\/run[/ ].*\n/gm, '');
    expect(still(after)).toBe(still(before));
  });

  test('one run at a time: another waits, and gets the holder’s name', async () => {
    using host = new LocalHost(shell);
    const first = await host.open({ holder: 'run 7 of deploy' });
    const refused = await host.open({ lockSeconds: 1 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect((refused as Problem).code).toBe('HOST_LOCKED');
    expect((refused as Problem).message).toContain('run 7 of deploy');
    expect(host.log.lines.join('\n')).toContain('waiting for run 7 of deploy');
    const waiting = host.open({ lockSeconds: 20 });
    await first.close();
    await (await waiting).close();
    const readers = await Promise.all([host.open({ dryRun: true }), host.open({ dryRun: true })]);
    await Promise.all(readers.map(async (session) => await session.close()));
  });

  test('a read-only session is not disturbed by a run that starts and removes the files of a dead run', async () => {
    using host = new LocalHost(shell);
    const dead = spawnSync('true').pid;
    mkdirSync(host.path(`run/k8s-ha-action/ask.${dead}.abcdef`), { recursive: true });
    const asking = await host.open({ readOnly: true });
    await asking.inspect({});
    const changing = await host.open();
    expect((await asking.inspect({})).facts.architecture).not.toBe('');
    expect(leftIn(host).filter((name) => name.startsWith('ask.'))).toHaveLength(1);
    await asking.close();
    await changing.close();
    expect(leftIn(host)).toEqual([]);
  });

  test('a directory in the place of a file is a problem that names it, and no other file changes', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/srv/app/conf'), { recursive: true });
    const session = await host.open();
    const failed = await session.apply('demo', stateOf(host, 'x'), host.log).catch((error: unknown) => error);
    expect((failed as Problem).code).toBe('WRONG_TYPE');
    expect((failed as Problem).fields).toMatchObject({ host: 'local', file: host.path('/srv/app/conf') });
    await session.close();
  });

  test('a link at the temporary name of a file is not followed', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/srv/app'), { recursive: true });
    // For a new file, and for an existing one.
    writeFileSync(host.path('/victim'), 'mine');
    symlinkSync(host.path('/nowhere'), host.path('/srv/app/.k8s-ha-action.secret'));
    symlinkSync(host.path('/victim'), host.path('/srv/app/.k8s-ha-action.conf'));
    const session = await host.open();
    await session.apply('demo', stateOf(host, 'x'), host.log);
    expect(readFileSync(host.path('/srv/app/secret'), 'utf8')).toBe('x');
    expect(existsSync(host.path('/nowhere'))).toBe(false);
    expect(readFileSync(host.path('/victim'), 'utf8')).toBe('mine');
    await session.close();
  });

  test.each([
    ['belongs to nobody', (path: string) => chownSync(path, 65534, 65534)],
    ['can be written by other users (mode 757)', (path: string) => chmodSync(path, 0o757)],
    ['can be written by other users (mode 1777)', (path: string) => chmodSync(path, 0o1777)],
    ['can be written by other users (mode 775)', (path: string) => chownChmod(path)],
  ])('a path to a file that %s is refused before anything is changed', async (what, open) => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/home/ops/app'), { recursive: true });
    symlinkSync(host.path('/home/ops/app'), host.path('/srv'));
    open(host.path('/home/ops'));
    const session = await host.open();
    const failed = await session.apply('demo', stateOf(host, 'x'), host.log).catch((error: unknown) => error);
    expect((failed as Problem).code).toBe('PLACE_INSECURE');
    expect((failed as Problem).message).toBe(`${host.path('/home/ops')} ${what}`);
    expect(readdirSync(host.path('/home/ops/app'))).toEqual([]);
    expect(readdirSync(host.path('/var/lib'))).toEqual([]);
    await session.close();
  });

  test('a link to a directory is accepted like the directory', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/data'), { mode: 0o750 });
    mkdirSync(host.path('/srv'));
    symlinkSync(host.path('/data'), host.path('/srv/app'));
    const session = await host.open();
    await session.apply('demo', stateOf(host, 'x'), host.log);
    expect(readFileSync(host.path('/data/conf'), 'utf8')).toBe('x');
    expect(await session.difference('demo', stateOf(host, 'x'))).toEqual([]);
    await session.close();
  });
});

test('shellcheck finds no problem in any part of the program', () => {
  const folder = join(import.meta.dirname, '../../src/host/remote');
  const parts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
  const sessions = parts.filter((name) => name !== 'record-start.sh');
  for (const names of [sessions, ['base.sh', 'describe.sh', 'record-start.sh']]) {
    // One program of several files, which has no comments: the directive of each file would be in the middle.
    const script = names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const plain = script.replaceAll(/^# shellcheck shell=dash$/gm, '');
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'dash', '-e', 'SC2034,SC2046', '-'], {
      input: plain,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  }
});
