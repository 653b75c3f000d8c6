import type { Cluster } from '../../cluster/cluster.ts';
import { components } from '../../layout/components.ts';
import { imageFor } from '../../lockfile/images.ts';
import { type KubernetesObject, object } from './object.ts';
import { critical, restricted, restrictedPod } from './pods.ts';
import { clusterRole, clusterRoleBinding, serviceAccount, systemRoleBinding } from './rbac.ts';

const name = 'metrics-server';
const namespace = 'kube-system';
const labels = { 'k8s-app': name };
const { port } = components.metricsServer.ports.https;

/** metrics-server's own manifests (kubernetes-sigs/metrics-server, manifests/base of v0.9), adapted to this project's clusters. */
export function metricsServer(cluster: Cluster): readonly KubernetesObject[] {
  return [
    object('v1', 'ServiceAccount', { name, namespace }),
    ...access(),
    deployment(imageFor(cluster, 'metricsServer')),
    object(
      'v1',
      'Service',
      { name, namespace, labels },
      {
        spec: {
          selector: labels,
          ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port, appProtocol: 'https' }],
        },
      },
    ),
    object(
      'apiregistration.k8s.io/v1',
      'APIService',
      { name: 'v1beta1.metrics.k8s.io', labels },
      {
        spec: {
          service: { name, namespace },
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          // As upstream: it creates its serving certificate itself, at each start. The client proves itself instead,
          // by the front-proxy's certificate.
          insecureSkipTLSVerify: true,
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
      },
    ),
  ];
}

function access(): readonly KubernetesObject[] {
  const account = serviceAccount(name);
  const aggregate = (to: string) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, 'true'];
  return [
    clusterRole(
      'system:aggregated-metrics-reader',
      [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
      Object.fromEntries(['view', 'edit', 'admin'].map(aggregate)),
    ),
    clusterRole('system:metrics-server', [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ]),
    clusterRoleBinding('system:metrics-server', 'system:metrics-server', account),
    clusterRoleBinding('metrics-server:system:auth-delegator', 'system:auth-delegator', account),
    systemRoleBinding('metrics-server-auth-reader', 'extension-apiserver-authentication-reader', account),
  ];
}

function deployment(image: string): KubernetesObject {
  return object(
    'apps/v1',
    'Deployment',
    { name, namespace, labels },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        // Two pods cannot share a node's host network, not even during an update.
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: {
          metadata: { labels },
          spec: {
            ...critical,
            serviceAccountName: name,
            // A master that is not a node has no route into the pod network, but its API server must reach this pod.
            hostNetwork: true,
            securityContext: restrictedPod(1000),
            containers: [container(image)],
            volumes: [{ name: 'tmp', emptyDir: {} }],
          },
        },
      },
    },
  );
}

function container(image: string): object {
  const probe = (path: string) => ({ httpGet: { path, port: 'https', scheme: 'HTTPS' }, failureThreshold: 3 });
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [
      '--cert-dir=/tmp',
      `--secure-port=${port}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--kubelet-use-node-status-port',
      // Kubelets' serving certificates are signed by the cluster's own CA, so --kubelet-insecure-tls is not needed.
      '--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
      '--metric-resolution=15s',
    ],
    resources: { requests: { cpu: '100m', memory: '200Mi' } },
    ports: [{ name: 'https', containerPort: port, protocol: 'TCP' }],
    livenessProbe: { ...probe('/livez'), periodSeconds: 10 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5 },
    securityContext: restricted,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}
