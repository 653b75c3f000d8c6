import type { InspectQuery } from './engine.ts';
import { unitPath, type Wanted } from './expand.ts';
import { type LedgerEntry, sysctlPath } from './ledger.ts';
import { call } from './quote.ts';
import type { Snapshot } from './snapshot.ts';

/** Calls that look at what a state is about. The host's own lists are looked at in any case. */
function lookCalls(wanted: Wanted): readonly string[] {
  const { state } = wanted;
  const many = (name: string, words: readonly string[]) => (words.length === 0 ? [] : [call(name, ...words)]);
  return [
    ...many('look_paths', [...placesOf(wanted)]),
    ...many(
      'look_links',
      wanted.links.map((link) => link.path),
    ),
    ...many(
      'look_units',
      state.units.map((unit) => unit.name),
    ),
    ...Object.keys(state.sysctls).map((key) => call('look_sysctl', key, sysctlPath(key))),
    ...state.modules.map((module) => call('look_module', module.name, module.check ?? '')),
    ...state.packages.map((need) => call('look_command', need.command)),
    ...state.users.map((user) => call('look_user', user.name)),
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
  const many = (name: string, words: readonly string[]) => (words.length === 0 ? [] : [call(name, ...words)]);
  const script = piped([
    'inspect_facts',
    'inspect_listening',
    ...many('inspect_disks', disks),
    ...many('inspect_read', read),
    ...many('inspect_certificates', certificates),
    ...many('inspect_withheld', withhold),
    ...ask.map((command, index) => call('inspect_ask', String(index), command)),
    ...many('look_paths', paths),
    'look_ledger',
    'look_end',
  ]);
  return claim ? `${script}claim_take\n` : script;
}

/** The request of a second look, for things that the host's lists did not name. */
export function lookScript(wanted: Wanted): string {
  return piped([...lookCalls(wanted), 'look_ledger', 'look_end']);
}

function piped(calls: readonly string[]): string {
  return ['inspect_clock', 'look_begin', '{', ...calls, '} | as_lines', ''].join('\n');
}

/** Does a snapshot tell all that a state is about? It tells what it was asked for, and what the host's lists name. */
export function covers(now: Snapshot, asked: ReadonlySet<string>, wanted: Wanted): boolean {
  const listed = [...now.ledger.values()].flat();
  const looked = new Set([...listed.map(lookKey), ...[...now.reads.values()].flat(), ...asked]);
  return lookKeys(wanted).every((key) => looked.has(key));
}

/** What a look for a state covers. */
export function lookKeys(wanted: Wanted): readonly string[] {
  return [...wanted.ledger.filter((e) => e.kind !== 'hosts').map(lookKey), ...placesOf(wanted)];
}

/** Files, directories and downloads are looked at by path alone. */
function lookKey({ kind, subject }: LedgerEntry): string {
  const byPath = kind === 'file' || kind === 'directory' || kind === 'download' || kind === 'absent';
  return byPath ? subject : `${kind} ${subject}`;
}
