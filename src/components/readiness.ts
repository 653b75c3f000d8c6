/**
 * A line of sh that holds when something listens on a TCP port. It reads the kernel's own table (proc(5)), so that it
 * needs neither ss nor curl on the host: `local:PORT remote:0000 0A`, in hexadecimal, 0A being LISTEN.
 */
export function listens(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':${hex} [0-9A-F]*:0000 0A '`;
}

/** A line of sh that holds while systemd calls the unit active. */
export function isActive(unit: string): string {
  return `systemctl --quiet is-active ${unit}`;
}

/** An argument for sh that is taken as it stands. */
export function shellQuoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** A simple command for sh. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellQuoted).join(' ');
}
