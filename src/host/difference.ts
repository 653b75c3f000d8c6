import type { Change } from './engine.ts';
import { hashOf, stateDirectory, unitPath, type Wanted, type WantedDownload, type WantedFile } from './expand.ts';
import { isLeaving } from './leavings.ts';
import { entry, isPlain, keyOf, type LedgerEntry, ledgerText } from './ledger.ts';
import type { PathInfo, Snapshot } from './snapshot.ts';
import type { Directory } from './state.ts';
import { changesOf, type Difference, type Step } from './step.ts';
import { unitSteps } from './unit-steps.ts';

/** The steps after which the host has what is wanted. Pure; equal arguments give equal steps in equal order. */
export function difference(wanted: Wanted, now: Snapshot): Difference {
  const placing = [
    ...systemSteps(wanted, now),
    ...wanted.directories.flatMap((directory) => directorySteps(directory, now)),
    ...wanted.files.flatMap((file) => fileSteps(file, now)),
    ...linkSteps(wanted, now),
    ...wanted.downloads.flatMap((place) => downloadSteps(place, now, wanted.state.stagedFor !== undefined)),
    ...removalSteps(wanted, now),
  ];
  const steps = [...placing, ...unitSteps(wanted, now, placing)];
  const all = [...steps, ...upkeepSteps(wanted, now, steps)];
  return { steps: all, changes: changesOf(all) };
}

function change(kind: Change['kind'], subject: string, reason: string): { readonly change: Change } {
  return { change: { kind, subject, reason } };
}

function systemSteps({ scope, state }: Wanted, now: Snapshot): readonly Step[] {
  const steps: Step[] = [];
  if (state.hostname !== undefined && state.hostname !== now.hostname) {
    const reason = `${now.hostname} → ${state.hostname}`;
    steps.push({ do: 'hostname', name: state.hostname, ...change('hostname', state.hostname, reason) });
  }
  const block = hostsBlock(now.hosts, scope);
  if (block !== hostLines(state.hostEntries)) {
    const reason = block === '' ? 'missing' : 'content differs';
    steps.push({ do: 'hosts', entries: state.hostEntries, ...change('hosts', '/etc/hosts', reason) });
  }
  if (state.swapOff && now.swap) steps.push({ do: 'swap', ...change('swap', 'swap', 'in use') });
  return [...steps, ...kernelSteps(state, now), ...packageSteps(state, now)];
}

/** The lines of a scope's block in /etc/hosts. */
export function hostLines(entries: Wanted['state']['hostEntries']): string {
  return entries.map(({ address, names }) => `${address} ${names.join(' ')}\n`).join('');
}

function hostsBlock(lines: readonly string[], scope: string): string {
  const begin = lines.indexOf(`# BEGIN k8s-ha-action ${scope}`);
  const end = lines.indexOf(`# END k8s-ha-action ${scope}`);
  if (begin < 0 || end < begin) return '';
  return lines
    .slice(begin + 1, end)
    .map((line) => `${line}\n`)
    .join('');
}

function kernelSteps(state: Wanted['state'], now: Snapshot): readonly Step[] {
  const modules = state.modules.flatMap((module): readonly Step[] => {
    if (!now.modules.has(module.name))
      return [{ do: 'module', module, ...change('module', module.name, 'not loaded') }];
    return now.bootModules.has(module.name) ? [] : [{ do: 'module', module }];
  });
  const words = (value: string) => value.trim().split(/\s+/).join(' ');
  const sysctls = Object.entries(state.sysctls).flatMap(([key, value]): readonly Step[] => {
    const is = now.sysctls.get(key);
    if (is !== undefined && words(is) === words(value)) return [];
    return [
      { do: 'sysctl', key, value, ...change('sysctl', key, `${is === undefined ? 'missing' : words(is)} → ${value}`) },
    ];
  });
  return [...modules, ...sysctls];
}

function packageSteps(state: Wanted['state'], now: Snapshot): readonly Step[] {
  return [
    ...state.packages
      .filter((need) => !now.commands.has(need.command))
      .map((need): Step => ({ do: 'package', need, ...change('package', need.command, 'missing') })),
    ...state.users
      .filter((user) => !now.users.has(user.name))
      .map((user): Step => ({ do: 'user', user, ...change('user', user.name, 'missing') })),
  ];
}

/** Whether a raw mode is of this type. */
function isKind(info: PathInfo, kind: 'file' | 'directory'): boolean {
  return (info.mode & 0o170000) === (kind === 'file' ? 0o100000 : 0o040000);
}

/** The differences of mode and owner, in words. */
function ownerReasons(info: PathInfo, mode: string, owner: string): readonly string[] {
  const is = info.mode & 0o7777;
  const isOwner = owner.includes(':') ? info.owner : info.owner.split(':')[0];
  return [
    ...(is === Number.parseInt(mode, 8) ? [] : [`mode ${is.toString(8)} → ${mode}`]),
    ...(isOwner === owner ? [] : [`owner ${info.owner} → ${owner}`]),
  ];
}

function directorySteps(directory: Directory, now: Snapshot): readonly Step[] {
  const { path, mode, owner } = directory;
  const info = now.paths.get(path);
  const reasons =
    info === undefined
      ? ['missing']
      : isKind(info, 'directory')
        ? ownerReasons(info, mode, owner)
        : ['is no directory'];
  return reasons.length === 0 ? [] : [{ do: 'directory', directory, ...change('directory', path, reasons.join(', ')) }];
}

function fileSteps(file: WantedFile, now: Snapshot): readonly Step[] {
  const { path, mode, owner } = file;
  const reported = (reason: string) => {
    if (file.unit !== undefined)
      return change('unit', file.unit, file.internal ? 'its record of starts differs' : reason);
    return file.internal ? {} : change('file', path, reason);
  };
  const info = now.paths.get(path);
  if (info === undefined) return [{ do: 'file', file, ...reported('missing') }];
  if (!isKind(info, 'file')) return [{ do: 'file', file, ...reported('is no regular file') }];
  if (info.sha256 !== hashOf(file)) return [{ do: 'file', file, ...reported('content differs') }];
  const reasons = ownerReasons(info, mode, owner);
  return reasons.length === 0 ? [] : [{ do: 'set-owner', path, mode, owner, ...reported(reasons.join(', ')) }];
}

function linkSteps(wanted: Wanted, now: Snapshot): readonly Step[] {
  return wanted.links
    .filter((link) => now.links.get(link.path) !== link.target)
    .map((link): Step => {
      const reported =
        link.unit === undefined ? change('swap', link.path, 'not masked') : change('unit', link.unit, 'not enabled');
      return { do: 'link', link, ...reported };
    });
}

function downloadSteps(place: WantedDownload, now: Snapshot, isStaged: boolean): readonly Step[] {
  const { path, download } = place;
  const info = now.paths.get(path);
  const record = now.sums.get(path);
  const known = record !== undefined && info?.sha256 === record.sha256;
  const have = info && { sha256: info.sha256, archive: known ? record.archive : '' };
  const fetch = (reason: string): readonly Step[] =>
    have && isStaged
      ? [{ do: 'stage', place, have }]
      : [{ do: 'download', place, ...(have ? { have } : {}), ...change('download', path, reason) }];
  if (info === undefined) return fetch('missing');
  if (record === undefined) return fetch('of unknown origin');
  if (!known) return fetch('content differs');
  if (record.url !== download.url) return fetch(`${record.url} → ${download.url}`);
  // Placed before there was a lock, from bytes without a review.
  if (
    download.sha256 !== undefined &&
    (place.member === undefined ? record.sha256 : record.archive) !== download.sha256
  )
    return fetch('not what the lock file names');
  const reasons = ownerReasons(info, download.mode, 'root:root');
  const { mode } = download;
  return [
    ...(reasons.length === 0
      ? []
      : [
          { do: 'set-owner', path, mode, owner: 'root:root', ...change('download', path, reasons.join(', ')) } as const,
        ]),
    // Only its times changed: recorded, so that the next run need not hash it again.
    ...(record.stat === info.stat && reasons.length === 0 ? [] : [{ do: 'record', path, record } as const]),
  ];
}

/** What the scope listed and wants no more, unless another scope lists it too; units before their files, directories last. */
function removalSteps(wanted: Wanted, now: Snapshot): readonly Step[] {
  const kept = new Set(
    [...now.ledger]
      .flatMap(([scope, entries]) => (scope === wanted.scope ? [] : entries))
      .concat(wanted.ledger)
      .map(keyOf),
  );
  const listed = now.ledger.get(wanted.scope) ?? [];
  const gone = listed
    .filter((e) => !kept.has(keyOf(e)))
    .filter((e) => !isPlain(e) && e.kind !== 'absent' && !isLeaving(e));
  const replaced = new Set(wanted.ledger.map((e) => e.subject));
  const order = ['unit', 'file', 'link', 'download', 'directory', 'user', 'module', 'sysctl', 'package'];
  const sorted = gone
    .filter((e) => !(isPlace(e) && replaced.has(e.subject)))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.subject < b.subject ? 1 : -1));
  const placed = new Set([...now.ledger.values()].flat().flatMap((e) => (e.kind === 'file' ? [e.subject] : [])));
  const { writers } = wanted.state;
  const isOurs = (path: string) => writers[path] === undefined || placed.has(writers[path]);
  const absent = wanted.state.absent
    .filter((path) => now.paths.has(path) && isOurs(path))
    .map((path) => entry('absent', path));
  const units = new Set(sorted.filter((e) => e.kind === 'unit').map((e) => unitPath(e.subject)));
  const own = ({ subject }: LedgerEntry) =>
    units.has(subject) || subject.startsWith(`${stateDirectory}/`) || /\/system\/[^/]+\.(d|wants)(\/|$)/.test(subject);
  return [...sorted, ...absent]
    .filter((e) => isThere(e, now))
    .map((e): Step => {
      const step = { do: 'remove', kind: e.kind, subject: e.subject } as const;
      const reason = e.kind === 'absent' ? 'must not exist' : 'no longer wanted';
      return own(e) || e.kind === 'module' ? step : { ...step, ...change('remove', e.subject, reason) };
    });
}

function isPlace(e: LedgerEntry): boolean {
  return e.kind === 'file' || e.kind === 'link' || e.kind === 'download' || e.kind === 'directory';
}

function isThere({ kind, subject, extra }: LedgerEntry, now: Snapshot): boolean {
  switch (kind) {
    case 'unit':
      return now.units.has(subject) && now.units.get(subject)?.load !== 'not-found';
    case 'link':
      return now.links.has(subject);
    case 'user':
      return extra === 'created' && now.users.has(subject);
    case 'module':
      return now.bootModules.has(subject);
    case 'sysctl':
    case 'package':
      // A sysctl has no earlier value to restore, and other programs may use the package by now.
      return false;
    default:
      return now.paths.has(subject);
  }
}

/** The scope's list once all is in place. Only a user that we created will be ours to remove. */
export function finalLedger(wanted: Wanted, now: Snapshot): readonly LedgerEntry[] {
  const before = now.ledger.get(wanted.scope) ?? [];
  const isCreated = (name: string) =>
    !now.users.has(name) || before.some((e) => e.kind === 'user' && e.subject === name && e.extra === 'created');
  const due = wanted.ledger.map((e) =>
    e.kind === 'user' && isCreated(e.subject) ? entry('user', e.subject, 'created') : e,
  );
  return [...due, ...before.filter(isLeaving)];
}

/** Unreported upkeep that the next run or the next boot relies on. */
function upkeepSteps(wanted: Wanted, now: Snapshot, steps: readonly Step[]): readonly Step[] {
  const listed = ledgerText(now.ledger.get(wanted.scope) ?? []);
  const due = ledgerText(finalLedger(wanted, now));
  const reload = wanted.state.units.some(({ name }) => now.units.get(name)?.needReload);
  return [
    ...(now.pending.length > 0 || now.staged.has(wanted.scope) ? [{ do: 'tidy' } as const] : []),
    ...(reload ? [{ do: 'reload' } as const] : []),
    ...(steps.length > 0 || listed !== due ? [{ do: 'ledger' } as const] : []),
  ];
}
