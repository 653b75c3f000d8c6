import type { Cluster, Host } from '../cluster/cluster.ts';
import { electionTimes, goSeconds } from '../cluster/election.ts';
import { type HostState, hostState } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { json, rootFile } from './files.ts';
import { type Flags, flagList, strongCipherSuites } from './flags.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { releaseLeaseScript, releasesLease } from './release-lease.ts';
import { memoryStays, sandbox, serviceText } from './unit-text.ts';

/** Leader-elected; uses its own master's API server, so the loss of another master does not affect it. */
export function schedulerState(cluster: Cluster, host: Host, architecture: Architecture): HostState {
  const program = `${cluster.binDir}/kube-scheduler`;
  return hostState({
    files: [rootFile(places.schedulerConfig, json(schedulerConfig(cluster))), releaseLeaseScript(cluster)],
    downloads: [kubernetesBinary(cluster, architecture, 'kube-scheduler')],
    units: [
      unit({
        name: components.scheduler.unit,
        content: serviceText({
          description: 'Kubernetes scheduler',
          documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/',
          // The order is reversed at a shutdown: it stops and releases its lease while the API server still answers.
          unit: [`After=${components.apiServer.unit}`],
          command: [program, ...flagList(schedulerFlags, cluster.scheduler.extraArgs)],
          service: [
            'LimitNOFILE=1048576',
            releasesLease(cluster, host, 'kube-scheduler', paths.schedulerConf),
            ...sandbox,
            ...memoryStays,
          ],
        }),
        ready: {
          command: listens(components.scheduler.ports.health.port),
          timeoutSeconds: 60,
          hint: 'The scheduler exits at once if it does not accept a flag or a kubeconfig: see its journal.',
        },
      }),
    ],
  });
}

/** The scheduler's --kubeconfig and --profiling are deprecated in favour of this file (cmd/kube-scheduler/app/options). */
function schedulerConfig({ election }: Cluster): object {
  const { leaseDuration, renewDeadline, retryPeriod } = electionTimes(election);
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: paths.schedulerConf },
    leaderElection: {
      leaderElect: true,
      leaseDuration: goSeconds(leaseDuration),
      renewDeadline: goSeconds(renewDeadline),
      retryPeriod: goSeconds(retryPeriod),
    },
    enableProfiling: false,
  };
}

const schedulerFlags: Flags = {
  config: places.schedulerConfig,
  'bind-address': '127.0.0.1',
  'authentication-kubeconfig': paths.schedulerConf,
  'authorization-kubeconfig': paths.schedulerConf,
  'client-ca-file': paths.ca.crt,
  'requestheader-client-ca-file': paths.frontProxyCa.crt,
  // Repeats a value of the file for kube-bench: its check of CIS 1.4.1 reads only command lines.
  profiling: 'false',
  'tls-min-version': 'VersionTLS12',
  'tls-cipher-suites': strongCipherSuites.join(','),
};
