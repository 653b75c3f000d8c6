/** Quotes an argument for sh. */
export function shellQuoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** A simple command for sh. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellQuoted).join(' ');
}
