// Runs in the lab's network, in the place of a runner: connects to all hosts like verify-failover, and runs its instruments.
import { readFileSync } from 'node:fs';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import type { Role } from '../../src/cluster/schema.ts';
import { type FailoverScene, prepareFailover, sessionOf } from '../../src/failover/check/prepare.ts';
import { startInstruments } from '../../src/failover/instruments/instruments.ts';
import { RecordingLog } from '../../src/log.ts';
import { newRun } from '../../src/phases/run.ts';
import { connectWitnesses } from '../../src/phases/verify-failover.ts';
import { drive } from '../driver.ts';

export interface InstrumentsSpec {
  readonly clusterFile: string;
  readonly sshKey: string;
  readonly knownHosts: string;
  readonly adminConf: string;
  /** Whether the instruments are started, or only connections are open. */
  readonly started: boolean;
}

/** The number of requests of each kind of client. */
export type Asked = Readonly<Record<string, number>>;

await drive<InstrumentsSpec, Asked>(async ({ clusterFile, sshKey, knownHosts, adminConf, started }) => {
  const cluster = parseCluster(readFileSync(clusterFile, 'utf8'), clusterFile);
  const log = new RecordingLog();
  const run = newRun({
    cluster,
    access: { privateKey: readFileSync(sshKey, 'utf8'), knownHosts: readFileSync(knownHosts, 'utf8') },
    dryRun: false,
    name: 'bench',
    log,
    mask: () => undefined,
  });
  const { sessions: connected } = await connectWitnesses.run(run, new AbortController().signal);
  const scene: FailoverScene = { cluster, adminConf, sessions: connected, log, reopen: () => Promise.reject() };
  const { target, apis } = await prepareFailover(scene, hostsWith(cluster, 'master')[0]?.name ?? '');
  const sessions = (role: Role) => hostsWith(cluster, role).map(({ name }) => sessionOf(scene, name));
  const masters = sessions('master').filter(({ host }) => host.name !== target.name);
  const api = apis.get(masters[0]?.host.name ?? '');
  if (!api) throw new Error('no master stays');
  const nodes = sessions('node').slice(0, 3);
  const instruments = started
    ? startInstruments({ cluster, adminConf, api, target, nodes, masters, members: sessions('etcd') })
    : undefined;
  return async () => {
    const probes = (await instruments?.stop())?.probes ?? [];
    return Object.fromEntries(probes.map(({ host, kind, requests }) => [`${host} ${kind}`, requests]));
  };
});
