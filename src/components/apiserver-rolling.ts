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
      command: answersReady(cluster, host),
      timeoutSeconds: 120,
      hint: 'The restarted API server does not become ready again, so the other masters keep theirs as they are.',
    },
  };
}

/** Asked only once the process listens, and by the cheapest client that the host has. */
export function answersReady(cluster: Cluster, host: Host): string {
  return `${isActive(apiserverUnitName)} && ${readyz(cluster, host)}`;
}

function allReady(cluster: Cluster, others: readonly Host[]): string {
  const checks = others.map((other) => `${readyz(cluster, other)} || missing="$missing ${other.name}"`);
  const reason = `not ready:$missing. While another API server is away, this one is not restarted`;
  return ['allReady() {', 'missing=', ...checks, '[ -z "$missing" ]; }', orRefuse('allReady', reason)].join('\n');
}

/**
 * The health paths need no credentials, so curl will do. A minimal host may lack it; kubectl, which is there, takes a
 * quarter of a second of a core to start, and API servers that warm up beside it need that themselves.
 */
function readyz(cluster: Cluster, master: Host): string {
  const server = `https://${hostPort(master.address, cluster.api.port)}`;
  const quick = ['curl', '-q', '--silent', '--fail', '--noproxy', '*', '--max-time', '2', '--cacert', paths.ca.crt];
  const admin = [`${cluster.binDir}/kubectl`, `--kubeconfig=${paths.adminConf}`, `--server=${server}`];
  const byCurl = shellCommand([...quick, `${server}/readyz`]);
  const byKubectl = shellCommand([...admin, '--request-timeout=2s', 'get', '--raw=/readyz']);
  return `{ if command -v curl >/dev/null; then ${byCurl}; else ${byKubectl}; fi >/dev/null 2>&1; }`;
}
