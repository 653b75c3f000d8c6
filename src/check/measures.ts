// What hosts have measured, judged. Pure.
import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Facts } from '../host/engine.ts';
import type { DiskUse, LogWrites } from '../observe/measures.ts';
import { dayMs } from './ends.ts';
import type { Finding } from './finding.ts';

/** Percent of a file system. */
const full = { warning: 85, critical: 95 };
/**
 * Of the space of a node. Up to 85 is its usual state: there the kubelet deletes unused images within seconds (imageGCHighThresholdPercent,
 * imagefs.available), so what is above was not to be freed, and pods are evicted; from 90 also if images are elsewhere (nodefs.available).
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
 */
const fullNode = { warning: 86, critical: 90 };

/** File systems of a host that are nearly full, as one finding. */
export function diskFindings({ name, roles }: Host, disks: readonly DiskUse[]): readonly Finding[] {
  const limits = (of: DiskUse['of']) => (of === 'space' && roles.includes('node') ? fullNode : full);
  const over = disks.filter(({ percent, of }) => percent >= limits(of).warning);
  if (over.length === 0) return [];
  return [
    {
      id: `disk-full/${name}`,
      severity: over.some(({ percent, of }) => percent >= limits(of).critical) ? 'critical' : 'warning',
      subject: name,
      message: over.map(({ mount, percent, of }) => `${percent}% of the ${of} of ${mount} are in use`).join(', '),
      fix: 'Free some space there, or make the file system larger.',
    },
  ];
}

/** Seconds for which one write in a hundred of a member's log took longer. Source: etcd's own alerts, etcdHighFsyncDurations (contrib/mixin). */
const slow = { warning: 0.512, critical: 1.024 };
/** So many writes are needed to speak of one in a hundred. */
const enoughWrites = 500;

/** A member whose disk is slow: the 99th percentile of its writes since it was started. */
export function logWriteFindings({ name }: Host, writes: LogWrites | undefined): readonly Finding[] {
  if (!writes || writes.count < enoughWrites) return [];
  const isSlow = (bound: number) => (writes.within.get(bound) ?? writes.count) < 0.99 * writes.count;
  if (!isSlow(slow.warning)) return [];
  const limit = isSlow(slow.critical) ? slow.critical : slow.warning;
  return [
    {
      id: `etcd-slow-disk/${name}`,
      severity: isSlow(slow.critical) ? 'critical' : 'warning',
      subject: name,
      message: `of the writes of its etcd member since its start, more than 1% took longer than ${limit} s (wal_fsync)`,
      fix: 'Give etcd’s data directory a disk of its own, an SSD. The figure begins again with a restart of the member.',
    },
  ];
}

/** Source: NIST SP 800-57 Part 1, revision 5, table 1: a symmetric key encrypts for at most two years. */
const keyDays = 730;

/**
 * The age of the key that encrypts Secrets in etcd.
 * @param written when its file was written on each master; the key is at least as old as the oldest of them
 */
export function keyAgeFindings({ name }: Cluster, written: readonly Date[], now: Date): readonly Finding[] {
  const oldest = Math.min(...written.map((each) => each.getTime()));
  const days = Math.floor((now.getTime() - oldest) / dayMs);
  if (written.length === 0 || days < keyDays) return [];
  return [
    {
      id: `encryption-key-old/${name}`,
      severity: 'warning',
      subject: name,
      message: `the key that encrypts Secrets in etcd is ${days} days old`,
      fix: 'Replace it: run the action rotate with what: encryption-key.',
    },
  ];
}

/** How far clocks may be apart, ms: etcd's members warn of more than a second (rafthttp/probing_status.go). */
const apart = { hosts: 1_000, runner: 5_000 };
/** With fewer, it is not known which one is wrong: then each is compared with the runner's, as before a deployment. */
const enoughClocks = 3;

type Clocks = ReadonlyMap<string, Pick<Facts, 'clockSkewMs' | 'clockErrorMs'>>;

/**
 * Clocks that differ from most others, and the runner's own if it is that one. The error of each measurement is allowed for.
 * @param clocks by host
 */
export function clockFindings({ name }: Cluster, clocks: Clocks): readonly Finding[] {
  if (!comparesClocks(clocks)) return [];
  const sorted = [...clocks.values()].toSorted((one, other) => one.clockSkewMs - other.clockSkewMs);
  const { clockSkewMs: usual = 0, clockErrorMs: error = 0 } = sorted[Math.floor(sorted.length / 2)] ?? {};
  const hosts = [...clocks].flatMap(([host, { clockSkewMs, clockErrorMs }]) => {
    const difference = clockSkewMs - usual;
    if (Math.abs(difference) <= apart.hosts + clockErrorMs + error) return [];
    return [clockFinding('clock', host, `its clock differs from the other hosts’ by ${inSeconds(difference)}`)];
  });
  if (Math.abs(usual) <= apart.runner + error) return hosts;
  return [
    ...hosts,
    clockFinding('runner-clock', name, `the runner’s clock differs from the hosts’ by ${inSeconds(-usual)}`),
  ];
}

/** Whether clocks are judged by {@link clockFindings}, and not each one beside the runner's. */
export function comparesClocks(clocks: ReadonlyMap<string, unknown>): boolean {
  return clocks.size >= enoughClocks;
}

function clockFinding(kind: string, subject: string, message: string): Finding {
  const fix = 'Start chrony or systemd-timesyncd there: leases, tokens and certificates depend on the time.';
  return { id: `${kind}/${subject}`, severity: 'warning', subject, message, fix };
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
