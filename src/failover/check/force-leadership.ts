import { hostsWith } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import type { HostSession } from '../../host/engine.ts';
import { type ApiClient, type Elected, elected, readLeases } from '../../kubernetes/index.ts';
import { now } from '../instruments/clock.ts';
import { untilNoReason } from '../instruments/until.ts';
import { type FailoverScene, prepareFailover, sessionOf } from './prepare.ts';

/** Kubernetes before 1.36 does not release a lease, so it must expire first: 15 s, and a retry. */
const moveTimeoutMs = 40_000;
/** A timer on their hosts starts the other candidates again if the runner dies meanwhile; earlier if faults are short. */
const mostHealSeconds = 90;

/**
 * Makes the target lead, so that the fault causes a transfer: the candidates on the other masters stop for a moment.
 * Returns the leases that moved. Does nothing if the cluster fails the check's preconditions.
 * @throws Problem FAILOVER_REFUSED, TARGET_UNKNOWN, LEAD_NOT_TAKEN
 */
export async function forceLeadership(
  scene: FailoverScene,
  wanted: string,
  healSeconds = mostHealSeconds,
): Promise<readonly Elected[]> {
  const { target, apis, clusterState } = await prepareFailover(scene, wanted);
  try {
    const [api] = apis.values();
    const missing = elected.filter((lease) => clusterState.leases.get(lease)?.host !== target.name);
    if (missing.length === 0 || !api || !target.roles.includes('master')) return [];
    const others = hostsWith(scene.cluster, 'master').filter(({ name }) => name !== target.name);
    const sessions = others.map(({ name }) => sessionOf(scene, name));
    for (const lease of missing)
      scene.log.info(`${lease}: led by ${clusterState.leases.get(lease)?.host}; ${target.name} is made to lead first`);
    const seconds = Math.min(healSeconds, mostHealSeconds);
    await stopCandidates(sessions, missing, seconds, () => held(scene, api, target.name, missing));
    return missing;
  } finally {
    for (const api of apis.values()) api.close();
  }
}

async function stopCandidates(
  sessions: readonly HostSession[],
  units: readonly Elected[],
  healSeconds: number,
  until: () => Promise<void>,
): Promise<void> {
  const names = units.map((unit) => `${unit}.service`).join(' ');
  const healer = 'k8s-ha-action-lead';
  const after = `--on-active=${healSeconds} --timer-property=AccuracySec=100ms`;
  const arm = `systemd-run --quiet --collect --unit=${healer} ${after} systemctl start ${names}`;
  const clear = `systemctl stop ${healer}.timer 2>/dev/null; systemctl reset-failed ${healer}.service 2>/dev/null`;
  const all = (command: string) => Promise.all(sessions.map((session) => session.run(command, { timeoutSeconds: 30 })));
  try {
    await all(`${clear}; ${arm} && systemctl stop ${names}`);
    await until();
  } finally {
    await all(`systemctl start ${names}; ${clear}; true`);
  }
}

async function held(scene: FailoverScene, api: ApiClient, target: string, wanted: readonly Elected[]): Promise<void> {
  const reason = await untilNoReason(async () => {
    const leases = await readLeases(api, scene.cluster.hosts, scene.hostnames);
    const open = wanted.filter((lease) => leases.get(lease)?.host !== target);
    return open.length === 0
      ? undefined
      : open.map((lease) => `${lease} is held by ${leases.get(lease)?.host ?? 'no host'}`).join(', ');
  }, now() + moveTimeoutMs);
  if (reason === undefined) return;
  throw new Problem(`${target} did not take the lead: ${reason}`, {
    code: 'LEAD_NOT_TAKEN',
    host: target,
    hint: 'journalctl -u kube-controller-manager -u kube-scheduler on it says why; target: leader stops the current leader.',
  });
}
