import { type Cluster, etcdEndpoints, type Host, hostsWith } from '../cluster/cluster.ts';
import { asApiserver, asMember, etcdctl, promptWrites } from '../etcd/etcdctl.ts';
import { shellCommand, shellQuoted } from '../host/shell-command.ts';
import type { Hold } from '../host/state.ts';
import { etcdClientUrl, loopback } from '../layout/addresses.ts';
import { etcdBalancerUnit } from './etcd-balancer.ts';

// While a leader hands over, etcd drops what it is asked to write (raft.go, stepLeader: leadTransferee): a client of the leader gets "raft
// proposal dropped", which an API server answers with 500, and one of a follower waits 7 s in vain. So nothing may be on its way then: each
// master keeps its API server's connections to etcd waiting for a moment, by stopping (SIGSTOP) the balancer that they all pass through.

/** Below it, each master that holds has a key. A master ends its hold when its key goes. */
const heldKeys = 'k8s-ha-action/held/';
const holdUnit = 'k8s-ha-action-hold';

/** The longest that a master holds, in hundredths of a second; it ends as soon as the leader has moved or the move is given up. */
const holdLimit = 150;
/** How long to wait, once a master holds, for all of them. */
const allLimit = 50;
/** By when, after the first master holds, the move must begin: it takes 0.2 s, and the masters began 0.3 s before they were seen. */
const moveLimit = 80;
/** How long a runner may take to reach the masters, a dead one among them. */
const firstLimit = 800;

/** Defines `clock`, which sets `now` to hundredths of a second since the host's boot (proc(5), uptime). */
const clock = 'clock() { IFS=". " read -r now hundredths _ </proc/uptime; now=$((now * 100 + 1$hundredths - 100)); }';

/**
 * Run on a master: it holds what its API server asks etcd for, until etcd's leader has moved, and for 1.5 s at most. It does so in a
 * transient unit: however that ends, also without a runner, systemd lets the balancer go on (ExecStopPost), after 3 s in any case (RuntimeMaxSec).
 */
export function holdOnMaster(cluster: Cluster, master: Host): string {
  const ask = (...command: string[]) => shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), ...command));
  const key = `${heldKeys}${master.name}`;
  const signal = (name: 'STOP' | 'CONT') => `systemctl kill --signal=${name} ${etcdBalancerUnit}.service`;
  const script = [
    clock,
    'cd "$RUNTIME_DIRECTORY" || exit 1',
    `${ask('watch', key)} >seen 2>/dev/null &`,
    signal('STOP'),
    'clock; began=$now',
    `${ask('put', key, 'held')} >/dev/null 2>&1 &`,
    `until grep -q '^DELETE' seen || [ $((now - began)) -ge ${holdLimit} ]; do sleep 0.02; clock; done`,
    signal('CONT'),
  ].join('\n');
  const unit = shellCommand([
    'systemd-run',
    '--quiet',
    '--collect',
    `--unit=${holdUnit}`,
    '--property=RuntimeMaxSec=3',
    // As etcd: on a busy host the hold must not end before the leader has moved.
    '--property=Nice=-5',
    `--property=RuntimeDirectory=${holdUnit}`,
    `--property=ExecStopPost=/bin/sh -c "${signal('CONT')}"`,
    '/bin/sh',
    '-c',
    // systemd replaces variables in a unit's command line; `$$` is a dollar sign (systemd.service(5)).
    script.replaceAll('$', '$$$$'),
  ]);
  return `systemctl stop ${holdUnit}.service 2>/dev/null; ${unit}`;
}

/** How the status of members is asked for, and by what a member knows that it leads: lines of sh. */
export interface LeaderWords {
  readonly leads: string;
  /** In etcdctl's simple form. */
  readonly simple: (endpoints: readonly string[]) => string;
}

/** How a member that leads hands over while the masters hold; see `Hold` for what each part's status says. */
export function holdOfLeader(cluster: Cluster, host: Host, words: LeaderWords): Hold {
  const own = etcdClientUrl(loopback(host.address));
  const ask = (...command: string[]) => shellCommand(etcdctl(cluster, asMember, [own], ...command));
  const release = `${ask('del', '--prefix', heldKeys)} >/dev/null 2>&1`;
  const both = words.simple([own, 'URL']).replace('URL', '"$url"');
  const masters = hostsWith(cluster, 'master').length;
  const indexes = String.raw`sed -n 's/.*, [a-z]*, [a-z]*, [0-9]*, \([0-9]*\), \([0-9]*\),.*/\1 \2/p' | tr ' ' '\n' | sort -u`;
  return {
    // From its revision on, no key is missed, however late the watch begins.
    needed: `${words.leads} && ${ask('--write-out=json', 'del', '--prefix', heldKeys)} >"$TMPDIR/held" 2>/dev/null`,
    work: [
      'renice -n -5 $$ >/dev/null 2>&1',
      clock,
      'late() { clock; [ $((now - began)) -ge "$1" ]; }',
      quickestOther(cluster, host, words),
      'seen=$(mktemp)',
      // One watch for all: while all hosts are busy, each start of etcdctl takes its time.
      `rev=$(sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p' "$TMPDIR/held" 2>/dev/null)`,
      `${ask('watch', '--prefix', heldKeys)} \${rev:+--rev=$((rev + 1))} >"$seen" 2>/dev/null &`,
      `trap ${shellQuoted(`kill $!; ${release}; rm -f "$seen"`)} EXIT`,
      'next=$(quickest); [ -n "$next" ] || exit 2',
      'url=${next%%,*} id=${next#*, }',
      `held() { count=$(grep -c '^PUT' "$seen"); [ "$count" -ge "$1" ]; }`,
      'clock; began=$now',
      `until held 1; do ! late ${firstLimit} || exit 2; sleep 0.02; done`,
      'clock; began=$now',
      // The first tries need every master and every member; the last one makes do with those that there are.
      'strict() { [ "$HOLD_TRY" -lt 3 ]; }',
      `until held ${masters} || late ${allLimit}; do sleep 0.02; done`,
      `held ${masters} || ! strict || exit 1`,
      // They have written and applied the same entries: nothing is on its way any more, and the move waits for none.
      'at=',
      `until case $at in '' | *[!0-9]*) false ;; esac; do`,
      `! late ${moveLimit} || exit 1`,
      `at=$({ if strict; then ${words.simple(etcdEndpoints(cluster))}; else ${both}; fi; } | ${indexes})`,
      'done',
      `! late ${moveLimit} || exit 1`,
      `${ask('move-leader')} "\${id%%,*}" || exit 1`,
    ].join('\n'),
  };
}

/**
 * Defines `quickest`: the status, in the simple form, of the other member that first answers a write: to it leadership moves in milliseconds, while
 * one with a slow disk would take seconds. Prints nothing if none answers in time.
 */
export function quickestOther(cluster: Cluster, host: Host, { simple }: LeaderWords): string {
  const others = hostsWith(cluster, 'etcd').filter(({ name }) => name !== host.name);
  const asked = others.map(({ address }) => {
    const url = etcdClientUrl(address);
    return `{ ${promptWrites(cluster, asMember, url)} && ${simple([url])}; } &`;
  });
  return `quickest() { { ${asked.join(' ')} wait; } | head -n 1; }`;
}
