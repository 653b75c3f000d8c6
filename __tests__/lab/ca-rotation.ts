import { createHash } from 'node:crypto';
import type { Kubectl } from '../../lab/kubectl.ts';
import { administratorOf } from './administrator.ts';
import { initOf, inNetworkOf } from './networks.ts';
import { inNetworkOfClient } from './node-clients.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { localApi, masters, members, node } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';
import { webWorkload } from './web-workload.ts';

// Who accepts which certificates in the seed's cluster while its CAs are rotated.

/** Ten requests a second for the nodes' metrics, which an API server gets from metrics-server: through the node's load balancer. */
export async function useMetrics(kubectl: Kubectl): Promise<() => Promise<Sample[]>> {
  await kubectl.must(['wait', '--for=condition=Available', 'apiservice/v1beta1.metrics.k8s.io', '--timeout=120s']);
  const targets = { metrics: `${localApi}/apis/metrics.k8s.io/v1beta1/nodes` };
  const spec = { targets, everyMs: 100, timeoutMs: 10_000, ...(await administratorOf(lab, 'master-2')) };
  return await startRequests(inNetworkOf(node.name, requestsDriver), spec);
}

const pairFolder = '/root/pairs';
const pki = '/etc/kubernetes/pki';

/** Keeps the client certificates that master-1 has for aggregated APIs and for etcd under a name. */
export async function keepPairs(name: string): Promise<void> {
  const pairs = ['front-proxy-client', 'apiserver-etcd-client'].map((pair) => `${pki}/${pair}.crt ${pki}/${pair}.key`);
  await onHost('master-1', `mkdir -p ${pairFolder}/${name} && cp ${pairs.join(' ')} ${pairFolder}/${name}/`);
}

/** Whom metrics-server takes the holder of the kept certificate for, who says that it is `someone`. */
export async function metricsServerSees(name: string): Promise<string> {
  const address = await onHost(
    'master-1',
    "kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=metrics-server -o jsonpath='{.items[0].endpoints[0].addresses[0]}'",
  );
  const pair = `${pairFolder}/${name}/front-proxy-client`;
  const curl = `curl -sk --cert ${pair}.crt --key ${pair}.key -H 'X-Remote-User: someone' https://${address}:4443/nowhere`;
  return await onHost('master-1', curl);
}

/** Whether each member of etcd answers the holder of the kept certificate. */
export async function membersAnswer(name: string): Promise<readonly boolean[]> {
  const pair = `${pairFolder}/${name}/apiserver-etcd-client`;
  const ca = `${pki}/etcd/ca.crt`;
  return await Promise.all(
    members.map(async ({ address }) => {
      const get = `etcdctl --endpoints=https://${address}:2379 --cacert=${ca} --cert=${pair}.crt --key=${pair}.key --command-timeout=3s get nothing`;
      const { status } = await lab.exec('master-1', ['sh', '-c', get]);
      return status === 0;
    }),
  );
}

/** Pods of a user, behind a Service, and a client that has no token, so that it stays where it is. */
export async function startWeb(kubectl: Kubectl): Promise<void> {
  const [before, after] = ['containers: [{ name: client', 'automountServiceAccountToken: false\n      '];
  const input = webWorkload({ replicas: 2, maxUnavailable: 1 }).replace(before, `${after}${before}`);
  await kubectl.must(['apply', '-f', '-'], { input });
  await kubectl.must(['rollout', 'status', 'deployment/web', '--timeout=90s'], { timeout: 100_000 });
  await kubectl.must(['rollout', 'status', 'daemonset/client', '--timeout=60s'], { timeout: 70_000 });
  await kubectl.must(['create', 'rolebinding', 'reads', '--clusterrole=view', '--serviceaccount=default:default']);
}

/**
 * Ten new connections a second of a service account that reads its CA each time: an API server with a certificate of another CA is a failed request.
 * In a pod of the node to the Service of the API servers, and on the node through its load balancer.
 */
export async function useAccount(kubectl: Kubectl): Promise<() => Promise<Sample[]>> {
  const token = (await kubectl.must(['create', 'token', 'default', '--duration=1h'])).trim();
  const path = '/api/v1/namespaces/default/configmaps/kube-root-ca.crt';
  const caFile = `/proc/${initOf(node.name)}/root${pki}/ca.crt`;
  const spec = { everyMs: 100, timeoutMs: 10_000, token, caFile };
  const inPod = inNetworkOfClient(node.name, requestsDriver);
  const stops = [
    await startRequests(inPod, { ...spec, targets: { service: `https://10.254.0.1${path}` } }),
    await startRequests(inNetworkOf(node.name, requestsDriver), {
      ...spec,
      targets: { balancer: `${localApi}${path}` },
    }),
  ];
  return async () => (await Promise.all(stops.map((stop) => stop()))).flat();
}

/** Keeps the administrator's kubeconfig of master-1. */
export async function keepAdministrator(): Promise<void> {
  await onHost('master-1', 'cp /etc/kubernetes/admin.conf /root/kept.conf');
}

/** What API servers answer to the kept one; they are verified by their present CA. */
export async function keptAdministrator(): Promise<string> {
  const command = `kubectl --kubeconfig=/root/kept.conf --certificate-authority=${pki}/ca.crt get namespaces -o name`;
  const { stdout, stderr } = await lab.exec('master-1', ['sh', '-c', command]);
  return stdout + stderr;
}

const places = {
  kubernetes: [...masters, node].map(({ name }) => ({ name, path: `${pki}/ca.crt` })),
  'front-proxy': masters.map(({ name }) => ({ name, path: `${pki}/front-proxy-ca.crt` })),
  etcd: [
    ...masters.map(({ name }) => ({ name, path: `${pki}/etcd/ca.crt` })),
    ...members.map(({ name }) => ({ name, path: '/etc/etcd/pki/ca.crt' })),
  ],
};

/** SHA-256 of each different certificate that hosts trust as a CA. */
export async function trusted(authority: keyof typeof places): Promise<readonly string[]> {
  const texts = await Promise.all(places[authority].map(({ name, path }) => onHost(name, `cat ${path}`)));
  const pems = texts.flatMap(
    (text) => text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [],
  );
  return [...new Set(pems.map((pem) => createHash('sha256').update(pem).digest('hex')))];
}
