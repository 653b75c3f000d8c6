import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { Rolling } from '../host/state.ts';
import { paths } from '../pki/paths.ts';
import { hostPort } from './addresses.ts';
import { asApiserver, hasQuorum, underRestartLock } from './etcdctl.ts';
import { isActive, orRefuse, shellCommand } from './readiness.ts';

export const apiserverUnitName = 'kube-apiserver.service';

/**
 * How an API server is restarted while others serve: one at a time, and only when all the others are ready. So a flag
 * that API servers don't take stops one of them, and not one after the other.
 */
export function rollingApiserver(cluster: Cluster, host: Host): Rolling {
  const others = hostsWith(cluster, 'master').filter((master) => master.name !== host.name);
  return {
    // One that starts again and again serves nobody, so it is mended at once, without waiting for a turn.
    live: `${isActive(apiserverUnitName)} && ${hasQuorum(cluster, asApiserver)}`,
    lock: underRestartLock(cluster, asApiserver),
    ...(others.length > 0 && { allow: allReady(cluster, others) }),
    // Ready itself is enough for the next one to go: that one serves on for its shutdown delay, which is longer than
    // the 1.6 s that the balancers need to take this one in again.
    healthy: {
      command: answersReady(cluster),
      timeoutSeconds: 120,
      hint: 'The restarted API server does not become ready again, so the other masters keep theirs as they are.',
    },
  };
}

/** Asked over its own kubeconfig, and only once the process listens: kubectl is 60 MB and not free to start. */
export function answersReady(cluster: Cluster): string {
  return `${isActive(apiserverUnitName)} && ${readyz(cluster)}`;
}

function allReady(cluster: Cluster, others: readonly Host[]): string {
  const checks = others.map((other) => {
    const server = `--server=https://${hostPort(other.address, cluster.api.port)}`;
    return `${readyz(cluster, server)} || missing="$missing ${other.name}"`;
  });
  const reason = `not ready:$missing. While another API server is away, this one is not restarted`;
  return ['allReady() {', 'missing=', ...checks, '[ -z "$missing" ]; }', orRefuse('allReady', reason)].join('\n');
}

function readyz(cluster: Cluster, ...options: readonly string[]): string {
  const admin = `--kubeconfig=${paths.adminConf}`;
  const ask = [`${cluster.binDir}/kubectl`, admin, ...options, '--request-timeout=2s', 'get', '--raw=/readyz'];
  return `${shellCommand(ask)} >/dev/null 2>&1`;
}
