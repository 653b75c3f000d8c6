import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { connect } from '../../src/host/connection.ts';
import { openHost } from '../../src/host/index.ts';
import { adviceFor } from '../../src/host/login-causes.ts';
import { runCommand } from '../../src/host/run.ts';
import { openSession } from '../../src/host/session.ts';
import { RecordingLog } from '../../src/log.ts';
import { SpokenHost, spokenHost } from './spoken-host.ts';
import { Sshd } from './sshd.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

const log = new RecordingLog();
const root = mkdtempSync(join(tmpdir(), 'k8s-ha-login-'));
let sshd: Sshd;
beforeAll(async () => {
  for (const path of ['run', 'etc/systemd/system', 'var/lib']) mkdirSync(join(root, path), { recursive: true });
  sshd = await Sshd.start();
});
afterAll(async () => {
  await sshd[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

/** Restarts the server with a script in place of the command of each login. */
async function forced(script: string): Promise<void> {
  sshd.stop();
  writeFileSync(join(root, 'forced'), script);
  await sshd.run([script === 'internal-sftp' ? `ForceCommand ${script}` : `ForceCommand sh ${join(root, 'forced')}`]);
}

const access = () => ({ privateKey: sshd.read('user'), knownHosts: sshd.known('ed25519'), retries: 2 });
const asRoot = () => ({ ...sshd.host, user: 'root' });
const open = async () => await openHost(asRoot(), access(), { dryRun: true, readOnly: true, log });

/** Runs the command of the login, with the folder of the test as the root of its program. */
const own = `exec sh -c "$(printf %s "$SSH_ORIGINAL_COMMAND" | sed 's|env -i |env -i K8S_HA_TEST_ROOT=${root} |')"`;

test.each<[what: string, script: string, message: RegExp, hint: RegExp]>([
  [
    'the name of the user to use, as cloud images do',
    `echo; echo 'Please login as the user "debian" rather than the user "root".'; echo; sleep 0.2; exit 142`,
    /status 142\); it says: Please login as the user "debian"/,
    /^Set ssh\.user: debian in cluster\.yaml/,
  ],
  ['that it serves files only', 'internal-sftp', /sftp connections only/, /ForceCommand internal-sftp/],
  ['nothing', 'exit 7', /status 7\); it says nothing$/, /own words\. Try ssh /],
])('a server that says %s is a refusal with its words and the cause', async (_, script, message, hint) => {
  await forced(script);
  const refusal = { code: 'LOGIN_REFUSED', message: expect.stringMatching(message) };
  const fields = { host: 'local', hint: expect.stringMatching(hint) };
  await expect(open()).rejects.toMatchObject({ ...refusal, fields });
  const connection = await connect(asRoot(), access(), log);
  await expect(runCommand(connection, asRoot(), 'true', {})).rejects.toMatchObject({ ...refusal, fields });
  connection.close();
});

test.each<[what: string, script: string]>([
  ['a line', 'echo Welcome; echo careful >&2;'],
  ['the title of a terminal, without a line end', String.raw`printf '\033]0;host\007'; printf 'tty?' >&2;`],
  ['lines of our own protocol', `echo '{"t":"ready"}'; printf '{"t":"begin","id":"';`],
  ['the command that it was given', 'echo "$SSH_ORIGINAL_COMMAND"; set -x;'],
])('a login that prints %s changes no answer', async (_, script) => {
  await forced(`${script} ${own}`);
  const session = await open();
  const { answers } = await session.inspect({ ask: ['echo answer'] });
  const run = await session.run('cat; printf out; echo err >&2; exit 3', { input: 'in ' });
  await session.close();
  expect(answers).toEqual([{ status: 0, stdout: 'answer\n' }]);
  expect(run).toEqual({ status: 3, stdout: 'in out', stderr: 'err\n' });
});

test('text of a login is cleaned and without secrets, and has an end', async () => {
  await forced(String.raw`printf '\033[31m::error::x ##[stop]\r\n'; echo password=hunter2hunter2; exit 1`);
  const problem = await open().then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error : undefined),
  );
  expect(problem?.fields.detail).toEqual(['::error::x ##[stop]', 'password=[removed]']);
  await forced('yes');
  await expect(open()).rejects.toMatchObject({
    code: 'HOST_NONSENSE',
    message: expect.stringMatching(/its login prints more than 256 KiB/),
  });
});

test('a login that runs something else without an end is silent, with what it printed', async () => {
  using host = new SpokenHost('echo 1: reboot; echo 2: exit; sleep 30', false);
  await expect(host.open({ startMs: 2000 })).rejects.toMatchObject({
    code: 'HOST_SILENT',
    message: expect.stringMatching(/nothing for 2 s after the login of root/),
    fields: { detail: ['1: reboot', '2: exit'], hint: expect.stringMatching(/start-up file of the login shell/) },
  });
});

test.each<[says: string, hint: RegExp]>([
  ['sudo: a password is required', /NOPASSWD: ALL/],
  ['sudo-rs: interactive authentication is required', /NOPASSWD: ALL/],
  ['sudo: sorry, you must have a tty to run sudo', /!requiretty/],
  ['sudo: Account or password is expired, reset your password and try again', /chage -E -1 -M -1/],
  ['sudo: account validation failure, is your account locked?', /chage/],
  ['bash: line 1: sudo: command not found', /Install sudo/],
  ["env: 'sudo': No such file or directory", /Install sudo/],
  ['sudo: PAM account management error: Permission denied', /pam\.d\/sudo/],
  ['/etc/sudoers.d/ops:1:5: syntax error', /visudo -c/],
  ['sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the nosuid option set?', /setuid/],
  ["Sorry, user ops is not allowed to execute '/usr/bin/env -i' as root on node-1.", /NOPASSWD: ALL/],
])('“%s” is a refusal of sudo with its cure', async (says, hint) => {
  using host = new SpokenHost(`echo Welcome; echo "${says}" >&2; exit 1`, false);
  const options = { dryRun: true, log };
  await expect(openSession({ ...spokenHost, user: 'ops' }, host, options)).rejects.toMatchObject({
    code: 'SUDO_REFUSED',
    fields: { host: 'local', hint: expect.stringMatching(hint), detail: [says, 'Welcome'] },
  });
});

test('a login as a user who is not root is not refused by sudo when sudo is only named', async () => {
  using host = new SpokenHost("echo 'Please login as the user ec2-user, and use sudo.'; exit 1", false);
  const opening = openSession({ ...spokenHost, user: 'ops' }, host, { dryRun: true, log });
  await expect(opening).rejects.toMatchObject({
    code: 'LOGIN_REFUSED',
    fields: { hint: expect.stringMatching(/ssh\.user: ec2-user/) },
  });
});

test.each<[says: string, hint: RegExp]>([
  ['Please login as the user "ec2-user" rather than the user "root".', /ssh\.user: ec2-user in/],
  ['Please log in as admin.', /ssh\.user: admin in/],
  ['You must sign in using the account ‘opc’', /ssh\.user: opc in/],
  ["Root login is off: use user 'ubuntu' instead", /ssh\.user: ubuntu in/],
  ['Try: ssh core@203.0.113.7', /ssh\.user: core in/],
  ['Please log in as a normal user', /own user for administration/],
  ['This account is currently not available.', /usermod -s/],
  ['WARNING: Your password has expired.', /passwd root/],
  ['You are required to change your password immediately (administrator enforced).', /passwd root/],
  ['Your account has expired; please contact your system administrator.', /chage -E -1 root/],
  ['"System is booting up. Unprivileged users are not permitted to log in yet."', /\/run\/nologin/],
  ["fatal: unrecognized command 'env'", /allows only some commands/],
  ["bash: /usr/bin/env: restricted: cannot specify `/' in command names", /allows only some commands/],
  ['Duo two-factor login for ops', /second factor/],
  ['open terminal failed: not a terminal', /\[ -t 0 \]/],
  ["Too many logins for 'root'.", /maxlogins/],
  ['/bin/bash: /usr/bin/env: No such file or directory', /missing or not executable/],
])('“%s” has its cure', (says, hint) => {
  const advice = adviceFor('login', ['Welcome to node-1', says], { user: 'root', status: 1 });
  expect(advice).toEqual({ hint: expect.stringMatching(hint), line: says });
});

test('the line for sudoers is valid for users of a directory service, in a file that sudo reads', () => {
  const hint = (user: string) => adviceFor('sudo', ['sudo: a password is required'], { user, status: 1 }).hint;
  expect(hint('ops')).toContain("echo 'ops ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops;");
  const corp = hint('svc@corp.example');
  expect(corp).toContain(
    String.raw`printf '%s\n' 'svc\@corp.example ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/svc-corp-example;`,
  );
  expect(hint(String.raw`CORP\svc`)).toContain(
    String.raw`'CORP\\svc ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/CORP-svc;`,
  );
});
