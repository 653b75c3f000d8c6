import type { Cluster } from '../../cluster/cluster.ts';
import { imageFor } from '../../lockfile/images.ts';
import { type KubernetesObject, object } from './object.ts';
import { critical, restricted, restrictedPod } from './pods.ts';
import { clusterRole, clusterRoleBinding, serviceAccount } from './rbac.ts';

const name = 'coredns';
const namespace = 'kube-system';
/** The label and the Service name that tools look for; they are older than CoreDNS. */
const labels = { 'k8s-app': 'kube-dns' };
const role = 'system:coredns';

/** The cluster's DNS with kubeadm's settings: two pods, on different nodes if there are two. */
export function coredns(cluster: Cluster): readonly KubernetesObject[] {
  return [
    object('v1', 'ServiceAccount', { name, namespace }),
    clusterRole(role, [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ]),
    clusterRoleBinding(role, role, serviceAccount(name)),
    object('v1', 'ConfigMap', { name, namespace }, { data: { Corefile: corefile(cluster.network.dnsDomain) } }),
    deployment(cluster),
    object(
      'policy/v1',
      'PodDisruptionBudget',
      { name, namespace },
      {
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
      },
    ),
    service(cluster.dnsAddress),
  ];
}

/** kubeadm's (cmd/kubeadm/app/phases/addons/dns/manifests.go of v1.37). `reload` applies a change within a minute. */
function corefile(domain: string): string {
  return `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${domain}
       disable denial ${domain}
    }
    loop
    reload
    loadbalance
}
`;
}

function deployment(cluster: Cluster): KubernetesObject {
  return object(
    'apps/v1',
    'Deployment',
    { name, namespace, labels },
    {
      spec: {
        replicas: 2,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...critical,
            serviceAccountName: name,
            dnsPolicy: 'Default',
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: labels },
              },
            ],
            securityContext: {
              ...restrictedPod(65532),
              // Allows port 53 for an ordinary user, independent of the runtime's default.
              sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '53' }],
            },
            containers: [container(imageFor(cluster, 'coredns'))],
            volumes: [{ name: 'config', configMap: { name, items: [{ key: 'Corefile', path: 'Corefile' }] } }],
          },
        },
      },
    },
  );
}

function container(image: string): object {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
    ],
    livenessProbe: {
      httpGet: { path: '/health', port: 8080 },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 2 },
    // The official binary has this file capability, and cannot start if the bounding set lacks it.
    securityContext: { ...restricted, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };
}

function service(clusterIP: string): KubernetesObject {
  return object(
    'v1',
    'Service',
    {
      name: 'kube-dns',
      namespace,
      labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
    },
    {
      spec: {
        clusterIP,
        selector: labels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
      },
    },
  );
}
