import { inNetworkOf } from './networks.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { localApi, masters, node } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';

/** A read that goes through an API server to etcd. */
const path = '/api/v1/namespaces/default';

/** The certificates of the administrator, as texts. */
async function administrator(): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> {
  const part = (name: string) =>
    onHost('master-2', `sed -n 's/^ *${name}: "\\?\\([^"]*\\)"\\?$/\\1/p' /etc/kubernetes/admin.conf | base64 -d`);
  const [ca, cert, key] = await Promise.all(
    ['certificate-authority-data', 'client-certificate-data', 'client-key-data'].map(part),
  );
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
}

/** A client on the node that makes ten new connections a second through its load balancer, from now until it is stopped. */
export async function askThroughBalancer(): Promise<() => Promise<Sample[]>> {
  const spec = { targets: { balancer: `${localApi}${path}` }, everyMs: 100, timeoutMs: 10_000 };
  return await startRequests(inNetworkOf(node.name, requestsDriver), { ...spec, ...(await administrator()) });
}

/** The interval of the requests to each master. */
export const readinessEveryMs = 200;

/** Requests the readiness of every master's API server directly, five times a second. */
export async function askReadiness(): Promise<() => Promise<Sample[]>> {
  const targets = Object.fromEntries(masters.map(({ name, address }) => [name, `https://${address}:6443/readyz`]));
  const { ca } = await administrator();
  const spec = { targets, everyMs: readinessEveryMs, timeoutMs: 10_000, ca };
  return await startRequests(['nsenter', `--net=${lab.netns}`, ...requestsDriver], spec);
}
