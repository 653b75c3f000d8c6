import type { Host } from '../cluster/cluster.ts';
import { rootFile } from '../components/files.ts';
import { Problem } from '../errors.ts';
import { call } from '../host/quote.ts';
import type { HostFile } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { kubeletKubeconfig } from '../pki/index.ts';
import { readTrust, trusted } from '../pki/trust.ts';
import { notAfter, readCertificate, signedBy, subjectOf } from '../pki/x509-read.ts';
import { inspectionOf, type Prepared, secretsOf, sessionOf, type WithSecrets } from './stages.ts';

/** Whether the kubelet has a valid client certificate of this cluster for its node. */
export function hasJoined(run: Prepared, host: Host): boolean {
  return isOwn(run, host, inspectionOf(run, host).files.get(places.kubeletClientCert) ?? '');
}

/** The same of a certificate (PEM) that was read from the host since. */
export function isOwn(run: WithSecrets, host: Host, pem: string): boolean {
  const certificate = readCertificate(pem);
  if (!certificate || notAfter(certificate) <= run.now) return false;
  // While its CA is rotated, a certificate of the former one is accepted too.
  const trust = readTrust(authorityOf(run, host));
  const authorities = (trust ? trusted(trust) : []).map(readCertificate);
  if (!authorities.some((authority) => authority && signedBy(certificate, authority))) return false;
  return subjectOf(certificate).join() === `CN=system:node:${host.nodeName},O=system:nodes`;
}

/** The certificates of the CA of nodes' certificates, the one that signs first. */
export function authorityOf(run: WithSecrets, host: Host | undefined): string {
  const files = host ? secretsOf(run, host).files : [];
  return files.find((file) => file.path === paths.ca.crt)?.content ?? '';
}

/**
 * The kubeconfig of a kubelet that has joined. The kubelet writes one too, without syncing it (WriteToFile of client-go), and never again: after a
 * power cut it may be empty, and then the kubelet does not start without a bootstrap token. With a file of ours, each run repairs it.
 */
export function kubeletConf(run: WithSecrets, host: Host): HostFile {
  return rootFile(paths.kubeletConf, kubeletKubeconfig(run.cluster, authorityOf(run, host)));
}

/** A line of sh that prints the kubelet's client certificate without its key, which is in the same file. */
export const printCertificate = `sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' ${places.kubeletClientCert}`;

/**
 * Prints the certificate of the file, without its key, as soon as it differs from stdin, and restarts the kubelet with our kubeconfig. It has no pods yet, and
 * registers at once then. Without a restart, its connections stay without the certificate for up to a second, and its tries to register
 * have become rare: the next one comes up to 7 s later (kubelet_node_status.go), and flannel, which needs the node, tries every 3 s. Without a
 * runner that reads the certificate, nothing is restarted.
 */
function untilChanged({ path, content }: HostFile): string {
  // The name that the engine uses as well, so that its next write of the file would remove what a kill leaves.
  const temporary = path.replace(/[^/]*$/, '.k8s-ha-action.$&');
  return `before=$(cat)
until now=$(${printCertificate} 2>/dev/null) &&
  [ -n "$now" ] && [ "$now" != "$before" ]; do sleep 0.1; done
printf '%s\\n' "$now" && umask 077 && rm -f ${temporary} && ${call('printf', '%s', content)} >${temporary} && mv -f ${temporary} ${path} &&
  systemctl restart ${components.kubelet.unit}`;
}

/** A look for the certificate ends after this time, so that a limit that has begun meanwhile counts. */
const lookMs = 20_000;

/**
 * Waits until the kubelet has its certificate, and restarts it then.
 * @param started ends when the kubelet has been started, and the time limit begins then: what is placed before may take long. If it fails, the wait ends.
 * @throws Problem NODES_NOT_READY when it has none in time
 */
export async function untilJoined(
  run: Prepared,
  host: Host,
  started: Promise<unknown>,
  limitMs: number,
): Promise<void> {
  let end = Number.POSITIVE_INFINITY;
  const endIn = (ms: number) => () => {
    end = performance.now() + ms;
  };
  started.then(endIn(limitMs), endIn(0));
  let printed: string | undefined;
  for (let left = lookMs; printed === undefined && left > 0; left = Math.min(lookMs, end - performance.now()))
    printed = await lookFor(run, host, left);
  if (printed && isOwn(run, host, printed)) return;
  const reason = printed ? 'it got a certificate that is not of its node' : 'it got no certificate';
  throw new Problem(`${host.nodeName}: its kubelet has not joined ${limitMs / 1000} s after its start: ${reason}`, {
    code: 'NODES_NOT_READY',
    host: host.name,
    hint: `Look at \`journalctl -u kubelet\` on ${host.name}, and at warnings above about its certificate requests.`,
  });
}

/** What the host prints of a new certificate; undefined if there was none in time. */
async function lookFor(run: Prepared, host: Host, ms: number): Promise<string | undefined> {
  const input = inspectionOf(run, host).files.get(places.kubeletClientCert) ?? '';
  try {
    return (
      await sessionOf(run, host).run(untilChanged(kubeletConf(run, host)), {
        input,
        timeoutSeconds: Math.ceil(ms / 1000),
      })
    ).stdout;
  } catch (error) {
    if (error instanceof Problem && error.code === 'COMMAND_TIMEOUT') return undefined;
    throw error;
  }
}

/** Puts the kubeconfig on the disk before the bootstrap credentials go; the kubelet has synced its certificate. */
export async function syncJoined(run: Prepared, host: Host): Promise<void> {
  await sessionOf(run, host).run(`sync -- ${paths.kubeletConf} ${places.kubernetesDir} 2>/dev/null || sync`);
}
