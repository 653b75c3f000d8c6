import { hashOf, sha256, unitPath, type Wanted } from './expand.ts';
import type { PathInfo, Snapshot } from './snapshot.ts';
import type { Unit } from './state.ts';
import type { Step } from './step.ts';

/** Computes starts, restarts and reloads, given the files that the other steps place or remove. */
export function unitSteps(wanted: Wanted, now: Snapshot, placing: readonly Step[]): readonly Step[] {
  const after = afterwards(wanted, now, placing);
  return wanted.state.units.flatMap((unit): readonly Step[] => {
    const info = now.units.get(unit.name);
    const step = (kind: 'start' | 'restart' | 'reload', reason: string): Step => ({
      do: kind === 'reload' ? 'reload-unit' : kind,
      unit,
      change: { kind, subject: unit.name, reason },
    });
    if (info?.active !== 'active' && info?.active !== 'reloading' && info?.active !== 'activating') {
      return [step('start', info?.active === 'failed' ? 'failed' : 'not running')];
    }
    const reason = restartReason(unit, info.invocation, now, after);
    if (reason !== undefined) {
      const isReload = info.active === 'active' && rereadReasons(unit).includes(reason);
      return [step(isReload ? 'reload' : 'restart', reason)];
    }
    return info.active === 'activating' ? [step('start', `still ${info.sub}`)] : [];
  });
}

/** The state of a path after all steps: what a unit that starts then would read. */
type Afterwards = (path: string) => readonly string[];

function afterwards(wanted: Wanted, now: Snapshot, placing: readonly Step[]): Afterwards {
  const files = new Map(wanted.files.map((file) => [file.path, hashOf(file)]));
  const gone = new Set(placing.flatMap((step) => (step.do === 'remove' ? [step.subject] : [])));
  const fetched = new Set(placing.flatMap((step) => (step.do === 'download' ? [step.place.path] : [])));
  return (path) => {
    const content = files.get(path);
    if (content !== undefined) return [content];
    // A new version is pending; whether it differs is only known after the download.
    if (fetched.has(path)) return [];
    return gone.has(path) ? ['absent'] : valuesOf(now.paths.get(path));
  };
}

/** The values that a start may have recorded for a path: its checksum, or the stat of a big file that we did not download. */
function valuesOf(info: PathInfo | undefined): readonly string[] {
  if (info === undefined) return ['absent'];
  if (info.sha256 === '') return ['other'];
  return [info.sha256, info.stat.replace(/\.\d+/g, '').split(':').slice(0, 3).join(':')];
}

function restartReason(unit: Unit, invocation: string, now: Snapshot, after: Afterwards): string | undefined {
  const started = now.started.get(unit.name);
  const recorded = started?.get('invocation');
  if (started === undefined || (recorded !== '' && recorded !== invocation))
    return 'no record of the configuration it was started with';
  if (started.get('loaded') !== sha256(unit.content)) return 'its unit text changed since its start';
  const changed = [unitPath(unit.name), ...unit.reads].filter((path) => !after(path).includes(started.get(path) ?? ''));
  const first = changed.find((path) => !unit.rereads?.includes(path)) ?? changed[0];
  return first === undefined ? undefined : changedSince(first);
}

const changedSince = (path: string): string => `${path} changed since its start`;

/** The reasons for which a reload is enough: given only if there is no other. */
export function rereadReasons({ rereads = [] }: Unit): readonly string[] {
  return rereads.map(changedSince);
}
