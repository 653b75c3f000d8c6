/** The login that a host has refused. */
export interface RefusedLogin {
  readonly user: string;
  readonly status: number;
}

/** A cause: how hosts put it in words, and what cures it. The words are in English, because LC_ALL=C is set where we can. */
interface Cause {
  readonly words: RegExp;
  readonly hint: (login: RefusedLogin, name: string) => string;
}

/** What to do about a refusal, and the line of the host's text that tells it. */
export interface Advice {
  readonly hint: string;
  /** Absent for words that are not known. */
  readonly line?: string;
}

/** The advice for what a host says; for words that are not known, where to look. Pure. */
export function adviceFor(what: 'login' | 'sudo', lines: readonly string[], login: RefusedLogin): Advice {
  const { causes, other } = what === 'sudo' ? sudo : logins;
  for (const { words, hint } of causes) {
    for (const line of lines) {
      const found = words.exec(line);
      if (found !== null) return { hint: hint(login, found.groups?.name ?? ''), line };
    }
  }
  return { hint: other(login) };
}

/** A name in a host's text; only these characters can become part of a hint. */
const name = String.raw`(?:the +)?(?:user(?:name)? +|account +)?["'“‘\x60]?(?<name>(?!(?:an?|the|root|an?other|users?|your|normal|non|ordinary|regular|unprivileged|different|administrator)\b)[A-Za-z_][\w-]*(?:\.[\w-]+)*)`;

/** cloud-init, the images of AWS, Oracle and others: `Please login as the user "debian" rather than the user "root".` */
const otherUser: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:log|sign) ?(?:in|on)(?:to [\w -]{1,40})? (?:as|with|using) +${name}`, 'i'),
  new RegExp(String.raw`\buse +(?:the +)?(?:user(?:name)?|account|login) +${name}`, 'i'),
  new RegExp(String.raw`\bssh (?:-\S+ +)*${name}@`, 'i'),
];

const logins = {
  causes: [
    ...otherUser.map((words) => ({
      words,
      hint: (_: RefusedLogin, user: string) =>
        `Set ssh.user: ${user} in cluster.yaml; the user needs sudo without a password. The host's authorized_keys has a forced command for the key of this user.`,
    })),
    {
      words:
        /(?:log ?in|connect) as (?:a |an |the )?(?:\w+[ -]){0,2}user|root log ?in.{0,20}(?:disabled|not allowed|not permitted)/i,
      hint: () =>
        "Set ssh.user in cluster.yaml to the host's own user for administration; it needs sudo without a password.",
    },
    {
      words:
        /password (?:has |is |was )?expired|password change required|(?:required|must) (?:to )?change your password|expired password/i,
      hint: ({ user }) =>
        `The password of ${user} has expired: on the host, as root: passwd ${user}, or chage -d "$(date +%F)" -M -1 ${user}`,
    },
    {
      words: /account (?:has |is )?expired|expired account/i,
      hint: ({ user }) => `The account of ${user} has expired: on the host, as root: chage -E -1 ${user}`,
    },
    {
      words: /booting up|going down|unprivileged users are not permitted|nologin\b.*exists|under maintenance/i,
      hint: () =>
        'The host starts, stops or is closed for maintenance: wait until it runs; if it does, look at /etc/nologin and /run/nologin.',
    },
    {
      words:
        /account is (?:currently )?(?:not available|disabled|locked)|no shell access|shell access (?:is )?(?:disabled|denied|not)|nologin/i,
      hint: ({ user }) =>
        `The login shell of ${user} refuses logins: on the host, as root: usermod -s /bin/bash ${user}, or set another ssh.user.`,
    },
    {
      words: /\bsftp\b.{0,40}\bonly|only (?:allows? |permits? )?sftp|scponly|\brssh\b/i,
      hint: ({ user }) =>
        `The host allows ${user} file transfers only: remove ForceCommand internal-sftp for the user in sshd_config, and command="…" before the key in authorized_keys, or set another ssh.user.`,
    },
    {
      words:
        /restricted|\brbash\b|lshell|forbidden command|git-shell|unrecognized command|not allowed to (?:execute|run)/i,
      hint: ({ user }) =>
        `The login shell of ${user} allows only some commands: on the host, as root: usermod -s /bin/bash ${user}, or set another ssh.user.`,
    },
    {
      words: /two-factor|second factor|passcode|verification code|\bduo\b|one-time/i,
      hint: ({ user }) =>
        `The host asks for a second factor, which a job cannot give: exempt ${user} with this key from it, or set another ssh.user.`,
    },
    {
      words:
        /not a (?:tty|terminal)|no tty|terminal is required|requires? a (?:tty|terminal)|missing or unsuitable terminal/i,
      hint: ({ user }) =>
        `The login of ${user} starts a program that needs a terminal: let the start-up files of its shell (.bashrc, .profile) and ForceCommand do that only in a terminal, as [ -t 0 ] tells.`,
    },
    {
      words: /too many logins|cannot fork|fork: |resource temporarily unavailable|out of memory|cannot allocate/i,
      hint: ({ user }) =>
        `The host cannot start one more process or login for ${user}: see its memory, and the limits in /etc/security/limits.conf (maxlogins, nproc).`,
    },
    {
      words: /no such file|not found|cannot execute|permission denied/i,
      hint: ({ user }) =>
        `A program of the login is missing or not executable on the host: the login shell of ${user}, /usr/bin/env, sh or, for a user other than root, sudo.`,
    },
  ] satisfies Cause[] as Cause[],
  other: ({ user }: RefusedLogin) =>
    `These are the host's own words. Try ssh ${user}@HOST true, and look at command="…" before the key in authorized_keys, at ForceCommand in sshd_config, and at the login shell of ${user} with its start-up files.`,
};

/** Characters of names of directory services are escaped there (sudoers(5)). */
const inSudoers = (user: string): string => user.replaceAll(/[\\@]/g, '\\$&');

/** sudo reads no file with a dot in its name. dash's echo changes backslashes. */
function sudoersLine(line: string, file: string): string {
  const command = line.includes('\\') ? "printf '%s\\n'" : 'echo';
  return `${command} '${line}' > /etc/sudoers.d/${file.replaceAll(/[^\w-]/g, '-')}`;
}

const sudo = {
  causes: [
    {
      words: /must have a tty|requiretty/i,
      hint: ({ user }) =>
        `sudo wants a terminal, which a job does not have. On the host, as root: ${sudoersLine(`Defaults:${inSudoers(user)} !requiretty`, `${user}-tty`)}`,
    },
    {
      words:
        /password (?:has |is )?expired|account or password|account validation failure|account (?:has |is )?expired/i,
      hint: ({ user }) =>
        `The account or the password of ${user} has expired. On the host, as root: chage -E -1 -M -1 -d "$(date +%F)" ${user}`,
    },
    {
      words: /pam|authentication service|authentication error/i,
      hint: () => 'PAM refuses sudo: see /etc/pam.d/sudo and the journal of the host (journalctl -t sudo).',
    },
    {
      words: /sudo['’:]?(?: command)?:? (?:command )?not found|sudo['’]?: no such file|unknown command:? sudo/i,
      hint: () => 'Install sudo on the host, or set ssh.user: root.',
    },
    {
      words: /syntax error|parse error|no valid sudoers|is owned by|writable|bad permissions/i,
      hint: () => "The host's sudoers is not valid: on the host, as root: visudo -c",
    },
    {
      words: /effective uid|no new privileges|nosuid|setuid/i,
      hint: () =>
        'sudo cannot become root there: its program is not setuid, its file system is mounted nosuid, or sshd runs without new privileges.',
    },
  ] satisfies Cause[] as Cause[],
  other: ({ user }: RefusedLogin) =>
    `On the host, as root: ${sudoersLine(`${inSudoers(user)} ALL=(ALL) NOPASSWD: ALL`, user)}; of several lines for the user the last one counts.`,
};
