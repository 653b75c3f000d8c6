import { unitPath, type Wanted } from './expand.ts';
import { call } from './quote.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step } from './step.ts';

/**
 * Calls that keep the files of units with a way back before they are replaced: those that a unit, or one behind it, reads now or reads
 * afterwards.
 */
export function formerCalls(wanted: Wanted, now: Snapshot, steps: readonly Step[]): readonly string[] {
  const changed = new Set(steps.flatMap(changedPath));
  return wanted.state.units.flatMap(({ name, rolling }, index) => {
    if (rolling?.wayBack === undefined) return [];
    const names = wanted.state.units.slice(index).map((unit) => unit.name);
    const read = new Set([
      ...names.flatMap((each) => [unitPath(each), ...(now.reads.get(each) ?? [])]),
      ...wanted.state.units.slice(index).flatMap(({ reads }) => reads),
      ...wanted.files.flatMap(({ unit, path }) => (unit !== undefined && names.includes(unit) ? [path] : [])),
    ]);
    const paths = [...changed].filter((path) => read.has(path));
    return paths.length === 0 ? [] : [call('former_keep', name, ...paths)];
  });
}

function changedPath(step: Step): readonly string[] {
  switch (step.do) {
    case 'file':
      return [step.file.path];
    case 'download':
      return [step.place.path];
    case 'remove':
      return step.kind === 'file' || step.kind === 'download' ? [step.subject] : [];
    default:
      return [];
  }
}
