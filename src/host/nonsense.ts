import { Problem } from '../errors.ts';

/** The answer of a host is not valid for the remote program or a command. Never quotes the answer, because it may contain a key. */
export function hostNonsense(what: string, host?: string): Problem {
  return new Problem(`the host's answer makes no sense: ${what}`, {
    code: 'HOST_NONSENSE',
    host,
    hint: 'Nothing more was done on this host. Log in to it by hand: do its login shell, sudo or sshd print text without an end, or are sh, awk or base64 other programs there? If you cannot explain it, do not trust the host.',
  });
}
