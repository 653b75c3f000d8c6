import type { Cluster, Host } from '../cluster/cluster.ts';
import { electionTimes, goSeconds } from '../cluster/election.ts';
import { kubernetesMinor } from '../cluster/versions.ts';
import { type HostState, hostState } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import type { HostSecrets } from '../pki/secrets.ts';
import { type Architecture, kubernetesBinary } from './downloads.ts';
import { rootDirectory } from './files.ts';
import { type Flags, flagList, strongCipherSuites } from './flags.ts';
import { listens } from './readiness.ts';
import { unit } from './reads.ts';
import { releaseLeaseScript, releasesLease } from './release-lease.ts';
import { memoryStays, sandbox, serviceText } from './unit-text.ts';

/** Avoids the default under /usr, which the controller-manager would create. */
const volumePlugins = '/var/lib/kube-controller-manager';

/** Leader-elected; uses its own master's API server, so the loss of another master does not affect it. */
export function controllerManagerState(
  cluster: Cluster,
  host: Host,
  architecture: Architecture,
  secrets: HostSecrets,
): HostState {
  const program = `${cluster.binDir}/kube-controller-manager`;
  return hostState({
    directories: [rootDirectory(places.kubernetesDir), rootDirectory(volumePlugins)],
    files: [releaseLeaseScript(cluster)],
    downloads: [kubernetesBinary(cluster, architecture, 'kube-controller-manager')],
    units: [
      unit({
        name: components.controllerManager.unit,
        content: serviceText({
          description: 'Kubernetes controller manager',
          documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/',
          // The order is reversed at a shutdown: it stops and releases its lease while the API server still answers.
          unit: [`After=${components.apiServer.unit}`],
          command: [
            program,
            ...flagList(controllerManagerFlags(cluster, secrets), cluster.controllerManager.extraArgs),
          ],
          service: [
            'LimitNOFILE=1048576',
            releasesLease(cluster, host, 'kube-controller-manager', paths.controllerManagerConf),
            ...sandbox,
            ...memoryStays,
          ],
        }),
        ready: {
          command: listens(components.controllerManager.ports.health.port),
          timeoutSeconds: 60,
          hint: 'The controller manager exits at once if it does not accept a flag or a kubeconfig: see its journal.',
        },
      }),
    ],
  });
}

/** kubeadm's flags of v1.37 (manifests.go), and CIS 1.3. */
function controllerManagerFlags(cluster: Cluster, { files }: HostSecrets): Flags {
  const { network } = cluster;
  const gates = kubernetesMinor(cluster.minor).controllerManagerGates;
  return {
    'bind-address': '127.0.0.1',
    'leader-elect': 'true',
    ...electionFlags(cluster),
    ...requestFlags,
    kubeconfig: paths.controllerManagerConf,
    'authentication-kubeconfig': paths.controllerManagerConf,
    'authorization-kubeconfig': paths.controllerManagerConf,
    'client-ca-file': paths.ca.crt,
    'requestheader-client-ca-file': paths.frontProxyCa.crt,
    'root-ca-file': paths.ca.crt,
    'service-account-private-key-file': paths.serviceAccount.key,
    'cluster-signing-cert-file': files.some(({ path }) => path === paths.signingCa) ? paths.signingCa : paths.ca.crt,
    'cluster-signing-key-file': paths.ca.key,
    // Of a kubelet's client certificate, which can't be revoked. It renews it with 3 to 9 days left; after a
    // longer time without an API server it joins again by a run.
    'cluster-signing-duration': '720h',
    'use-service-account-credentials': 'true',
    // tokencleaner deletes expired bootstrap tokens; each run creates one per joining node.
    controllers: '*,bootstrapsigner,tokencleaner',
    'cluster-name': cluster.name,
    'allocate-node-cidrs': 'true',
    'cluster-cidr': network.podSubnet,
    'service-cluster-ip-range': network.serviceSubnet,
    ...nodeMaskFlags(network.podSubnet, network.nodeCidrMaskSize),
    'flex-volume-plugin-dir': volumePlugins,
    'terminated-pod-gc-threshold': '12500',
    profiling: 'false',
    'tls-min-version': 'VersionTLS12',
    'tls-cipher-suites': strongCipherSuites.join(','),
    'feature-gates': gates.length === 0 ? undefined : gates.join(','),
  };
}

/**
 * A leader first makes about 90 requests, for the service accounts of its controllers, before any controller runs. With the default limit of 20 a
 * second (and 30 at once) that takes 5 s of each first deployment, and 1 s of each takeover. The API server's own limits (priority and fairness) protect it.
 */
const requestFlags: Flags = { 'kube-api-qps': '100', 'kube-api-burst': '200' };

function electionFlags({ election }: Cluster): Flags {
  const { leaseDuration, renewDeadline, retryPeriod } = electionTimes(election);
  return {
    'leader-elect-lease-duration': goSeconds(leaseDuration),
    'leader-elect-renew-deadline': goSeconds(renewDeadline),
    'leader-elect-retry-period': goSeconds(retryPeriod),
  };
}

/** With two address families, each needs its own flag, and the common one is refused. The size for IPv6 stays the default. */
function nodeMaskFlags(podSubnet: string, size: number): Flags {
  return podSubnet.includes(',')
    ? { 'node-cidr-mask-size-ipv4': String(size) }
    : { 'node-cidr-mask-size': String(size) };
}
