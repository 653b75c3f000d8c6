import type { TextFinding } from './finding.ts';

/** Forms of secrets, with the right place for each. Searched in the raw text, so that comments are covered too. */
const kinds: readonly { readonly what: string; readonly pattern: RegExp; readonly hint: string }[] = [
  {
    what: 'a private key',
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/g,
    hint: 'Keys of the cluster are made by the pki action; the SSH key is an input of the actions, from a repository secret.',
  },
  {
    what: 'an age identity',
    pattern: /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]*/gi,
    hint: 'Give the age identity to the actions as an input, from a repository secret.',
  },
  {
    what: 'a GitHub token',
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,})/g,
    hint: 'Give tokens to the workflow as repository secrets.',
  },
  {
    what: 'an access key of AWS',
    pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
    hint: 'Give credentials to the workflow as repository secrets.',
  },
  {
    what: 'a JSON Web Token',
    pattern: /\beyJ[\w-]{8,512}\.eyJ[\w-]{8,2048}\./g,
    hint: 'Tokens of the API are read from the cluster; they have no place in this file.',
  },
  {
    // Six and sixteen characters; with a digit in the second part, so that a long DNS name is not taken for a token.
    what: 'a bootstrap token',
    pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}(?![\w.-])/g,
    hint: 'Bootstrap tokens are created for one run and deleted at its end; this file needs none.',
  },
  {
    what: 'a URL with a password',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:"']{0,200}:[^\s/?#@"']{1,200}@/gi,
    hint: 'Write the URL without user and password, and let the proxy or mirror know the hosts by their addresses.',
  },
  {
    what: 'a workflow expression',
    pattern: /\$\{\{/g,
    hint: 'This file is read as it is, without expressions; secrets are inputs of the actions.',
  },
];

/** Positions of values that look like secrets. The result does not contain the value, so it cannot be printed. */
export function findSecrets(text: string): readonly TextFinding[] {
  return kinds.flatMap(({ what, pattern, hint }) =>
    Array.from(text.matchAll(pattern), ({ index }) => ({
      code: 'CLUSTER_SECRET',
      offset: index,
      message: `This looks like ${what}; secrets must not be in this file.`,
      hint: `Remove it, and if it was ever pushed, replace it. ${hint}`,
    })),
  );
}
