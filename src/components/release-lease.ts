import { byAddress, type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import type { HostFile } from '../host/state.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { places } from '../layout/paths.ts';
import { publicFile } from './files.ts';

/** Time limit of each request to an API server; more than a busy one needs, and short enough not to delay a restart. */
const requestSeconds = 2;

/**
 * The sh program that releases a leader's lease for a process that has ended, so that the other candidates need not wait
 * until it expires. The scheduler releases it itself when it stops; the controller-manager only with a feature gate since
 * 1.36; and neither if it crashes or is killed.
 *
 * - systemd runs it as ExecStopPost: when no process of the unit is left, and before the unit is started again. At a shutdown
 *   the API server and the network are still available, because the unit is ordered after them.
 * - It releases only a lease whose holder is this host's process, by name, and only in the state that it has read: `replace` sends the
 *   resourceVersion, so a new holder keeps the lease.
 * - `--raw` is one request without discovery. RBAC allows both components to update their own lease, but not to
 *   patch it (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 * - On any error, the lease expires by itself: it never fails its unit.
 */
export function releaseLeaseScript(cluster: Cluster): HostFile {
  const text = `#!/bin/sh
# release-lease NAME KUBECONFIG [SERVER...]
name=$1 kubeconfig=$2
shift 2
read -r host </proc/sys/kernel/hostname
case $host in localhost*) exit 0 ;; esac
lease=/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/$name

ask() {
  ${cluster.binDir}/kubectl --kubeconfig="$kubeconfig" --request-timeout=${requestSeconds}s \${server:+"--server=$server"} "$@"
}

# The own API server first, by the kubeconfig; it may have ended together with the leader.
for server in '' "$@"; do
  object=$(ask get --raw "$lease" 2>/dev/null) || continue
  case $object in
    *'"holderIdentity":"'"$host"_*) ;;
    *) exit 0 ;;
  esac
  printf '%s' "$object" |
    sed 's/"holderIdentity":"[^"]*"/"holderIdentity":""/; s/"leaseDurationSeconds":[0-9]*/"leaseDurationSeconds":1/' |
    ask replace --raw "$lease" -f - >/dev/null && echo "the lease $name is given up" && exit 0
done
exit 0
`;
  return { ...publicFile(places.releaseLease, text), mode: '755' };
}

/** The line of a unit's [Service] that runs it. */
export function releasesLease(cluster: Cluster, host: Host, lease: string, kubeconfig: string): string {
  const others = byAddress(hostsWith(cluster, 'master')).filter(({ name }) => name !== host.name);
  const servers = others.map(({ address }) => apiServerUrl(address, cluster.api.port));
  return `ExecStopPost=-/bin/sh ${[places.releaseLease, lease, kubeconfig, ...servers].join(' ')}`;
}
