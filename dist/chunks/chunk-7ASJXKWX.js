import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/components/addons/object.ts
function object(apiVersion2, kind, metadata, fields = {}) {
  const labels2 = { "app.kubernetes.io/managed-by": "k8s-ha-action", ...metadata.labels };
  return { apiVersion: apiVersion2, kind, metadata: { ...metadata, labels: labels2 }, ...fields };
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

// src/components/addons/rbac.ts
var api = "rbac.authorization.k8s.io";
var apiVersion = `${api}/v1`;
function group(name2) {
  return { kind: "Group", name: name2, apiGroup: api };
}
function user(name2) {
  return { kind: "User", name: name2, apiGroup: api };
}
function serviceAccount(name2) {
  return { kind: "ServiceAccount", name: name2, namespace: "kube-system" };
}
function clusterRole(name2, rules, labels2) {
  return object(apiVersion, "ClusterRole", { name: name2, ...labels2 && { labels: labels2 } }, { rules });
}
function clusterRoleBinding(name2, role, subject) {
  return object(
    apiVersion,
    "ClusterRoleBinding",
    { name: name2 },
    { roleRef: { apiGroup: api, kind: "ClusterRole", name: role }, subjects: [subject] }
  );
}
function systemRoleBinding(name2, role, subject) {
  return object(
    apiVersion,
    "RoleBinding",
    { name: name2, namespace: "kube-system" },
    { roleRef: { apiGroup: api, kind: "Role", name: role }, subjects: [subject] }
  );
}

// src/components/addons/metrics-server.ts
var name = "metrics-server";
var namespace = "kube-system";
var labels = { "k8s-app": name };
var metricsServerPort = 4443;
var port = metricsServerPort;
function metricsServer(cluster) {
  return [
    object("v1", "ServiceAccount", { name, namespace }),
    ...access(),
    deployment(cluster.versions.metricsServer),
    object(
      "v1",
      "Service",
      { name, namespace, labels },
      {
        spec: {
          selector: labels,
          ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port, appProtocol: "https" }]
        }
      }
    ),
    object(
      "apiregistration.k8s.io/v1",
      "APIService",
      { name: "v1beta1.metrics.k8s.io", labels },
      {
        spec: {
          service: { name, namespace },
          group: "metrics.k8s.io",
          version: "v1beta1",
          // Upstream's way: it makes its serving certificate itself, at each start. Who asks is proven the other way
          // round, by the front-proxy's certificate.
          insecureSkipTLSVerify: true,
          groupPriorityMinimum: 100,
          versionPriority: 100
        }
      }
    )
  ];
}
function access() {
  const account = serviceAccount(name);
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
function deployment(version) {
  return object(
    "apps/v1",
    "Deployment",
    { name, namespace, labels },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        // On the host's network two of them can't stand on one node, not even for the length of an update.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: {
          metadata: { labels },
          spec: {
            ...critical,
            serviceAccountName: name,
            // A master that is no node has no way into the pod network, and its API server must reach this pod.
            hostNetwork: true,
            securityContext: restrictedPod(1e3),
            containers: [container(version)],
            volumes: [{ name: "tmp", emptyDir: {} }]
          }
        }
      }
    }
  );
}
function container(version) {
  const probe = (path) => ({ httpGet: { path, port: "https", scheme: "HTTPS" }, failureThreshold: 3 });
  return {
    name,
    image: `registry.k8s.io/metrics-server/metrics-server:v${version}`,
    imagePullPolicy: "IfNotPresent",
    args: [
      "--cert-dir=/tmp",
      `--secure-port=${port}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--kubelet-use-node-status-port",
      // Kubelets' serving certificates come from the cluster's own authority: no --kubelet-insecure-tls.
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

export {
  object,
  group,
  user,
  serviceAccount,
  clusterRole,
  clusterRoleBinding,
  critical,
  restricted,
  restrictedPod,
  metricsServerPort,
  metricsServer
};
