/** The Service `web`: http on port 80. */
export const webService = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;

/**
 * Pods behind a Service, which end as Services need it: they serve on until all nodes know that they leave. A disruption
 * budget, and a client pod on each node, which asks for the Service and stays where it is in a drain.
 */
export const webWorkload = ({ replicas, maxUnavailable }: { replicas: number; maxUnavailable: number }): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 10
      containers:
        - name: web
          image: k8s-ha.test/web:1
          lifecycle: { preStop: { sleep: { seconds: 4 } } }
          readinessProbe: { httpGet: { port: 8080, path: / }, periodSeconds: 1 }
---
${webService}---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: client }
spec:
  selector: { matchLabels: { app: client } }
  template:
    metadata: { labels: { app: client } }
    spec:
      containers: [{ name: client, image: 'k8s-ha.test/web:1', command: [/web, sleep] }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { maxUnavailable: ${maxUnavailable}, selector: { matchLabels: { app: web } } }
`;
