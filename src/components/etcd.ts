import type { Cluster, Host } from '../cluster/cluster.ts';
import { isOlder } from '../cluster/version-order.ts';
import { type HostState, hostState, leavings, type Unit } from '../host/state.ts';
import { etcdClientUrl, etcdPeerUrl, hostPort, loopback } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';
import { etcdPkiDir, paths, places } from '../layout/paths.ts';
import { type Architecture, etcdBinaries } from './downloads.ts';
import { rollingMember } from './etcd-rolling.ts';
import { rootDirectory, rootFile } from './files.ts';
import { type Flags, flagList, strongCipherSuites } from './flags.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { memoryStays, sandbox, serviceText } from './unit-text.ts';

const user = 'etcd';
const { peers, http, metrics, clients } = components.etcd.ports;

/** What a member depends on besides the file. */
interface EtcdFacts {
  readonly architecture: Architecture;
  /** With whom it begins; absent: not known yet, for a state of which only the binaries are used. */
  readonly etcdBootstrap?: string | undefined;
  /** Hosts whose members vote now; absent or empty: all of the file. */
  readonly etcdVoters?: readonly string[];
}

/**
 * One member of etcd: its user, directories, program and unit.
 *
 * With whom it begins is decided by the plan (src/plan) and is in a file of its own. etcd reads that only while its data directory is empty, so
 * the unit does not list it among what it reads (reads.ts): a new member never restarts the others.
 */
export function etcdState(
  cluster: Cluster,
  host: Host,
  { architecture, etcdBootstrap, etcdVoters }: EtcdFacts,
): HostState {
  const { dataDir } = cluster.etcd;
  return hostState({
    users: [{ name: user, home: dataDir }],
    directories: [
      rootDirectory('/etc/etcd'),
      rootDirectory(etcdPkiDir),
      // CIS 1.1.11 and 1.1.12.
      { path: dataDir, mode: '700', owner: `${user}:${user}` },
    ],
    files: etcdBootstrap === undefined ? [] : [rootFile(places.etcdBootstrap, etcdBootstrap)],
    downloads: [etcdBinaries(cluster, architecture, ['etcd', 'etcdctl', 'etcdutl'])],
    units: [etcdUnit(cluster, host, etcdVoters ?? [])],
    leaves: leavings('tree', dataDir),
  });
}

function etcdUnit(cluster: Cluster, host: Host, voters: readonly string[]): Unit {
  const program = `${cluster.binDir}/etcd`;
  const rolling = rollingMember(cluster, host, voters);
  return unit({
    name: components.etcd.unit,
    content: serviceText({
      description: 'etcd, the store of Kubernetes',
      documentation: 'https://etcd.io/docs/',
      command: [program, ...flagList(etcdFlags(cluster, host), cluster.etcd.extraArgs)],
      service: [
        'Type=notify',
        // READY comes with quorum only, and the hosts that make it may be set up hours later.
        'TimeoutStartSec=infinity',
        `User=${user}`,
        `EnvironmentFile=${places.etcdBootstrap}`,
        'LimitNOFILE=65536',
        // The last process to be killed for memory, and ahead of others at the disk: a late heartbeat is an election.
        'OOMScoreAdjust=-999',
        'Nice=-5',
        'IOSchedulingClass=best-effort',
        'IOSchedulingPriority=0',
        ...sandbox,
        ...memoryStays,
      ],
    }),
    ready: {
      // Not "active", which takes a quorum, but "its peers can reach it".
      command: listens(peers.port),
      timeoutSeconds: 30,
      hint: 'etcd ends at once when its data directory, its certificates or its address are not right: see its journal.',
    },
    ...(rolling && { rolling }),
  });
}

/** kubeadm's flags (cmd/kubeadm/app/phases/etcd/local.go of v1.37) with CIS 2.1 to 2.6 and strong ciphers. */
function etcdFlags(cluster: Cluster, host: Host): Flags {
  const { server, peer, ca } = paths.etcd;
  const local = loopback(host.address);
  return {
    name: host.name,
    'data-dir': cluster.etcd.dataDir,
    'listen-client-urls': `https://${hostPort(local, clients.port)},${etcdClientUrl(host.address)}`,
    // Apart from gRPC, whose watches can starve on a port that they share with HTTP over TLS (etcd-io/etcd#15402).
    // Masters' balancers ask there whether the member is ready.
    'listen-client-http-urls': [local, host.address].map((each) => `https://${hostPort(each, http.port)}`).join(','),
    'advertise-client-urls': etcdClientUrl(host.address),
    'listen-peer-urls': etcdPeerUrl(host.address),
    'initial-advertise-peer-urls': etcdPeerUrl(host.address),
    'listen-metrics-urls': `http://${hostPort(local, metrics.port)}`,
    'cert-file': server.crt,
    'key-file': server.key,
    'trusted-ca-file': ca,
    'client-cert-auth': 'true',
    'peer-cert-file': peer.crt,
    'peer-key-file': peer.key,
    'peer-trusted-ca-file': ca,
    'peer-client-cert-auth': 'true',
    'tls-min-version': 'TLS1.2',
    'cipher-suites': strongCipherSuites.join(','),
    ...versionFlags(cluster.versions.etcd),
  };
}

/** What became a feature gate or lost its prefix in etcd 3.6. */
function versionFlags(version: string): Flags {
  if (isOlder(version, '3.6.0')) {
    return { 'experimental-initial-corrupt-check': 'true', 'experimental-watch-progress-notify-interval': '5s' };
  }
  return { 'feature-gates': 'InitialCorruptCheck=true', 'watch-progress-notify-interval': '5s' };
}
