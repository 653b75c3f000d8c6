import type { HostSession } from '../../host/engine.ts';
import { hostNonsense } from '../../host/nonsense.ts';
import { now } from './clock.ts';

/** The offset of a host's clock from the runner's. */
export interface ClockOffset {
  readonly host: string;
  /** The host's clock minus the runner's, in ms. */
  readonly offsetMs: number;
  /** Half of the round trip: the limit of the error. */
  readonly errorMs: number;
}

/** The best of three measurements, as in NTP: the one with the shortest round trip is the most exact. @throws Problem HOST_NONSENSE */
export async function clockOffset(session: Pick<HostSession, 'host' | 'run'>): Promise<ClockOffset> {
  const offsets: ClockOffset[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const sent = now();
    const { stdout } = await session.run('date +%s.%N', { timeoutSeconds: 5 });
    const got = now();
    if (!/^\d{1,11}\.\d{1,9}\s*$/.test(stdout)) throw hostNonsense('its time is not valid', session.host.name);
    const offsetMs = Number.parseFloat(stdout) * 1000 - (sent + got) / 2;
    offsets.push({ host: session.host.name, offsetMs, errorMs: (got - sent) / 2 });
  }
  return offsets.reduce((best, one) => (one.errorMs < best.errorMs ? one : best));
}
