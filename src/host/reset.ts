import type { Change } from './engine.ts';
import type { RemoteEvent } from './event.ts';
import type { Ledger } from './ledger.ts';
import { type Limits, usualLimits } from './limits.ts';
import { hostNonsense } from './nonsense.ts';
import { call } from './quote.ts';
import { resetProgram } from './remote/program.ts';
import type { Sections } from './snapshot.ts';

/** The request of a reset, with the functions that only it needs. From then on the host is this run's, as its claim says. */
export function resetScript(how: 'wet' | 'dry'): string {
  return [resetProgram, ...(how === 'wet' ? ['claim_take'] : []), call('reset_host', how), ''].join('\n');
}

/** Most of it is systemd's time for stopping units (90 s each, at once) and starting earlier ones, and deleting images. */
const resetSeconds = 900;

/** The maximum duration of a reset, ms. */
export function resetMs({ snapshotMs, workMs }: Limits = usualLimits): number {
  return workMs ?? snapshotMs + 1000 * resetSeconds;
}

/** Many pods have a thousand mounts; an answer of a hundred thousand is no reset. */
const mostChanges = 20_000;

/**
 * The changes that a host reported; equal ones once, for what was tried repeatedly.
 * @throws Problem HOST_NONSENSE
 */
export function changesIn(events: readonly RemoteEvent[]): readonly Change[] {
  const changes = events.flatMap(({ t, kind, subject = '', reason = '' }): readonly Change[] =>
    t === 'change' ? [{ kind: kind as Change['kind'], subject, reason }] : [],
  );
  if (changes.length > mostChanges) throw hostNonsense(`more than ${mostChanges} changes of a reset`);
  return [...new Map(changes.map((change) => [`${change.kind} ${change.subject} ${change.reason}`, change])).values()];
}

/**
 * Whose host it is, by its lists; without lists, whose it was before its reset.
 * @throws Problem HOST_NONSENSE
 */
export function ownersIn(ledger: Ledger, sections: Sections): readonly string[] {
  const entries = [...ledger.values()].flat();
  const listed = entries.filter(({ kind }) => kind === 'owner').map(({ subject }) => subject);
  const owners = new Set(ledger.size === 0 ? sections.get('reset') : listed);
  if (![...owners].every((name) => /^[\w.-]{1,100}$/.test(name)))
    throw hostNonsense('the name of a cluster that can be none');
  return [...owners];
}
