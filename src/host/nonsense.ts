import { Problem } from '../errors.ts';

/** What a host answered cannot be what the remote program or a command says. Never quotes the answer: it may hold a key. */
export function hostNonsense(what: string, host?: string): Problem {
  return new Problem(`the host's answer makes no sense: ${what}`, {
    code: 'HOST_NONSENSE',
    host,
    hint: 'Nothing more was done on this host. Log in to it by hand: do its login shell, sudo or sshd print text of their own, or are sh, awk or base64 other programs there? If you cannot explain it, do not trust the host.',
  });
}
