import { type Cluster, etcdEndpoints, type Host, hostsWith } from '../cluster/cluster.ts';
import { asApiserver, etcdctl, failedRestart, readOfQuorum } from '../etcd/etcdctl.ts';
import { underRestartLock } from '../etcd/restart-lock.ts';
import { shellCommand } from '../host/shell-command.ts';
import { certainlyNot, type Rolling, type WayBack } from '../host/state.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';
import { paths } from '../layout/paths.ts';
import { isActive, orRefuse, secondsSinceBoot } from './readiness.ts';

export const apiserverUnitName = components.apiServer.unit;

/** An API server that has not been ready for this long has no clients: the load balancers removed it long before. */
const unreadySeconds = 10;
/** How often a new API server is asked before another one restarts without it, once a second. */
const joinTries = 8;

/**
 * How an API server restarts while others serve: one at a time, and only if all the others are ready. So an invalid flag
 * stops one API server, and not one after the other. The restart of one that is not ready itself costs no availability.
 * @param newMasters masters that had no API server when the run began: they are waited for, but their own jobs may come later.
 */
export function rollingApiserver(cluster: Cluster, host: Host, newMasters: readonly string[] = []): Rolling {
  const others = hostsWith(cluster, 'master').filter((master) => master.name !== host.name);
  const joining = others.filter(({ name }) => newMasters.includes(name));
  const allowed = allReady(
    cluster,
    host,
    others.filter((master) => !joining.includes(master)),
  );
  return {
    live: servesSomebody(cluster, host),
    lock: `${allowed}\n${underRestartLock(cluster, host, 'master', asApiserver, 'allReady')}`,
    ...(others.length > 0 && {
      allow: [
        ...(joining.length > 0 ? [untilJoined(cluster, joining)] : []),
        allowed,
        orRefuse('allReady', 'not ready:$missing. While another API server is away, this one is not restarted'),
      ].join('\n'),
    }),
    // The next one may restart as soon as this one is ready: the next one serves on for its shutdown delay, which is longer than
    // the 1.6 s in which the load balancers add this one again.
    healthy: {
      command: answersReady(cluster, host),
      timeoutSeconds: 120,
      hint: 'The restarted API server does not become ready again, so the API servers of the other masters are not restarted.',
    },
  };
}

/** Waits for API servers that start for the first time, and no longer than for those that must be ready. */
function untilJoined(cluster: Cluster, joining: readonly Host[]): string {
  const ready = joining.map((master) => readyz(cluster, master)).join(' && ');
  return `tries=0\nuntil ${ready} || [ "$tries" -ge ${joinTries} ]; do tries=$((tries + 1)); sleep 1; done`;
}

/** The record of failed restarts is in etcd, where jobs on other runners find it too. */
export function apiserverWayBack(cluster: Cluster, { name }: Host): WayBack {
  const words = (...command: string[]) =>
    shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), ...command));
  return {
    failed: [
      `last=$(${words('get', '--print-value-only', failedRestart)}) || exit 2`,
      'case $last in "$ATTEMPT on "*) echo "${last##* on }" ;; *) exit 1 ;; esac',
    ].join('\n'),
    record: `${words('put', failedRestart)} "$ATTEMPT on ${name}"`,
  };
}

/** Requested only when the process listens, and with the cheapest client on the host. */
export function answersReady(cluster: Cluster, host: Host): string {
  return `${isActive(apiserverUnitName)} && ${readyz(cluster, host)}`;
}

/**
 * Is this API server part of a cluster that serves? Yes, if etcd answers a quorum read. Certainly not, if this
 * API server itself reports for some time that it is not ready, or if no process listens. Anything else is unknown.
 */
function servesSomebody(cluster: Cluster, host: Host): string {
  return [
    `quorum() { ${readOfQuorum(cluster, asApiserver, etcdEndpoints(cluster))} >/dev/null 2>"$TMPDIR/quorum"; }`,
    stateOf(cluster, host),
    secondsSinceBoot,
    'seconds; began=$now',
    'until quorum; do',
    'state; seconds',
    `[ "$state" = 'not ready' ] || { echo "etcd answers no read of a quorum ($(tail -n 1 "$TMPDIR/quorum")), and this API server is $state"; exit 1; }`,
    `[ $((now - began)) -lt ${unreadySeconds} ] || { echo 'this API server has not been ready for ${unreadySeconds} s'; exit ${certainlyNot}; }`,
    'sleep 1',
    'done',
  ].join('\n');
}

function allReady(cluster: Cluster, host: Host, others: readonly Host[]): string {
  const checks = others.map((other) => `${readyz(cluster, other)} || missing="$missing ${other.name}"`);
  return [
    stateOf(cluster, host),
    'allReady() {',
    'missing=',
    ...checks,
    `[ -z "$missing" ] || { state; [ "$state" = 'not ready' ]; }; }`,
  ].join('\n');
}

/**
 * The health paths need no credentials, so curl is enough. A minimal host may lack it; kubectl is always there, but its start takes
 * a quarter of a second of a core, which API servers that warm up on the same host need themselves.
 */
function readyz(cluster: Cluster, master: Host): string {
  const { byCurl, byKubectl } = clientsOf(cluster, master);
  return `{ if command -v curl >/dev/null; then ${byCurl} --fail; else ${byKubectl}; fi >/dev/null 2>&1; }`;
}

/** Defines `state`, which sets the variable of that name to the API server's own report: ready, not ready, or unknown with the reason. */
function stateOf(cluster: Cluster, host: Host): string {
  const { byCurl, byKubectl } = clientsOf(cluster, host);
  return [
    'state() {',
    'if command -v curl >/dev/null; then',
    `code=$(${byCurl} --output /dev/null --write-out '%{http_code}' 2>/dev/null)`,
    // 7: nothing listens there. Source: curl(1), exit codes
    `status=$?`,
    `case $status:$code in 0:200) state=ready ;; 0:* | 7:*) state='not ready' ;; *) state="unknown (curl: status $status)" ;; esac`,
    'else',
    `answer=$(${byKubectl} 2>&1)`,
    `case $?:$answer in 0:*) state=ready ;; *'Error from server'* | *'connection refused'*) state='not ready' ;; *) state='unknown (kubectl)' ;; esac`,
    'fi; }',
  ].join('\n');
}

function clientsOf(cluster: Cluster, { address }: Host): { readonly byCurl: string; readonly byKubectl: string } {
  const server = apiServerUrl(address, cluster.api.port);
  // -q: without root's .curlrc.
  const curl = ['curl', '-q', '--silent', '--noproxy', '*', '--max-time', '2', '--cacert', paths.ca.crt];
  const kubectl = [`${cluster.binDir}/kubectl`, `--kubeconfig=${paths.adminConf}`, `--server=${server}`];
  return {
    byCurl: shellCommand([...curl, `${server}/readyz`]),
    byKubectl: shellCommand([...kubectl, '--request-timeout=2s', 'get', '--raw=/readyz']),
  };
}
