import { setTimeout as delay } from 'node:timers/promises';
import { unlessProblem } from '../errors.ts';
import { servingAddresses } from '../kubernetes/index.ts';
import { strayAddresses } from '../plan/lines.ts';
import { withApi } from './cluster-access.ts';
import { otherServedVersions } from './served-versions.ts';
import type { Inspected, PerhapsSecrets } from './stages.ts';

/** How to look at API servers that no line of the file names. */
export interface Look {
  /** Whether one of these addresses answers. */
  readonly answers: (addresses: readonly string[]) => Promise<boolean>;
  /** The cluster's list of API servers; undefined if it could not be asked. */
  readonly listed: () => Promise<readonly string[] | undefined>;
  readonly pause: () => Promise<unknown>;
}

/** The list keeps an API server for 15 s after its last sign of life (kubernetes, pkg/controlplane/reconcilers/lease.go). In looks, one a second. */
const looks = 17;

/**
 * Where API servers serve, without those that have just stopped, for example of a host that the run before has removed: the list names them
 * for 15 s more. Only if none that the file lacks answers, the list is waited for.
 */
export async function withoutStopped(
  listed: readonly string[],
  straysOf: (addresses: readonly string[]) => readonly string[],
  look: Look,
): Promise<readonly string[]> {
  let now = listed;
  for (let tries = 0; tries < looks; tries += 1) {
    const strays = straysOf(now);
    if (strays.length === 0 || (await look.answers(strays))) return now;
    await look.pause();
    now = (await look.listed()) ?? now;
  }
  return now;
}

/** {@link withoutStopped} for a run. */
export async function servingNow(
  run: Inspected & PerhapsSecrets,
  listed: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  return await withoutStopped(listed, (addresses) => strayAddresses(run.cluster, addresses, run.forget), {
    answers: async (addresses) => {
      const answered = await otherServedVersions(run, addresses);
      return addresses.some((address) => answered.has(address));
    },
    listed: async () => await unlessProblem(() => withApi(run, servingAddresses)),
    pause: async () => await delay(1000, undefined, { signal }),
  });
}
