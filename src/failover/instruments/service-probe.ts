import type { Duplex } from 'node:stream';
import type { Cluster } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import type { HostSession } from '../../host/engine.ts';
import type { Tunnel } from '../../kubernetes/index.ts';
import { now } from './clock.ts';
import { openStream } from './open-stream.ts';
import { PendingRequests } from './pending-requests.ts';
import { plainGet } from './plain-get.ts';
import { figuresOf, type ProbeFigures, type Sample } from './samples.ts';
import { untilNoReason } from './until.ts';

const everyMs = 1000;
/** A resolver's time limit before it asks again. */
const patienceMs = 5000;
/** A Service that each of our clusters with DNS has, and an HTTP port of its pods (components/addons/coredns.ts). */
const service = { name: 'kube-dns.kube-system.svc', port: 9153 } as const;

/**
 * The usual work of an application, from a node: it resolves a Service's name by the cluster's DNS, and then requests a pod behind
 * that address. Both connections use kube-proxy's rules, and neither uses a master.
 */
export class ServiceProbe {
  readonly samples: Sample[] = [];
  readonly #tunnel: Tunnel;
  readonly #cluster: Cluster;
  readonly #began = now();
  readonly #timer: NodeJS.Timeout;
  readonly #under = new PendingRequests();

  constructor(tunnel: Tunnel, cluster: Cluster) {
    this.#tunnel = tunnel;
    this.#cluster = cluster;
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#tick();
  }

  async stop(): Promise<ProbeFigures> {
    clearInterval(this.#timer);
    const to = now();
    const hanging = await this.#under.hanging();
    const samples = [...this.samples, ...hanging];
    return { ...figuresOf(this.#tunnel.host.name, 'service', samples, { from: this.#began, to }), samples };
  }

  #tick(): void {
    this.#under.add(this.#ask());
  }

  async #ask(): Promise<void> {
    const at = now();
    const signal = AbortSignal.timeout(patienceMs);
    const error = await reasonAgainst(this.#tunnel, this.#cluster, signal);
    this.samples.push({ at, ms: now() - at, ...(error !== undefined && { error }) });
  }
}

/**
 * Waits until the Service answers, because its pods may have started just now; what is broken before the fault is not caused by
 * the fault.
 * @throws Problem FAILOVER_REFUSED if it does not answer within `timeoutMs`
 */
export async function serviceAnswers(tunnel: HostSession, cluster: Cluster, timeoutMs: number): Promise<void> {
  const look = () => reasonAgainst(tunnel, cluster, AbortSignal.timeout(patienceMs));
  const reason = await untilNoReason(look, now() + timeoutMs);
  if (reason === undefined) return;
  const host = tunnel.host.name;
  throw new Problem(`refused: from ${host} the Service ${service.name} does not answer by its name: ${reason}`, {
    code: 'FAILOVER_REFUSED',
    host,
    hint: 'Nothing was done. Do the pods of CoreDNS run, and flanneld and kube-proxy on this node? The check needs a healthy cluster.',
  });
}

/** Why the Service does not answer, or undefined if it does. */
async function reasonAgainst(tunnel: Tunnel, cluster: Cluster, signal: AbortSignal): Promise<string | undefined> {
  try {
    const address = await resolve(tunnel, cluster, signal);
    // Any answer to this path comes from a pod.
    const { status } = await plainGet(tunnel, { address, port: service.port, path: '/', signal });
    return status >= 500 ? `status ${status}` : undefined;
  } catch (error) {
    return signal.aborted ? `no answer after ${patienceMs / 1000} s` : (error as Error).message;
  }
}

async function resolve(tunnel: Tunnel, { dnsAddress, network }: Cluster, signal: AbortSignal): Promise<string> {
  // Loaded here: other runs of the action do not need a reader of DNS.
  const { addressesOf, dnsQuestion } = await import('./dns-question.ts');
  const stream = await openStream(tunnel, dnsAddress, 53, signal);
  const end = () => stream.destroy(new Error('no answer'));
  signal.addEventListener('abort', end, { once: true });
  try {
    stream.write(dnsQuestion(`${service.name}.${network.dnsDomain}`, dnsAddress.includes(':') ? 'AAAA' : 'A'));
    const [address] = addressesOf(await messageOf(stream));
    if (address === undefined) throw new Error(`${service.name} has no address`);
    return address;
  } finally {
    signal.removeEventListener('abort', end);
    stream.destroy();
  }
}

/** One message of DNS over TCP, which begins with its length. */
async function messageOf(stream: Duplex): Promise<Buffer> {
  let got = Buffer.alloc(0);
  for await (const chunk of stream) {
    got = Buffer.concat([got, chunk as Buffer]);
    if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) return got.subarray(2, 2 + got.readUInt16BE(0));
  }
  throw new Error('the name server closed the connection');
}
