import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem, unlessProblem } from '../errors.ts';
import { describeEtcd, type EtcdHealth, etcdHealth, etcdVersions } from '../etcd/health.ts';
import { registryPrefix, snapshotCommand } from '../etcd/snapshot.ts';
import { differencesIn, type SnapshotReport, wasCompacted } from '../etcd/snapshot-report.ts';
import { type ReadSnapshot, readSnapshot } from '../etcd/snapshot-stream.ts';
import type { StagePhase } from './phase.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** A snapshot on a host, which was opened there and compared with the cluster. */
export interface TakenSnapshot {
  readonly host: string;
  readonly report: SnapshotReport;
  readonly etcdVersion: string;
  /** Its bytes, to be read once; then the host removes it. */
  readonly data: () => AsyncIterable<Uint8Array>;
}

export interface WithSnapshot extends Run {
  readonly snapshot: TakenSnapshot;
}

/** A large database on a slow disk: it is copied twice, hashed and sent. */
const mostSeconds = 7200;
/** An API server compacts every five minutes, in a moment. */
const tries = 3;

/** Takes a snapshot on one member's host, opens it there with an etcd of its own, and compares that with the cluster. */
export const takeSnapshot: StagePhase<Connected, Pick<WithSnapshot, 'snapshot'>> = {
  title: 'Take a snapshot of etcd',
  async run(run) {
    const health = await healthOf(run);
    const host = chosenHost(run, health);
    if (health.healthy < health.members.length || health.members.some(({ alarm }) => alarm !== undefined))
      run.log.warning(`etcd: ${describeEtcd(health)}`);
    const size = health.members.find((member) => member.host === host.name)?.space?.bytes ?? 0;
    const etcdVersion = (await etcdVersions(sessionOf(run, host), run.cluster)).get(host.name);
    if (etcdVersion === undefined) throw versionUnknown(host);
    const { report, data } = await takeFrom(run, host, size);
    tell(run, host, report);
    return { snapshot: { host: host.name, report, etcdVersion, data } };
  },
};

async function healthOf(run: Connected): Promise<EtcdHealth> {
  const hosts = hostsWith(run.cluster, 'etcd').filter(({ name }) => run.sessions.has(name));
  for (const host of hosts) {
    const health = await unlessProblem(() => etcdHealth(sessionOf(run, host), run.cluster));
    if (health) return health;
  }
  throw new Problem('etcdctl gives no answer on any host of etcd', {
    code: 'ETCD_UNKNOWN',
    hint: 'See `systemctl status etcd` and its journal on those hosts.',
  });
}

/** A healthy member that does not lead, if there is one: a snapshot reads the whole database. A member with wrong data is never chosen. */
function chosenHost(run: Connected, health: EtcdHealth): Host {
  const usable = health.members.filter(
    ({ host, healthy, alarm = '' }) => healthy && !alarm.includes('CORRUPT') && run.sessions.has(host),
  );
  const member = usable.find(({ leader }) => !leader) ?? usable[0];
  const host = member && hostsWith(run.cluster, 'etcd').find(({ name }) => name === member.host);
  if (host) return host;
  throw new Problem(`no member of etcd can be backed up: ${describeEtcd(health)}`, {
    code: 'ETCD_UNHEALTHY',
    hint: 'A snapshot is taken from a healthy member whose host is reachable, and which has no alarm CORRUPT.',
  });
}

function versionUnknown({ name }: Host): Problem {
  return new Problem('its member of etcd does not say its version, which a backup names', {
    code: 'ETCD_UNKNOWN',
    host: name,
    hint: 'See `systemctl status etcd` and its journal there, then run again.',
  });
}

async function takeFrom(run: Connected, host: Host, size: number): Promise<ReadSnapshot> {
  for (let tried = 1; ; tried += 1) {
    const session = sessionOf(run, host);
    const command = await session.start(snapshotCommand(run.cluster, host, size), { timeoutSeconds: mostSeconds });
    const taken = await readSnapshot(command, host.name);
    const differing = differencesIn(taken.report);
    if (differing.length === 0) return taken;
    // Its end on the host: the next command waits for it.
    command.end();
    if (!wasCompacted(taken.report) || tried === tries) throw unverified(host, differing);
    run.log.info(`${host.name}: etcd compacted its keys meanwhile; a new snapshot is taken`);
  }
}

function unverified(host: Host, differing: readonly string[]): Problem {
  return new Problem(`the snapshot is not what the cluster has: ${differing.slice(0, 3).join('; ')}`, {
    code: 'BACKUP_UNVERIFIED',
    host: host.name,
    detail: differing.slice(0, 20),
    hint: 'The backup was not kept. Run again; if it happens again, compare the members with `etcdctl endpoint hashkv --cluster`.',
  });
}

function tell(run: Run, host: Host, report: SnapshotReport): void {
  const { revision, bytes, scratchObjects, secretsEncrypted } = report;
  const objects = scratchObjects[`${registryPrefix(run.cluster)}/`] ?? 0;
  run.log.info(
    `${host.name}: snapshot of revision ${revision}, ${bytes} bytes, ${objects} objects; an etcd that was started with it has the same keys`,
  );
  if (secretsEncrypted === false)
    run.log.warning(
      `${host.name}: a Secret in etcd is not encrypted; only the backup's own encryption protects it there`,
    );
}
