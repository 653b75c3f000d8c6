import type { HostSession } from '../../host/engine.ts';
import { hostState } from '../../host/state.ts';
import type { Log } from '../../log.ts';
import type { HostFaultLines } from './host-fault.ts';

const table = 'inet k8s_ha_action_fault';

/** sh that sets $1 and $4 to the runner's address and this host's SSH port (sshd(8), SSH_CONNECTION). */
const findRunner = `set -- $SSH_CONNECTION
[ $# = 4 ] || { echo 'the SSH connection to keep is not known' >&2; exit 1; }
case $1 in *:*) family=ip6 ;; *) family=ip ;; esac`;

/**
 * Drops every packet to and from the host except its loopback and the runner's SSH. The rules are in a separate table, which is
 * deleted as a whole. They run before connection tracking (priority raw), so it keeps no record of dropped packets, and they drop
 * forwarded packets, so the host's pods lose their network too.
 */
export function cutNetwork(session: HostSession, log: Log): HostFaultLines {
  return {
    name: 'cut-network',
    prepare: async () => {
      // A master needs nft only for this; installed by the package manager and recorded as placed by this project.
      const nft = { command: 'nft', apt: 'nftables', dnf: 'nftables', zypper: 'nftables' };
      await session.apply('failover', hostState({ packages: [nft] }), log);
    },
    begin: `${findRunner}
nft delete table ${table} 2>/dev/null
nft -f - <<RULES
table ${table} {
  chain in {
    type filter hook input priority -300; policy drop;
    iifname "lo" accept
    $family saddr $1 tcp dport $4 accept
  }
  chain out {
    type filter hook output priority -300; policy drop;
    oifname "lo" accept
    $family daddr $1 tcp sport $4 accept
  }
  chain through { type filter hook forward priority -300; policy drop; }
}
RULES`,
    heal: `nft delete table ${table} 2>/dev/null || ! nft list table ${table} >/dev/null 2>&1`,
  };
}
