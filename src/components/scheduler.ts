import type { Cluster } from '../cluster/cluster.ts';
import { type HostState, hostState } from '../host/state.ts';
import { paths } from '../pki/paths.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { json, rootFile } from './files.ts';
import { type Flags, flagList, strongCipherSuites } from './flags.ts';
import { places } from './places.ts';
import { listens } from './readiness.ts';
import { sandbox, serviceText } from './unit-text.ts';

/** Leader-elected; it talks to its own master's API server, so that another master's death doesn't touch it. */
export function schedulerState(cluster: Cluster, architecture: Architecture): HostState {
  const program = `${cluster.binDir}/kube-scheduler`;
  return hostState({
    files: [rootFile(places.schedulerConfig, json(schedulerConfig))],
    downloads: [kubernetesBinary(cluster, architecture, 'kube-scheduler')],
    units: [
      {
        name: 'kube-scheduler.service',
        content: serviceText({
          description: 'Kubernetes scheduler',
          documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/',
          unit: ['After=kube-apiserver.service'],
          command: [program, ...flagList(schedulerFlags, cluster.scheduler.extraArgs)],
          service: ['LimitNOFILE=1048576', ...sandbox],
        }),
        reads: [program, places.schedulerConfig, paths.schedulerConf, paths.ca.crt, paths.frontProxyCa.crt],
        ready: {
          command: listens(10259),
          timeoutSeconds: 60,
          hint: 'The scheduler ends at once when it does not accept a flag or a kubeconfig: see its journal.',
        },
      },
    ],
  });
}

/** The scheduler's --kubeconfig and --profiling are deprecated in favour of this file (cmd/kube-scheduler/app/options). */
const schedulerConfig = {
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  clientConnection: { kubeconfig: paths.schedulerConf },
  leaderElection: { leaderElect: true },
  enableProfiling: false,
};

const schedulerFlags: Flags = {
  config: places.schedulerConfig,
  'bind-address': '127.0.0.1',
  'authentication-kubeconfig': paths.schedulerConf,
  'authorization-kubeconfig': paths.schedulerConf,
  'client-ca-file': paths.ca.crt,
  'requestheader-client-ca-file': paths.frontProxyCa.crt,
  // Says again what the file says, for kube-bench: its check of CIS 1.4.1 reads command lines only.
  profiling: 'false',
  'tls-min-version': 'VersionTLS12',
  'tls-cipher-suites': strongCipherSuites.join(','),
};
