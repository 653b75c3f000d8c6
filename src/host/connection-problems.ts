import { Problem } from '../errors.ts';
import { invalid } from './private-key.ts';
import { redact, redactLines } from './redact.ts';

/** Where a connection goes, and as whom. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

/** What a server has said until a login failed. */
export interface Heard {
  /** Its text before it named its version, and banners during the login. */
  readonly text: string;
  /** Whether the keys were exchanged: the server is an SSH server whose key was verified. */
  readonly isGreeted: boolean;
  /** The methods that it asks for after the key, if it accepted the key as the first of several. */
  readonly wants: readonly string[];
}

/** Temporary states, in the words of pam_nologin and OpenSSH: the next attempt may succeed. */
const temporary = /booting up|going down|MaxStartups|not allowed at this time/i;

/** Whether another attempt may succeed: a booting host, a busy sshd; a refusal of which the host gave no reason. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  const detail = error.fields.detail?.join('\n') ?? '';
  return error.code === 'HOST_UNREACHABLE' || (error.code === 'LOGIN_REFUSED' && (!detail || temporary.test(detail)));
}

/** The SSH library's errors differ only in `level` and text. */
export function classify(to: Endpoint, cause: unknown, heard: Heard): Problem {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const level = 'level' in error ? error.level : undefined;
  if (error instanceof Problem) return error;
  if (error.message.includes('privateKey')) return invalid(error.message.replace(/^.*privateKey:? */, ''));
  if (level === 'client-authentication' || /too many authentication/i.test(error.message))
    return authFailed(to, error, heard);
  if (level === 'agent') return invalid(`the SSH agent failed: ${error.message}`);
  const missing = /no matching (?:[CS]->[CS] )?(.+)/.exec(error.message)?.[1];
  if (level === 'handshake' && missing !== undefined) return noAlgorithm(to, missing, error);
  return heard.isGreeted ? turnedAway(to, heard, error) : unreachable(to, error, heard.text);
}

function authFailed(to: Endpoint, cause: Error, { text, wants }: Heard): Problem {
  const second = `The host accepts the key and also asks for ${wants.join(' or ')} (AuthenticationMethods), which a job cannot give: exempt ${to.user} from it in sshd_config.`;
  const first = `Add the public key to ~${to.user}/.ssh/authorized_keys on the host, or set the right user. A certificate of the key (-cert.pub) is not used: the host must accept the key itself.`;
  return new Problem(`${to.address} does not accept the key for the user ${to.user}`, {
    code: 'SSH_AUTH_FAILED',
    hint: /too many authentication/i.test(cause.message)
      ? 'The agent has more keys than the host lets try (MaxAuthTries): give the right one in ssh-key.'
      : wants.length > 0
        ? second
        : first,
    detail: redactLines(text),
    cause,
  });
}

/** No answer, or none of an SSH server. */
export function unreachable(to: Endpoint, cause: Error, text = ''): Problem {
  const said = redactLines(text);
  const words = said.length === 0 ? reasonOf(cause) : `it says: ${said.join(' ').slice(0, 200)}`;
  return new Problem(`cannot reach ${to.address}:${to.port} by SSH: ${words}`, {
    code: 'HOST_UNREACHABLE',
    hint: temporary.test(text)
      ? 'Its SSH server takes no more logins at the moment: see MaxStartups and PerSourcePenalties in its sshd_config.'
      : 'Check that the host is up, that the address is right, and that no firewall blocks the runner.',
    detail: said,
    cause,
  });
}

/** Node gives the failures of a name's several addresses as an error without a message. */
function reasonOf(cause: Error): string {
  const parts: readonly Error[] = cause instanceof AggregateError ? cause.errors : [cause];
  return parts.map(({ message }) => message).join('; ');
}

/** The server closed the connection after it had seen the key: PAM's account part, or the server's own rules. */
function turnedAway(to: Endpoint, { text }: Heard, cause: Error): Problem {
  const detail = redactLines(text);
  const words = detail.length === 0 ? 'it gives no reason' : `it says: ${detail.join(' ').slice(0, 200)}`;
  return new Problem(`${to.address} ends the login of the user ${to.user}; ${words}`, {
    code: 'LOGIN_REFUSED',
    hint: `On the host, journalctl -t sshd has the reason: an expired account (chage -l ${to.user}), a rule of pam_access or pam_listfile, /etc/nologin or /run/nologin, or a limit of logins.`,
    detail,
    cause,
  });
}

/** `LOGIN_TIMEOUT`: the server answers, and has not let the user in. */
export function slowLogin(to: Endpoint, milliseconds: number): Problem {
  return new Problem(
    `${to.address} has not let the user ${to.user} in within ${milliseconds / 1000} s, though its SSH server answers`,
    {
      code: 'LOGIN_TIMEOUT',
      hint: 'Look for what its login waits for (UseDNS in sshd_config, sssd or LDAP, PAM), or set ssh.loginSeconds in cluster.yaml.',
    },
  );
}

/** What the runner offers of each kind, in the words of sshd_config. The kinds are ssh2's. */
const offers: Readonly<Record<string, string>> = {
  cipher:
    'Ciphers: aes128-gcm@openssh.com, aes256-gcm@openssh.com, aes128-ctr, aes256-ctr, chacha20-poly1305@openssh.com',
  'key exchange algorithm':
    'KexAlgorithms: curve25519-sha256, ecdh-sha2-nistp256, ecdh-sha2-nistp384, ecdh-sha2-nistp521, diffie-hellman-group14-sha256, diffie-hellman-group16-sha512',
  MAC: 'MACs: hmac-sha2-256-etm@openssh.com, hmac-sha2-512-etm@openssh.com, hmac-sha2-256, hmac-sha2-512',
  'host key format': 'HostKeyAlgorithms: ssh-ed25519, ecdsa-sha2-nistp256, rsa-sha2-512, rsa-sha2-256',
};

function noAlgorithm(to: Endpoint, kind: string, cause: Error): Problem {
  const offer = offers[kind];
  return new Problem(`the SSH server of ${to.address} and the runner have no ${kind} in common`, {
    code: 'SSH_ALGORITHMS',
    hint: offer ? `Allow one of these in sshd_config on the host, under ${offer}.` : undefined,
    cause,
  });
}

/** The connection was lost during a request. */
export function lost(cause?: unknown): Problem {
  return new Problem('the connection to the host was lost', {
    code: 'CONNECTION_LOST',
    hint: 'Run the job again: it continues where this one stopped.',
    cause,
  });
}

/** The host's words in an error of the SSH library. */
function reasonIn({ message }: Error): string {
  return redact(message.replace(/^\(SSH\) /, ''));
}

/** A server that accepts the key and opens no session for a command. */
export function noSession({ user }: Endpoint, cause: Error): Problem {
  return new Problem(`the host lets the user ${user} in, and its SSH server starts no command: ${reasonIn(cause)}`, {
    code: 'LOGIN_REFUSED',
    hint: `Check MaxSessions, ForceCommand and Match blocks in sshd_config on the host, as root: sshd -T -C user=${user}`,
    cause,
  });
}

/** `HOST_SILENT`: the server has accepted the login, and in this time no command. */
export function noChannel(milliseconds: number): Problem {
  return new Problem(`the host's SSH server has not started a command within ${milliseconds / 1000} s`, {
    code: 'HOST_SILENT',
    hint: 'Check its load and its disks, then run the job again.',
  });
}

/** The host does not connect to an address of its own network. */
export function notForwarded(address: string, port: number, cause: Error): Problem {
  return new Problem(`the host cannot reach ${address}:${port}: ${reasonIn(cause)}`, {
    code: 'FORWARD_FAILED',
    hint: "Check that a program listens there, and that the host's SSH server allows TCP forwarding (AllowTcpForwarding) or that the host has bash.",
    cause,
  });
}

/** What bash says of an address that it tried, and of one that gives no answer. */
const tried = /connection refused|timed out|no route to host|is unreachable|no answer within/i;

/** After the server has forbidden forwarding: the host's own bash has not connected either, or cannot. */
export function notByBash(address: string, port: number, cause: Error): Problem {
  if (cause instanceof Problem) return cause;
  if (tried.test(cause.message)) return notForwarded(address, port, cause);
  return new Problem(`the host's SSH server forwards no connection, and its bash cannot connect: ${reasonIn(cause)}`, {
    code: 'FORWARD_FORBIDDEN',
    hint: `In its sshd_config: AllowTcpForwarding yes (or local) and a PermitOpen that has ${address}:${port}; in authorized_keys no no-port-forwarding and no restrict before the key. Or install bash.`,
    cause,
  });
}

/** The jump host does not connect to the host behind it. */
export function notThrough(jump: Endpoint, to: Endpoint, cause: Error): Problem {
  if (!isProhibited(cause)) return unreachable(to, cause);
  return new Problem(`the jump host ${jump.address} forwards no connection to ${to.address}:${to.port}`, {
    code: 'FORWARD_FAILED',
    hint: `In its sshd_config: AllowTcpForwarding yes (or local) and PermitOpen for ${jump.user}; in its authorized_keys no no-port-forwarding and no restrict before the key.`,
    cause,
  });
}

/** Codes with which a server refuses a channel. Source: RFC 4254, section 5.1 */
const administrativelyProhibited = 1;
const connectFailed = 2;

/** The server's rules forbid the channel. */
export function isProhibited(cause: unknown): boolean {
  return cause instanceof Error && 'reason' in cause && cause.reason === administrativelyProhibited;
}

/** OpenSSH's answer to one session more than MaxSessions. */
export function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'reason' in cause && (cause.reason === connectFailed || isProhibited(cause));
}
