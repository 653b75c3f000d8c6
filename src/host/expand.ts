import { createHash } from 'node:crypto';
import { Problem } from '../errors.ts';
import { entry, type LedgerEntry, leavingEntries, systemEntries } from './ledger.ts';
import { recordStartScript } from './remote/program.ts';
import type { Directory, Download, HostFile, HostState, Unit } from './state.ts';

/** The engine's own directory on the host. */
export const stateDirectory = '/var/lib/k8s-ha-action';
const unitDirectory = '/etc/systemd/system';

/** A wanted file, and how it is reported. */
export interface WantedFile extends HostFile {
  /** The unit that this file belongs to. */
  readonly unit?: string;
  /** A file of the engine: never reported separately. */
  readonly internal?: boolean;
}

export interface WantedLink {
  readonly path: string;
  readonly target: string;
  readonly unit?: string;
}

/** One target path of a download. */
export interface WantedDownload {
  readonly download: Download;
  /** The member's name in an archive; absent if the download is the file itself. */
  readonly member?: string;
  readonly path: string;
}

/** A state, divided into parts that are compared and placed one by one. */
export interface Wanted {
  readonly scope: string;
  readonly state: HostState;
  readonly directories: readonly Directory[];
  readonly files: readonly WantedFile[];
  readonly links: readonly WantedLink[];
  readonly downloads: readonly WantedDownload[];
  /** The scope's list on the host after all this is in place. */
  readonly ledger: readonly LedgerEntry[];
}

/**
 * Divides a state into its parts. Each unit adds files: its text, the link that enables it, a drop-in that records
 * what it reads at each start, and the list of those paths.
 */
export function expand(scope: string, state: HostState): Wanted {
  checkNames(scope, state);
  const directories = [...state.directories, ...state.units.filter(isService).map((u) => dropInDirectory(u.name))];
  const files = [...state.files, ...sysctlFile(scope, state), ...recordStart(state), ...state.units.flatMap(unitFiles)];
  const swap = state.swapOff ? [{ path: `${unitDirectory}/swap.target`, target: '/dev/null' }] : [];
  const links = [...swap, ...state.units.flatMap(enablingLinks)];
  const downloads = state.downloads.flatMap(places);
  const ledger = [
    ...systemEntries(scope, state),
    ...directories.map((d) => entry('directory', d.path)),
    ...files.map((f) => entry('file', f.path)),
    ...links.map((l) => entry('link', l.path)),
    ...downloads.map((d) => entry('download', d.path)),
    ...leavingEntries(state.leaves),
  ];
  return { scope, state, directories, files, links, downloads, ledger };
}

/** Lower-case hex, as sha256sum(1) on the host prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a wanted file, also if only the host knows its content. */
export function hashOf(file: HostFile): string {
  return file.sha256 ?? sha256(file.content);
}

function isService(unit: Unit): boolean {
  return unit.name.endsWith('.service');
}

/** The path of a unit file; `name` has its suffix. */
export function unitPath(name: string): string {
  return `${unitDirectory}/${name}`;
}

function dropInDirectory(name: string): Directory {
  return { path: `${unitPath(name)}.d`, mode: '755', owner: 'root:root' };
}

function rootFile(path: string, content: string, more: Partial<WantedFile> = {}): WantedFile {
  return { path, content, mode: '600', owner: 'root:root', secret: false, ...more };
}

function unitFiles(unit: Unit): readonly WantedFile[] {
  const { name } = unit;
  const reads = rootFile(`${stateDirectory}/reads/${name}`, unit.reads.map((path) => `${path}\n`).join(''), {
    unit: name,
    internal: true,
  });
  const text = rootFile(unitPath(name), unit.content, { unit: name });
  return isService(unit) ? [reads, text, dropIn(unit)] : [reads, text];
}

/**
 * Runs by sh, because /var may be mounted noexec or be labelled against execution. A failed record must not keep a service from starting.
 * It is an ExecCondition only to run early: it comes before the unit's own ExecStartPre, which may wait for hours, and the record
 * must also exist for a unit that still waits.
 */
function dropIn(unit: Unit): WantedFile {
  const script = `${stateDirectory}/bin/record-start`;
  const line = `ExecCondition=-+/bin/sh ${script} ${unit.name} ${sha256(unit.content)}`;
  return rootFile(`${unitPath(unit.name)}.d/10-k8s-ha-action.conf`, `[Service]\n${line}\n`, {
    unit: unit.name,
    internal: true,
  });
}

function recordStart(state: HostState): readonly WantedFile[] {
  if (state.units.length === 0) return [];
  return [rootFile(`${stateDirectory}/bin/record-start`, recordStartScript, { internal: true })];
}

function enablingLinks(unit: Unit): readonly WantedLink[] {
  const targets = [...unit.content.matchAll(/^WantedBy=(.*)$/gm)].flatMap(
    (match) => match[1]?.trim().split(/\s+/) ?? [],
  );
  return (targets.length > 0 ? targets : ['multi-user.target']).map((target) => ({
    path: `${unitDirectory}/${target}.wants/${unit.name}`,
    target: unitPath(unit.name),
    unit: unit.name,
  }));
}

/**
 * The file of a scope's kernel settings. Of several files that set a key, the last one by name wins at boot (sysctl.d(5)), and those of
 * hardening baselines are called 99-….
 */
export function sysctlFilePath(scope: string): string {
  return `/etc/sysctl.d/zzz-k8s-ha-action-${scope}.conf`;
}

function sysctlFile(scope: string, state: HostState): readonly WantedFile[] {
  const lines = Object.entries(state.sysctls).map(([key, value]) => `${key} = ${value}\n`);
  if (lines.length === 0) return [];
  return [rootFile(sysctlFilePath(scope), lines.join(''), { mode: '644' })];
}

function places(download: Download): readonly WantedDownload[] {
  if (typeof download.place === 'string') return [{ download, path: download.place }];
  return Object.entries(download.place).map(([member, path]) => ({ download, member, path }));
}

/** Directories that hold more than ours. */
const sharedDirectory =
  /^\/(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(bin|sbin|lib|local|log|tmp|run|cache|spool))?(\/[*?])?$/;

/** Names are stored in lists, one per line with tabs between fields, and some paths are deleted: special characters are refused. */
function checkNames(scope: string, state: HostState): void {
  if (!/^[a-z][a-z0-9-]*$/.test(scope)) throw badName('scope', scope);
  const paths = [
    ...state.directories.map((d) => d.path),
    ...state.files.map((f) => f.path),
    ...state.downloads.flatMap(places).map((d) => d.path),
    ...state.units.flatMap((u) => u.reads),
    ...state.absent,
    ...state.leaves.filter(({ kind }) => kind === 'tree').map(({ subject }) => subject),
  ];
  for (const path of paths) {
    if (!/^\/[^\p{Cc}\\'"]+$/u.test(path) || /\/(\.\.?)?(\/|$)/.test(path)) throw badName('path', path);
  }
  for (const path of state.absent) {
    if (path.split('/').length < 3) throw badName('path to remove', path);
  }
  for (const { kind, subject } of state.leaves) {
    const isFit = kind === 'tree' ? !sharedDirectory.test(subject) : /^[\w./: -]+$/.test(subject);
    if (!isFit) throw badName(`thing of the kind ${kind} to remove`, subject);
  }
  for (const { name } of state.units) {
    if (!/^[A-Za-z0-9:_.@-]+\.[a-z]+$/.test(name)) throw badName('unit', name);
  }
}

function badName(what: string, name: string): Problem {
  return new Problem(`${JSON.stringify(name)} cannot be the name of a ${what}`, { code: 'BAD_NAME' });
}
