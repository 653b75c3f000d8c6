// Runs in the network of a node: sends requests to the API through several load balancers, each by new connections, a kept one and a watch.
import { Probe } from '../../src/failover/instruments/probe.ts';
import { WatchProbe } from '../../src/failover/instruments/watch-probe.ts';
import { writtenObject } from '../../src/failover/instruments/written-object.ts';
import { openKubernetes, parseKubeconfig, secureContextOf } from '../../src/kubernetes/index.ts';
import { directTunnel, drive } from '../driver.ts';
import type { ClientsSpec, EndpointFigures } from './clients.ts';

/** The time in which a client of Kubernetes detects a dead connection: 30 s until it pings, 15 s for the answer. */
const patienceMs = 45_000;
/** How often the watched object is written. */
const writeEveryMs = 250;

await drive<ClientsSpec, readonly EndpointFigures[]>(async ({ endpoints, adminConf, heldBy }) => {
  const credentials = parseKubeconfig(adminConf);
  const secureContext = secureContextOf(credentials);
  const written = writtenObject('bench');
  const { path, body } = written;
  const endpoint = { address: '127.0.0.1', port: endpoints[0]?.port ?? 0 };
  const tunnel = directTunnel('writer');
  const writer = new Probe('write', { tunnel, endpoint, secureContext, path, body, everyMs: writeEveryMs });
  const clients = endpoints.map(({ name, port }) => {
    const common = { tunnel: directTunnel(name), endpoint: { address: '127.0.0.1', port }, secureContext };
    const fresh = new Probe('new', { ...common, timeoutMs: patienceMs });
    const kept = new Probe('kept', { ...common, heldBy, timeoutMs: patienceMs });
    const watch = new WatchProbe({ ...common, heldBy, object: written, idleMs: patienceMs });
    return async (): Promise<EndpointFigures> => {
      const watched = watch.stop();
      const [asked, reused] = await Promise.all([fresh.stop(), kept.stop()]);
      const failures = (asked.samples ?? []).flatMap(({ at, ms, error }) =>
        error === undefined ? [] : [{ at: Math.round(at), ms: Math.round(ms), error }],
      );
      const { requests, failed, slowestMs } = asked;
      const held = (watched.held ?? false) && (reused.held ?? false);
      const gaps = { keptGapMs: reused.longestGapMs, watchGapMs: watched.longestGapMs };
      return { name, requests, failed, slowestMs, failures: failures.slice(0, 200), ...gaps, held };
    };
  });
  return async () => {
    const figures = await Promise.all(clients.map((stop) => stop()));
    await writer.stop();
    const api = openKubernetes(tunnel, credentials, endpoint);
    await written.clear(api);
    api.close();
    return figures;
  };
});
