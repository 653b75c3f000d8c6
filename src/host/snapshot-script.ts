import type { BesideQuery } from './beside.ts';
import type { InspectQuery } from './engine.ts';
import { unitPath, type Wanted } from './expand.ts';
import { isLeaving } from './leavings.ts';
import { isPlain, type LedgerEntry, sysctlPath } from './ledger.ts';
import { call } from './quote.ts';
import type { Snapshot } from './snapshot.ts';

/** Calls that read the parts of a state. The host's own lists are read in any case. */
function snapshotCalls(wanted: Wanted): readonly string[] {
  const { state } = wanted;
  const many = (name: string, words: readonly string[]) => (words.length === 0 ? [] : [call(name, ...words)]);
  return [
    ...many('snapshot_paths', [...placesOf(wanted)]),
    ...many(
      'snapshot_links',
      wanted.links.map((link) => link.path),
    ),
    ...many(
      'snapshot_units',
      state.units.map((unit) => unit.name),
    ),
    ...Object.keys(state.sysctls).map((key) => call('snapshot_sysctl', key, sysctlPath(key))),
    ...state.modules.map((module) => call('snapshot_module', module.name, module.check ?? '')),
    ...state.packages.map((need) => call('snapshot_command', need.command, ...(need.instead ?? []))),
    ...state.users.map((user) => call('snapshot_user', user.name)),
  ];
}

function placesOf(wanted: Wanted): ReadonlySet<string> {
  const { directories, files, downloads, state } = wanted;
  return new Set([
    ...[...directories, ...files, ...downloads].map(({ path }) => path),
    ...state.units.flatMap((unit) => [unitPath(unit.name), ...unit.reads]),
    ...state.absent,
  ]);
}

/** The whole request of an inspection. */
export function inspectScript(query: InspectQuery): string {
  const { read = [], certificates = [], withhold = [], paths = [], ask = [], disks = [], claim = false } = query;
  const { beside } = query;
  const many = (name: string, words: readonly string[]) => (words.length === 0 ? [] : [call(name, ...words)]);
  const script = piped([
    ...(beside ? ['beside_begin'] : []),
    'inspect_facts',
    'inspect_listening',
    ...many('inspect_disks', disks),
    ...many('inspect_read', read),
    ...many('inspect_certificates', certificates),
    ...many('inspect_withheld', withhold),
    ...ask.map((command, index) => call('inspect_ask', String(index), command)),
    ...many('snapshot_paths', paths),
    ...(beside ? besideCalls(beside) : []),
    'snapshot_ledger',
    'snapshot_end',
  ]);
  return claim ? `${script}claim_take\n` : script;
}

function besideCalls({
  sysctls,
  units,
  resolvers,
  left,
  modules,
  places,
  services,
  secure,
}: BesideQuery): readonly string[] {
  return [
    call('beside_sysctls', ...sysctls),
    call('beside_units', ...units),
    call('beside_places', ...places),
    call('beside_services', ...services),
    call('beside_secure', ...secure),
    'beside_swap',
    call('beside_resolvers', ...resolvers),
    call('beside_left', ...left),
    call('beside_modules', ...modules.flatMap(({ name, check = '' }) => [name, check])),
    'beside_kernel',
    'beside_end',
  ];
}

/** The request of another snapshot, for things that the host's lists did not name. */
export function snapshotScript(wanted: Wanted): string {
  return piped([...snapshotCalls(wanted), 'snapshot_ledger', 'snapshot_end']);
}

function piped(calls: readonly string[]): string {
  return ['inspect_clock', 'snapshot_begin', '{', ...calls, '} | as_lines', ''].join('\n');
}

/** Whether a snapshot has all that a state is about: it has what was asked for, and what the host's lists name. */
export function snapshotCovers(now: Snapshot, asked: ReadonlySet<string>, wanted: Wanted): boolean {
  const listed = [...now.ledger.values()].flat();
  const looked = new Set([...listed.map(snapshotKey), ...[...now.reads.values()].flat(), ...asked]);
  return snapshotKeys(wanted).every((key) => looked.has(key));
}

/** The keys that a snapshot for a state covers. */
export function snapshotKeys(wanted: Wanted): readonly string[] {
  return [...wanted.ledger.filter((e) => !isPlain(e) && !isLeaving(e)).map(snapshotKey), ...placesOf(wanted)];
}

/** Files, directories and downloads have only their path as key. */
function snapshotKey({ kind, subject }: LedgerEntry): string {
  const byPath = kind === 'file' || kind === 'directory' || kind === 'download' || kind === 'absent';
  return byPath ? subject : `${kind} ${subject}`;
}
