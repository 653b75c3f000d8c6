import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  clusterRole,
  clusterRoleBinding,
  group,
  object,
  podNetwork,
  serviceAccount,
  systemRoleBinding,
  user
} from "./components.js";
import {
  imageFor
} from "./lockfile-images.js";
import {
  administratorsGroup,
  bootstrapGroup
} from "./layout-groups.js";
import {
  components
} from "./layout-addresses.js";

// src/components/addons/bootstrap.ts
function bootstrapBindings() {
  return [
    clusterRoleBinding("k8s-ha-action:node-bootstrapper", "system:node-bootstrapper", group(bootstrapGroup)),
    clusterRoleBinding(
      "k8s-ha-action:node-certificate-rotation",
      "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
      group("system:nodes")
    ),
    // The API server uses this name towards kubelets, for logs, exec and port-forward.
    clusterRoleBinding(
      "k8s-ha-action:apiserver-kubelet-client",
      "system:kubelet-api-admin",
      user(components.apiServer.certificates.kubeletClient.user)
    ),
    clusterRoleBinding(administratorsGroup, "cluster-admin", group(administratorsGroup))
  ];
}

// src/components/addons/pods.ts
var critical = {
  priorityClassName: "system-cluster-critical",
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }
  ]
};
var restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true
};
function restrictedPod(runAsUser) {
  return { runAsNonRoot: true, runAsUser, runAsGroup: runAsUser, seccompProfile: { type: "RuntimeDefault" } };
}

// src/components/addons/coredns.ts
var name = "coredns";
var namespace = "kube-system";
var labels = { "k8s-app": "kube-dns" };
var role = "system:coredns";
function coredns(cluster) {
  return [
    object("v1", "ServiceAccount", { name, namespace }),
    clusterRole(role, [
      { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] }
    ]),
    clusterRoleBinding(role, role, serviceAccount(name)),
    object("v1", "ConfigMap", { name, namespace }, { data: { Corefile: corefile(cluster.network.dnsDomain) } }),
    deployment(cluster),
    object(
      "policy/v1",
      "PodDisruptionBudget",
      { name, namespace },
      {
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } }
      }
    ),
    service(cluster.dnsAddress)
  ];
}
function corefile(domain) {
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
function deployment(cluster) {
  return object(
    "apps/v1",
    "Deployment",
    { name, namespace, labels },
    {
      spec: {
        replicas: 2,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...critical,
            serviceAccountName: name,
            dnsPolicy: "Default",
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: labels }
              }
            ],
            securityContext: {
              ...restrictedPod(65532),
              // Allows port 53 for an ordinary user, independent of the runtime's default.
              sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "53" }]
            },
            containers: [container(imageFor(cluster, "coredns"))],
            volumes: [{ name: "config", configMap: { name, items: [{ key: "Corefile", path: "Corefile" }] } }]
          }
        }
      }
    }
  );
}
function container(image) {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    args: ["-conf", "/etc/coredns/Corefile"],
    resources: { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } },
    ports: [
      { name: "dns", containerPort: 53, protocol: "UDP" },
      { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
      { name: "metrics", containerPort: 9153, protocol: "TCP" }
    ],
    livenessProbe: {
      httpGet: { path: "/health", port: 8080 },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5
    },
    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2 },
    // The official binary has this file capability, and cannot start if the bounding set lacks it.
    securityContext: { ...restricted, capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }]
  };
}
function service(clusterIP) {
  return object(
    "v1",
    "Service",
    {
      name: "kube-dns",
      namespace,
      labels: { ...labels, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS" }
    },
    {
      spec: {
        clusterIP,
        selector: labels,
        ports: [
          { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
          { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
          { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 }
        ]
      }
    }
  );
}

// src/components/addons/metrics-server.ts
var name2 = "metrics-server";
var namespace2 = "kube-system";
var labels2 = { "k8s-app": name2 };
var { port } = components.metricsServer.ports.https;
function metricsServer(cluster) {
  return [
    object("v1", "ServiceAccount", { name: name2, namespace: namespace2 }),
    ...access(),
    deployment2(imageFor(cluster, "metricsServer")),
    object(
      "v1",
      "Service",
      { name: name2, namespace: namespace2, labels: labels2 },
      {
        spec: {
          selector: labels2,
          ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port, appProtocol: "https" }]
        }
      }
    ),
    object(
      "apiregistration.k8s.io/v1",
      "APIService",
      { name: "v1beta1.metrics.k8s.io", labels: labels2 },
      {
        spec: {
          service: { name: name2, namespace: namespace2 },
          group: "metrics.k8s.io",
          version: "v1beta1",
          // As upstream: it creates its serving certificate itself, at each start. The client proves itself instead,
          // by the front-proxy's certificate.
          insecureSkipTLSVerify: true,
          groupPriorityMinimum: 100,
          versionPriority: 100
        }
      }
    )
  ];
}
function access() {
  const account = serviceAccount(name2);
  const aggregate = (to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"];
  return [
    clusterRole(
      "system:aggregated-metrics-reader",
      [{ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] }],
      Object.fromEntries(["view", "edit", "admin"].map(aggregate))
    ),
    clusterRole("system:metrics-server", [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] }
    ]),
    clusterRoleBinding("system:metrics-server", "system:metrics-server", account),
    clusterRoleBinding("metrics-server:system:auth-delegator", "system:auth-delegator", account),
    systemRoleBinding("metrics-server-auth-reader", "extension-apiserver-authentication-reader", account)
  ];
}
function deployment2(image) {
  return object(
    "apps/v1",
    "Deployment",
    { name: name2, namespace: namespace2, labels: labels2 },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels2 },
        // Two pods cannot share a node's host network, not even during an update.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: {
          metadata: { labels: labels2 },
          spec: {
            ...critical,
            serviceAccountName: name2,
            // A master that is not a node has no route into the pod network, but its API server must reach this pod.
            hostNetwork: true,
            securityContext: restrictedPod(1e3),
            containers: [container2(image)],
            volumes: [{ name: "tmp", emptyDir: {} }]
          }
        }
      }
    }
  );
}
function container2(image) {
  const probe = (path) => ({ httpGet: { path, port: "https", scheme: "HTTPS" }, failureThreshold: 3 });
  return {
    name: name2,
    image,
    imagePullPolicy: "IfNotPresent",
    args: [
      "--cert-dir=/tmp",
      `--secure-port=${port}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--kubelet-use-node-status-port",
      // Kubelets' serving certificates are signed by the cluster's own CA, so --kubelet-insecure-tls is not needed.
      "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
      "--metric-resolution=15s"
    ],
    resources: { requests: { cpu: "100m", memory: "200Mi" } },
    ports: [{ name: "https", containerPort: port, protocol: "TCP" }],
    livenessProbe: { ...probe("/livez"), periodSeconds: 10 },
    readinessProbe: { ...probe("/readyz"), periodSeconds: 5 },
    securityContext: restricted,
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }]
  };
}

// src/components/addons/index.ts
function bootstrapManifests(cluster) {
  return [...bootstrapBindings(), ...podNetwork(cluster).manifests(cluster)];
}
function addonManifests(cluster) {
  const { addons } = cluster;
  return [...addons.coredns ? coredns(cluster) : [], ...addons.metricsServer ? metricsServer(cluster) : []];
}

export {
  bootstrapManifests,
  addonManifests
};
