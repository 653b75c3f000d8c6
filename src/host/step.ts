import type { Change } from './engine.ts';
import type { WantedDownload, WantedFile, WantedLink } from './expand.ts';
import type { SumRecord } from './snapshot.ts';
import type { Directory, HostEntry, KernelModule, PackageNeed, SystemUser, Unit } from './state.ts';

/** One thing to do on the host. A step without `change` is the engine's own upkeep and is not reported. */
export type Step = Act & { readonly change?: Change };

type Act =
  | { readonly do: 'hostname'; readonly name: string }
  | { readonly do: 'hosts'; readonly entries: readonly HostEntry[] }
  | { readonly do: 'swap' }
  | { readonly do: 'module'; readonly module: KernelModule }
  | { readonly do: 'sysctl'; readonly key: string; readonly value: string }
  | { readonly do: 'package'; readonly need: PackageNeed }
  | { readonly do: 'user'; readonly user: SystemUser }
  | { readonly do: 'directory'; readonly directory: Directory }
  | { readonly do: 'file'; readonly file: WantedFile }
  | { readonly do: 'set-owner'; readonly path: string; readonly mode: string; readonly owner: string }
  | { readonly do: 'link'; readonly link: WantedLink }
  | { readonly do: 'download'; readonly place: WantedDownload; readonly have?: Have }
  | { readonly do: 'stage'; readonly place: WantedDownload; readonly have: Have }
  | { readonly do: 'record'; readonly path: string; readonly record: SumRecord }
  | { readonly do: 'start'; readonly unit: Unit }
  | { readonly do: 'restart'; readonly unit: Unit }
  | { readonly do: 'reload-unit'; readonly unit: Unit }
  | { readonly do: 'reload' }
  | { readonly do: 'tidy' }
  | { readonly do: 'ledger' }
  | { readonly do: 'remove'; readonly kind: string; readonly subject: string };

/** The existing file in the download's place, in case it is already correct. */
export interface Have {
  readonly sha256: string;
  /** The sum of the archive that it came from, as far as it is recorded and the file unchanged. */
  readonly archive: string;
}

/** The difference of a host to a state: the steps, in a deterministic order, and the changes to report. */
export interface Difference {
  readonly steps: readonly Step[];
  readonly changes: readonly Change[];
}

/** The changes of steps, merged per subject; for a missing subject, only that it is missing. */
export function changesOf(steps: readonly Step[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { change } of steps) {
    if (change === undefined) continue;
    const key = `${change.kind} ${change.subject}`;
    const before = changes.get(key);
    const known = before?.reason.split(', ').includes(change.reason) || before?.reason === 'missing';
    if (!before || change.reason === 'missing') changes.set(key, change);
    else if (!known) changes.set(key, { ...change, reason: `${before.reason}, ${change.reason}` });
  }
  return [...changes.values()];
}
