import type { Cluster, Host } from '../cluster/cluster.ts';
import { type HostState, hostState, leavings, type Unit } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { places } from '../layout/paths.ts';
import { apiserverFlags, auditLogDirectory, auditLogPath } from './apiserver-flags.ts';
import { answersReady, apiserverUnitName, apiserverWayBack, rollingApiserver } from './apiserver-rolling.ts';
import { auditPolicy } from './audit-policy.ts';
import { authenticationConfig } from './authentication-config.ts';
import { type Architecture, etcdBinaries, kubernetesBinary } from './downloads.ts';
import { json, rootDirectory, rootFile } from './files.ts';
import { flagList } from './flags.ts';
import { unit } from './reads.ts';
import { memoryStays, sandbox, serviceText } from './unit-text.ts';

/** The API server of one master, with etcdctl for the restart lock, and etcd, with which a backup is opened there (phases/open-backup.ts). */
export function apiserverState(
  cluster: Cluster,
  host: Host,
  architecture: Architecture,
  newMasters?: readonly string[],
): HostState {
  const auditLog = auditLogPath(cluster);
  return hostState({
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(auditLogDirectory(cluster), '700')],
    files: [
      rootFile(places.authenticationConfig, json(authenticationConfig(cluster))),
      rootFile(places.auditPolicy, json(auditPolicy)),
    ],
    downloads: [
      kubernetesBinary(cluster, architecture, 'kube-apiserver'),
      etcdBinaries(cluster, architecture, ['etcd', 'etcdctl', 'etcdutl']),
    ],
    units: [apiserverUnit(cluster, host, newMasters)],
    // Rotated as NAME-TIME.SUFFIX. Not the directory: it may be one that others use as well.
    leaves: leavings('tree', auditLog, auditLog.replace(/(\.[^./]*)?$/, '-*$1')),
  });
}

function apiserverUnit(cluster: Cluster, host: Host, newMasters?: readonly string[]): Unit {
  const program = `${cluster.binDir}/kube-apiserver`;
  return unit({
    name: apiserverUnitName,
    content: serviceText({
      description: 'Kubernetes API server',
      documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
      unit: [`After=${components.etcd.unit} ${components.etcdBalancer.unit}`],
      command: [program, ...flagList(apiserverFlags(cluster, host), cluster.apiServer.extraArgs)],
      service: [
        // It sends READY when it listens (genericapiserver.go, NonBlockingRunWithContext).
        'Type=notify',
        'TimeoutStartSec=infinity',
        // After the shutdown delay, requests in flight may take their whole minute (--request-timeout).
        'TimeoutStopSec=75',
        'LimitNOFILE=1048576',
        'OOMScoreAdjust=-997',
        ...sandbox,
        ...memoryStays,
      ],
    }),
    ready: {
      command: answersReady(cluster, host),
      timeoutSeconds: 120,
      hint: 'The API server does not become ready: it may not reach etcd, or not accept one of its flags. See its journal.',
    },
    rolling: { ...rollingApiserver(cluster, host, newMasters), wayBack: apiserverWayBack(cluster, host) },
  });
}
