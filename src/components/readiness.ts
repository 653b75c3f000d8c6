/**
 * A line of sh that succeeds if a process listens on a TCP port. It reads the kernel's own table (proc(5)), so it
 * needs neither ss nor curl on the host: `local:PORT remote:0000 0A`, in hexadecimal; 0A is LISTEN.
 */
export function listens(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':${hex} [0-9A-F]*:0000 0A '`;
}

/** A line of sh that succeeds if systemd reports the unit as active. */
export function isActive(unit: string): string {
  return `systemctl --quiet is-active ${unit}`;
}

/**
 * Lines of sh that retry `check` for some time; if it still fails, they print `reason` and exit with `status`. A restart under the
 * lock waits in this way for a member with a wrong configuration that is being fixed.
 */
export function orRefuse(check: string, reason: string, tries = 8, status = 1): string {
  return [
    'tries=0',
    `until ${check}; do`,
    'tries=$((tries + 1))',
    `[ "$tries" -lt ${tries} ] || { echo "${reason}"; exit ${status}; }`,
    'sleep 1',
    'done',
  ].join('\n');
}

/** Defines `seconds`, which sets `now`: the clock of a host may be changed while a script waits. */
export const secondsSinceBoot = 'seconds() { IFS=. read -r now _ </proc/uptime; }';
