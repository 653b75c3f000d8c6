import type { Cluster, Host } from '../../cluster/cluster.ts';
import type { ApiClient } from '../../kubernetes/index.ts';
import type { Lease, Node } from '../../kubernetes/objects.ts';
import { now } from './clock.ts';
import type { Sighting } from './timeline.ts';

const nodes = '/api/v1/nodes';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/** What happened to the nodes besides the target. */
export interface NodeFigures {
  /** How often one of them was marked NotReady. */
  readonly notReady: number;
  /** The longest time between two renewals of a probed node's Lease; kubelets renew it every 10 s. */
  readonly renewalGapMs: number;
}

/** Watches whether the other nodes stay Ready, and how regularly the probed ones renew their Leases. */
export class NodeWatch {
  readonly seen: Sighting[] = [];
  readonly #stop = new AbortController();
  readonly #ready = new Map<string, boolean>();
  readonly #renewed = new Map<string, number>();
  #notReady = 0;
  #renewalGapMs = 0;

  constructor(api: ApiClient, { hosts }: Cluster, target: Host | undefined, probed: readonly Host[]) {
    const { signal } = this.#stop;
    const staying = new Map(
      hosts.filter((host) => host !== target && host.roles.includes('node')).map((host) => [host.nodeName, host.name]),
    );
    const watching = [
      api.watch<Node>(nodes, {
        signal,
        onEvent: ({ type, object }) => {
          const name = staying.get(object.metadata.name);
          if (name !== undefined) this.#note(name, type !== 'DELETED' && isReady(object));
        },
      }),
      ...probed.map(({ nodeName }) =>
        api.watch<Lease>(leases, {
          signal,
          fieldSelector: `metadata.name=${nodeName}`,
          onEvent: ({ object }) => this.#renew(nodeName, object.spec?.renewTime),
        }),
      ),
    ];
    for (const each of watching) {
      // The check continues without this instrument.
      each.catch((error: Error) => this.#tell(`the nodes could not be watched: ${error.message}`));
    }
  }

  stop(): NodeFigures {
    this.#stop.abort();
    return { notReady: this.#notReady, renewalGapMs: Math.round(this.#renewalGapMs) };
  }

  #note(name: string, ready: boolean): void {
    const before = this.#ready.get(name);
    this.#ready.set(name, ready);
    if (before === undefined || before === ready) return;
    if (!ready) this.#notReady += 1;
    this.#tell(`${name} is ${ready ? 'Ready again' : 'not Ready any more'}`);
  }

  /** By the node's own clock, so that a lost watch does not count as a gap. */
  #renew(name: string, renewTime: string | undefined): void {
    const at = Date.parse(renewTime ?? '');
    if (Number.isNaN(at)) return;
    this.#renewalGapMs = Math.max(this.#renewalGapMs, at - (this.#renewed.get(name) ?? at));
    this.#renewed.set(name, at);
  }

  #tell(what: string): void {
    this.seen.push({ at: now(), track: 'node', what });
  }
}

const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
