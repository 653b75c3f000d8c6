import { finalLedger, hostLines } from './difference.ts';
import { sha256, type Wanted, type WantedDownload } from './expand.ts';
import { formerCalls } from './former.ts';
import { ledgerText, sysctlPath } from './ledger.ts';
import { call, callWith } from './quote.ts';
import type { Snapshot } from './snapshot.ts';
import type { PackageNeed, Unit } from './state.ts';
import type { Step } from './step.ts';
import { rereadReasons } from './unit-steps.ts';

/** Checksums of the downloads, by URL. */
export type Sums = ReadonlyMap<string, string>;

export interface ApplyOptions {
  readonly sums: Sums;
  readonly forceRestart: boolean;
  /** The attempt of the run, for {@link WayBack}. */
  readonly attempt: string;
}

/**
 * The request that carries out steps, as calls of the remote program's functions. Their order makes a kill at any
 * moment harmless: first the list of the things to come, then the things, then the units, then the final list.
 */
export function applyScript(
  wanted: Wanted,
  now: Snapshot,
  steps: readonly Step[],
  { sums, forceRestart, attempt }: ApplyOptions,
): string {
  const pick = <D extends Step['do']>(kind: D) =>
    steps.filter((step): step is Extract<Step, { do: D }> => step.do === kind);
  const adopted = pick('download').filter((step) => isHere(step, sums));
  const fetched = pick('download').filter((step) => !adopted.includes(step));
  const staged = pick('stage').filter((step) => !isHere(step, sums));
  const before = now.ledger.get(wanted.scope) ?? [];
  const final = finalLedger(wanted, now);
  const links = pick('link').map(({ link }) => call('put_link', link.path, link.target));
  return [
    ...many('secure_places', placesOf(wanted)),
    callWith(ledgerText([...final, ...before]), 'apply_begin', wanted.scope),
    ...pendingCalls(steps),
    ...proxyCalls(wanted.state),
    ...(wanted.state.stagedFor === undefined ? [] : [call('staging', wanted.state.stagedFor)]),
    ...packageCalls(steps, (need) => need.forDownloads === true),
    ...wantedDownloads([...fetched, ...staged], sums),
    ...systemCalls(steps),
    ...pick('directory').map(({ directory: d }) => call('put_directory', d.path, d.mode, d.owner)),
    ...pick('file').map(({ file }) => callWith(file.content, 'put_file', file.path, file.mode, file.owner)),
    'fetch_wait',
    ...placeCalls(fetched, sums),
    ...(wanted.state.stagedFor === undefined ? [] : [call('stage', ...sumsOf(staged, sums))]),
    ...pick('remove').flatMap((step) => (step.kind === 'unit' ? [call('remove_unit', step.subject)] : [])),
    ...formerCalls(wanted, now, steps),
    'commit_files',
    ...links,
    ...pick('set-owner').map((step) => call('set_owner', step.path, step.mode, step.owner)),
    ...pick('remove').flatMap(removeCalls),
    ...adopted.map(({ place: { path, download }, have }) => recordCall(path, have?.sha256, download.url, sums)),
    ...pick('record').map(({ path, record }) => call('record', path, record.sha256, record.url, record.archive)),
    'records_write',
    ...(steps.some(needsReload) ? ['RELOAD=1'] : []),
    ...(forceRestart ? ['FORCE_RESTART=1'] : []),
    ...(wanted.state.units.some(({ rolling }) => rolling?.wayBack) ? [call('attempt', attempt)] : []),
    ...wanted.state.units.flatMap(unitCalls),
    'units_apply',
    'apply_end',
    final.length === 0 ? 'ledger_drop' : callWith(ledgerText(final), 'ledger_write'),
    '',
  ].join('\n');
}

/** The parent directories of everything that the scope places, each once. */
function placesOf({ directories, files, links, downloads }: Wanted): readonly string[] {
  const paths = [...directories, ...files, ...links, ...downloads].map(({ path }) => path);
  return [...new Set(paths.map((path) => path.replace(/\/[^/]*$/, '') || '/'))];
}

function many(name: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [call(name, ...words)];
}

/** Whether the download's file is already there, so that only the record of its origin is missing. */
function isHere(step: Extract<Step, { do: 'download' | 'stage' }>, sums: Sums): boolean {
  const sum = sums.get(step.place.download.url);
  const have = step.place.member === undefined ? step.have?.sha256 : step.have?.archive;
  return sum !== undefined && have === sum;
}

function recordCall(path: string, have: string | undefined, url: string, sums: Sums): string {
  return call('record', path, have ?? '', url, sums.get(url) ?? '');
}

/** No call if there is no name: the next run would not see an empty list, and so would never delete it. */
function pendingCalls(steps: readonly Step[]): readonly string[] {
  const names = temporaryNames(steps);
  return names === '' ? [] : [callWith(names, 'pending')];
}

function proxyCalls({ proxy }: Wanted['state']): readonly string[] {
  return proxy === undefined ? [] : [call('use_proxy', proxy.http ?? '', proxy.https ?? '', proxy.noProxy)];
}

function temporaryNames(steps: readonly Step[]): string {
  const paths = steps.flatMap((step) => {
    if (step.do === 'file') return [step.file.path];
    if (step.do === 'download') return [step.place.path];
    return step.do === 'link' ? [step.link.path] : [];
  });
  return paths.map((path) => `${path.replace(/[^/]*$/, '.k8s-ha-action.$&')}\n`).join('');
}

function wantedDownloads(fetched: readonly { readonly place: WantedDownload }[], sums: Sums): readonly string[] {
  const urls = new Set(fetched.map(({ place }) => place.download.url));
  return [...[...urls].map((url) => call('want', sums.get(url) ?? '', url)), 'fetch_start'];
}

/** Each once: an archive may have several places. */
function sumsOf(staged: readonly { readonly place: WantedDownload }[], sums: Sums): readonly string[] {
  return [...new Set(staged.map(({ place }) => sums.get(place.download.url) ?? ''))];
}

/** Each archive is unpacked once for all its wanted members. */
function placeCalls(fetched: readonly { readonly place: WantedDownload }[], sums: Sums): readonly string[] {
  const archives = new Map<string, string[]>();
  const calls: string[] = [];
  for (const { place } of fetched) {
    const { url, mode } = place.download;
    if (place.member === undefined) calls.push(call('place_file', sums.get(url) ?? '', url, mode, place.path));
    else archives.set(`${url} ${mode}`, [...(archives.get(`${url} ${mode}`) ?? []), place.member, place.path]);
  }
  for (const [key, members] of archives) {
    const [url = '', mode = ''] = key.split(' ');
    calls.push(call('place_members', sums.get(url) ?? '', url, mode, ...members));
  }
  return calls;
}

function systemCalls(steps: readonly Step[]): readonly string[] {
  const calls = steps.flatMap((step): readonly string[] => {
    switch (step.do) {
      case 'hostname':
        return [call('set_hostname', step.name)];
      case 'swap':
        return ['swap_off'];
      case 'module':
        return [call('load_module', step.module.name, step.module.check ?? '')];
      case 'sysctl':
        return [call('set_sysctl', sysctlPath(step.key), step.value)];
      case 'user':
        return [call('add_user', step.user.name, step.user.home)];
      default:
        return [];
    }
  });
  const hosts = steps.flatMap((step) => (step.do === 'hosts' ? [step] : []));
  return [
    // Before the host's name: sudo waits for DNS if it cannot resolve the name of its own host.
    ...hosts.map(({ entries }) => callWith(hostLines(entries), 'put_hosts_block')),
    ...packageCalls(steps, (need) => need.forDownloads !== true),
    ...calls,
  ];
}

/** One run of the package manager for all these packages; their own services are kept from starting meanwhile. */
function packageCalls(steps: readonly Step[], which: (need: PackageNeed) => boolean): readonly string[] {
  const needs = steps.flatMap((step) => (step.do === 'package' && which(step.need) ? [step.need] : []));
  if (needs.length === 0) return [];
  const own = needs.flatMap((need) => (need.disableUnit === undefined ? [] : [need.disableUnit]));
  const names = (manager: 'apt' | 'dnf' | 'zypper') => [...new Set(needs.map((need) => need[manager]))].join(' ');
  return [
    ...own.map((name) => call('hold_unit', name)),
    call('install_packages', names('apt'), names('dnf'), names('zypper')),
    ...own.map((name) => call('release_unit', name)),
    ...needs.map((need) => call('need_command', need.command, ...(need.instead ?? []))),
  ];
}

function removeCalls(step: Extract<Step, { do: 'remove' }>): readonly string[] {
  switch (step.kind) {
    case 'unit':
      return [];
    case 'user':
      return [call('remove_user', step.subject)];
    case 'module':
      return [call('forget_module', step.subject)];
    case 'absent':
      return [call('remove_tree', step.subject)];
    case 'download':
      return [call('remove_path', step.subject), call('forget_record', step.subject)];
    default:
      return [call('remove_path', step.subject)];
  }
}

function needsReload(step: Step): boolean {
  if (step.do === 'file') return step.file.unit !== undefined && step.file.path.startsWith('/etc/systemd/');
  return step.do === 'reload' || (step.do === 'link' && step.link.unit === undefined);
}

function unitCalls(unit: Unit): readonly string[] {
  const { name, ready, rolling } = unit;
  const seconds = String(ready?.timeoutSeconds ?? 90);
  const rereads = rereadReasons(unit).map((reason) => `${reason}\n`);
  const plain = call('unit', name, sha256(unit.content), seconds, ready?.command ?? '', ready?.hint ?? '', ...rereads);
  if (rolling === undefined) return [plain];
  const { live, lock, turn = '', allow = '', before = '', healthy, after = '', hold, wayBack } = rolling;
  const limits = [String(healthy.timeoutSeconds), healthy.hint];
  const held = [hold?.needed ?? '', hold?.work ?? '', wayBack?.failed ?? '', wayBack?.record ?? ''];
  return [plain, call('rolling', name, live, lock, turn, allow, before, healthy.command, ...limits, after, ...held)];
}
