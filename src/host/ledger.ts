import type { HostState } from './state.ts';

/** One thing that a scope placed on a host, as the host's list stores it: a line with tabs between its fields. */
export interface LedgerEntry {
  readonly kind: string;
  readonly subject: string;
  readonly extra: string;
}

/** Lists by scope. */
export type Ledger = ReadonlyMap<string, readonly LedgerEntry[]>;

/** One line of the host’s list. Never throws: missing fields are empty, and further tabs belong to `extra`. */
export function parseEntry(line: string): LedgerEntry {
  const [kind = '', subject = '', ...extra] = line.split('\t');
  return { kind, subject, extra: extra.join('\t') };
}

/** `extra` is what a later run needs besides the name: of a user that the run created, `created`; of a kernel setting, its path below /proc/sys. */
export function entry(kind: string, subject: string, extra = ''): LedgerEntry {
  return { kind, subject, extra };
}

/** The file's text. Each entry is in it once, with the extra of its first occurrence. */
export function ledgerText(entries: readonly LedgerEntry[]): string {
  const lines = new Map(entries.map((e) => [keyOf(e), `${e.kind}\t${e.subject}\t${e.extra}\n`]));
  return [...lines.values()].join('');
}

/** What makes two entries the same: the `extra` does not. */
export function keyOf(e: LedgerEntry): string {
  return `${e.kind}\t${e.subject}`;
}

/** Entries that every look covers: they name nothing to look at. */
export function isPlain({ kind }: Pick<LedgerEntry, 'kind'>): boolean {
  return kind === 'owner' || kind === 'hostname' || kind === 'swap' || kind === 'hosts';
}

/** `net.ipv4.ip_forward` → `net/ipv4/ip_forward`; a key written with slashes keeps its dots, as in sysctl(8). */
export function sysctlPath(key: string): string {
  const firstSlash = key.indexOf('/');
  const firstDot = key.indexOf('.');
  if (firstSlash >= 0 && (firstDot < 0 || firstSlash < firstDot)) return key;
  return key.replaceAll(/[./]/g, (c) => (c === '.' ? '/' : '.'));
}

/** Entries for the parts of a state that are not files: they are compared again, and undone when no longer wanted. */
export function systemEntries(scope: string, state: HostState): readonly LedgerEntry[] {
  return [
    ...(state.owner === undefined ? [] : [entry('owner', state.owner)]),
    // One entry however the name changes: what counts is the name that was found.
    ...(state.hostname === undefined ? [] : [entry('hostname', 'hostname')]),
    ...(state.swapOff ? [entry('swap', 'swap')] : []),
    ...(state.hostEntries.length > 0 ? [entry('hosts', scope)] : []),
    ...state.modules.map((m) => entry('module', m.name, m.check ?? '')),
    ...Object.keys(state.sysctls).map((key) => entry('sysctl', key, sysctlPath(key))),
    ...state.packages.map((p) => entry('package', p.command, p.instead?.join(' '))),
    ...state.users.map((u) => entry('user', u.name)),
    ...state.units.map((u) => entry('unit', u.name)),
    ...state.absent.map((path) => entry('absent', path)),
  ];
}

/** Entries for what programs leave at run time, which stay on the list until a reset. */
export function leavingEntries(leaves: HostState['leaves']): readonly LedgerEntry[] {
  return leaves.map(({ kind, subject }) => entry(kind, subject, kind === 'tuned' ? sysctlPath(subject) : ''));
}
