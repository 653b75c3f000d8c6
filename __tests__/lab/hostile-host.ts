import type { Lab } from '../../lab/lab.ts';

// A host that lies. Its SSH server runs our program instead of the runner's command: it starts that command,
// so that everything continues, and changes the lines of its answers by rules.

/** A change of a line of an answer. */
export interface Lie {
  /** A pattern that Perl supports too; it is matched against the complete JSON line. */
  readonly when: RegExp;
  /** Lines that are inserted before it. */
  readonly before?: readonly string[];
  /** Lines in its place; `[]` for none. */
  readonly instead?: readonly string[];
  /** The replacement of the matched part. */
  readonly becomes?: string;
  /** The number of lines of a connection to change. Default: all. */
  readonly times?: number;
}

/** A line of the remote program's answers. */
export function event(kind: string, fields: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ t: kind, ...fields });
}

/** A line of one of its sections. */
export const sectionLine = (section: string, text: string): string => event('line', { s: section, v: text });

const program = '/usr/local/sbin/k8s-ha-lab-liar';
const setting = '/etc/ssh/sshd_config.d/00-liar.conf';

/**
 * Makes a host lie to each SSH session until it is disposed of.
 * @param shell if given, this line of sh runs instead of the requested command, for nonsense of every other kind.
 */
export async function lyingHost(
  lab: Pick<Lab, 'exec'>,
  host: string,
  lies: readonly Lie[],
  { shell }: { readonly shell?: string } = {},
): Promise<AsyncDisposable> {
  await must(lab, host, `cat >${program}; chmod 755 ${program}`, liar(lies, shell));
  await must(lab, host, `echo 'ForceCommand ${program}' >${setting}; systemctl reload ssh`);
  return {
    [Symbol.asyncDispose]: async () => await must(lab, host, `rm -f ${setting} ${program}; systemctl reload ssh`),
  };
}

async function must(lab: Pick<Lab, 'exec'>, host: string, line: string, input = ''): Promise<void> {
  const { status, stderr } = await lab.exec(host, ['sh', '-c', line], { input });
  if (status !== 0) throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}

/** In Perl, which every Debian has; only the session's answers are changed, other commands of the runner run unchanged. */
function liar(lies: readonly Lie[], shell: string | undefined): string {
  const rules = lies.map(
    ({ when, before = [], instead, becomes, times }) =>
      `{ when => qr'${when.source}', before => ${list(before)}, instead => ${instead ? list(instead) : 'undef'}, becomes => ${becomes === undefined ? 'undef' : quoted(becomes)}, left => ${times ?? 1e9} },`,
  );
  return `#!/usr/bin/perl
use strict; use warnings; $| = 1;
my @rules = (
${rules.join('\n')}
);
my $asked = $ENV{SSH_ORIGINAL_COMMAND} // '/bin/bash';
${shell === undefined ? '' : `exec '/bin/sh', '-c', ${quoted(shell)} if $asked =~ /session "/;`}
exec '/bin/sh', '-c', $asked unless $asked =~ /session "/;
open(my $answers, '-|', '/bin/sh', '-c', $asked) or die;
while (my $line = <$answers>) {
  my $kept = 1;
  for my $rule (@rules) {
    next unless $rule->{left} > 0 && $line =~ $rule->{when};
    $rule->{left}--;
    print "$_\\n" for @{$rule->{before}};
    if (defined $rule->{instead}) { print "$_\\n" for @{$rule->{instead}}; $kept = 0; last }
    if (defined $rule->{becomes}) { my ($from, $to) = ($rule->{when}, $rule->{becomes}); $line =~ s/$from/$to/ }
  }
  print $line if $kept;
}
close $answers;
exit($? >> 8);
`;
}

const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
