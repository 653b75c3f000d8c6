// Runs in the network of a node: the API load of a busy day, through the node's load balancer, until stdin requests the end.
import { Probe, type ProbeOptions } from '../../src/failover/instruments/probe.ts';
import type { ProbeFigures } from '../../src/failover/instruments/samples.ts';
import { writtenObject } from '../../src/failover/instruments/written-object.ts';
import { openKubernetes, parseKubeconfig, secureContextOf } from '../../src/kubernetes/index.ts';
import { directTunnel, drive } from '../driver.ts';

export interface StormSpec {
  readonly adminConf: string;
  readonly port: number;
  /** New connections a second: as many as that number of calls of kubectl makes. */
  readonly perSecond: number;
}

export type StormFigures = Pick<ProbeFigures, 'kind' | 'requests' | 'failed' | 'medianMs' | 'slowestMs' | 'errors'>;

await drive<StormSpec, readonly StormFigures[]>(async ({ adminConf, port, perSecond }) => {
  const credentials = parseKubeconfig(adminConf);
  const endpoint = { address: '127.0.0.1', port };
  const tunnel = directTunnel('storm');
  const common: ProbeOptions = { tunnel, endpoint, secureContext: secureContextOf(credentials), timeoutMs: 30_000 };
  const everyMs = 1000 / perSecond;
  const written = writtenObject('storm');
  const probes = [
    new Probe('new', { ...common, path: '/api/v1/pods', everyMs }),
    new Probe('kept', { ...common, path: '/apis/apps/v1/deployments', everyMs }),
    new Probe('write', { ...common, path: written.path, body: written.body, everyMs }),
  ];
  return async () => {
    const figures = await Promise.all(probes.map((probe) => probe.stop()));
    const api = openKubernetes(tunnel, credentials, endpoint);
    await written.clear(api);
    api.close();
    return figures.map(({ kind, requests, failed, medianMs, slowestMs, errors }) => ({
      kind,
      requests,
      failed,
      medianMs,
      slowestMs,
      errors: errors.slice(0, 3),
    }));
  };
});
