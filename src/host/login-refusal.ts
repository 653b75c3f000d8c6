import { Problem } from '../errors.ts';
import { cutLine } from '../plain-text.ts';
import type { HostAddress } from './engine.ts';
import { ended } from './exchange-problems.ts';
import { adviceFor, type RefusedLogin } from './login-causes.ts';
import type { LoginMark } from './login-mark.ts';
import { redactLines } from './redact.ts';

/** Lines of a host's text that an error shows, and characters of the one in its message. */
const mostLines = 15;
const mostCharacters = 200;

/**
 * The end of a session before its answer: with a status and without the mark, the host has run something else in place of the
 * command; otherwise the connection was lost.
 */
export function endOf(host: HostAddress, mark: LoginMark, stderr: string, status: number | undefined): Problem {
  if (mark.passed || status === undefined) return ended(host, mark.passed ? mark.after(stderr) : said(mark, stderr));
  return loginRefused(host, linesOf(said(mark, stderr)), { user: host.user, status });
}

/** `LOGIN_REFUSED` or `SUDO_REFUSED`: the host's own words, and the cause if they are known. */
function loginRefused(host: HostAddress, detail: readonly string[], login: RefusedLogin): Problem {
  if (isSudo(host, detail)) {
    const message = `the user ${host.user} cannot become root by sudo without a password`;
    const { hint } = adviceFor('sudo', detail, login);
    return new Problem(message, { code: 'SUDO_REFUSED', host: host.name, hint, detail });
  }
  const { hint, line = detail.at(-1) } = adviceFor('login', detail, login);
  const words = line === undefined ? 'it says nothing' : `it says: ${cutLine(line.trim(), mostCharacters)}`;
  const message = `the host lets the user ${host.user} in, and runs no command (status ${login.status}); ${words}`;
  return new Problem(message, { code: 'LOGIN_REFUSED', host: host.name, hint, detail });
}

/** The host accepted the key, and after this time the command has not begun. */
export function silentLogin(host: HostAddress, milliseconds: number, mark: LoginMark, stderr: string): Problem {
  return new Problem(`the host has sent nothing for ${milliseconds / 1000} s after the login of ${host.user}`, {
    code: 'HOST_SILENT',
    host: host.name,
    hint: 'Check its load and its disks, and that no start-up file of the login shell (.bashrc, .zshenv, /etc/profile.d) and no ForceCommand waits for input or starts another shell; then run the job again.',
    detail: linesOf(said(mark, stderr)),
  });
}

function linesOf(text: string): readonly string[] {
  return redactLines(text).slice(-mostLines);
}

function said(mark: LoginMark, stderr: string): string {
  return `${stderr}\n${mark.words}`;
}

/** How sudo and shells begin what they say of sudo. Without it, the session has ended before sudo began. */
const sudoWords = /^(?:[\w/.-]+: )*(?:line \d+: )?['‘]?sudo(?:-rs)?['’]?:|\bsudoers\b|^sorry, user/i;

function isSudo(host: HostAddress, lines: readonly string[]): boolean {
  return host.user !== 'root' && lines.some((line) => sudoWords.test(line));
}
