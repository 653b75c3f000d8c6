import type { RemoteEvent } from './event.ts';
import { type Ledger, parseEntry } from './ledger.ts';
import { hostNonsense } from './nonsense.ts';

/** The current state of a path. */
export interface PathInfo {
  /** The raw mode: type and permissions. */
  readonly mode: number;
  readonly owner: string;
  /** inode:size:mtime:ctime. */
  readonly stat: string;
  /** Empty if the path is not a file. */
  readonly sha256: string;
}

/** What a download put at a path, and its origin. */
export interface SumRecord {
  readonly stat: string;
  readonly sha256: string;
  readonly url: string;
  readonly archive: string;
}

export interface UnitInfo {
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly invocation: string;
  readonly needReload: boolean;
}

/** All facts of a snapshot, by name. What is missing in a map or set does not exist on the host. */
export interface Snapshot {
  readonly ledger: Ledger;
  readonly paths: ReadonlyMap<string, PathInfo>;
  readonly links: ReadonlyMap<string, string>;
  readonly sysctls: ReadonlyMap<string, string>;
  readonly modules: ReadonlySet<string>;
  /** Module → whether our file loads it at boot; missing: no run has handled it. */
  readonly bootModules: ReadonlyMap<string, string>;
  readonly commands: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly sums: ReadonlyMap<string, SumRecord>;
  readonly units: ReadonlyMap<string, UnitInfo>;
  /** What each unit read at its last start: path → value; also `invocation` and `loaded`. */
  readonly started: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What each of our units reads, from the host's list. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** Lines of /etc/hosts. */
  readonly hosts: readonly string[];
  /** Temporary names that an interrupted run may have left. */
  readonly pending: readonly string[];
  /** Scopes whose downloads are there and not yet placed. */
  readonly staged: ReadonlySet<string>;
  readonly hostname: string;
  readonly swap: boolean;
}

/** Lines by section, as the remote program sent them. */
export type Sections = ReadonlyMap<string, readonly string[]>;

/** The lines of an answer by their section, in the order in which they came; other events are ignored. */
export function sectionsOf(events: readonly RemoteEvent[]): Sections {
  const sections = new Map<string, string[]>();
  for (const event of events) {
    if (event.t !== 'line') continue;
    const name = event.s ?? '';
    const lines = sections.get(name);
    if (lines) lines.push(event.v ?? '');
    else sections.set(name, [event.v ?? '']);
  }
  return sections;
}

/** Limit on all entries of the host's lists; a host with all roles has some 200. */
const mostEntries = 20_000;

/**
 * Parses a snapshot. `ledger` needs the events, because its sections alternate by scope.
 * @throws Problem HOST_NONSENSE
 */
export function parseSnapshot(events: readonly RemoteEvent[], sections = sectionsOf(events)): Snapshot {
  const lines = (name: string) => sections.get(name) ?? [];
  const fields = (name: string) => lines(name).map((line) => line.split('\t'));
  return {
    ledger: parseLedger(events),
    paths: new Map(fields('path').map(parsePath)),
    links: new Map(lines('link').flatMap(parseLink)),
    sysctls: new Map(fields('sysctl').map(([key = '', ...value]) => [key, value.join(' ')])),
    modules: new Set(lines('module')),
    bootModules: new Map(fields('modules').map(([name = '', boots = '']) => [name, boots])),
    commands: new Set(lines('command')),
    users: new Set(lines('user')),
    sums: new Map(fields('sums').map(parseSum)),
    units: parseUnits(lines('unit')),
    started: parseStarted(sections),
    reads: new Map(byUnit(sections, 'reads')),
    hosts: lines('hosts'),
    pending: lines('pending'),
    staged: new Set(lines('staged')),
    hostname: lines('hostname')[0] ?? '',
    swap: lines('swap').length > 1,
  };
}

function parseLedger(events: readonly RemoteEvent[]): Ledger {
  const ledger = new Map<string, ReturnType<typeof parseEntry>[]>();
  let scope: ReturnType<typeof parseEntry>[] = [];
  let entries = 0;
  for (const { s, v = '' } of events) {
    if (s === 'scope') {
      if (!/^[a-z][a-z0-9-]{0,99}$/.test(v)) throw hostNonsense('the name of a scope that is not valid');
      scope = [];
      ledger.set(v, scope);
    } else if (s === 'ledger') {
      entries += 1;
      if (entries > mostEntries) throw hostNonsense(`more than ${mostEntries} entries in its lists of what was placed`);
      scope.push(parseEntry(v));
    }
  }
  return ledger;
}

function parsePath([path = '', mode = '', owner = '', stat = '', sha256 = '']: string[]): [string, PathInfo] {
  if (!/^[0-9a-f]{1,8}$/.test(mode) || !/^([0-9a-f]{64})?$/.test(sha256))
    throw hostNonsense('a path without a mode, or with a checksum that is not valid');
  return [path, { mode: Number.parseInt(mode, 16), owner, stat, sha256 }];
}

/** `'/path' -> '/target'`, as stat's %N has it. */
function parseLink(line: string): [string, string][] {
  const match = /^'(.*)' -> '(.*)'$/.exec(line);
  return match?.[1] !== undefined && match[2] !== undefined ? [[match[1], match[2]]] : [];
}

function parseSum([path = '', stat = '', sha256 = '', url = '', archive = '']: string[]): [string, SumRecord] {
  return [path, { stat, sha256, url, archive }];
}

/** Blocks of `Name=value` with empty lines between. */
export function parseUnits(lines: readonly string[]): ReadonlyMap<string, UnitInfo> {
  const units = new Map<string, UnitInfo>();
  let values = new Map<string, string>();
  for (const line of [...lines, '']) {
    const equals = line.indexOf('=');
    if (equals >= 0) values.set(line.slice(0, equals), line.slice(equals + 1));
    if (line !== '') continue;
    const name = values.get('Id');
    if (name !== undefined) units.set(name, unitOf(values));
    values = new Map();
  }
  return units;
}

function unitOf(values: ReadonlyMap<string, string>): UnitInfo {
  const value = (name: string) => values.get(name) ?? '';
  return {
    load: value('LoadState'),
    active: value('ActiveState'),
    sub: value('SubState'),
    invocation: value('InvocationID'),
    needReload: value('NeedDaemonReload') === 'yes',
  };
}

/** Sections that are named `KIND UNIT`. */
function byUnit(sections: Sections, kind: string): [string, readonly string[]][] {
  return [...sections]
    .filter(([name]) => name.startsWith(`${kind} `))
    .map(([name, lines]) => [name.slice(kind.length + 1), lines]);
}

function parseStarted(sections: Sections): Snapshot['started'] {
  const pair = (line: string): [string, string] => {
    const [path = '', value = ''] = line.split('\t');
    return [path, value];
  };
  return new Map(byUnit(sections, 'started').map(([unit, lines]) => [unit, new Map(lines.map(pair))]));
}
