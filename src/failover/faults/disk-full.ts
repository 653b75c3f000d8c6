import { type Cluster, etcdEndpoints, type Host } from '../../cluster/cluster.ts';
import { Problem } from '../../errors.ts';
import { etcdctlOn } from '../../etcd/health.ts';
import type { HostSession } from '../../host/engine.ts';
import { hostNonsense } from '../../host/nonsense.ts';
import { quote } from '../../host/quote.ts';
import { components } from '../../layout/components.ts';
import type { HostFaultLines } from './host-fault.ts';

const filler = 'k8s-ha-action-fill';
/** A larger file system is not for etcd alone, and takes long to fill if fallocate is not supported. */
const mostKiB = 20 * 1024 * 1024;
/** Not under /registry, so no API server sees it. */
const key = 'k8s-ha-action/disk-full';
/** A member has up to two preallocated segments of its log, of 64 MB each: after these megabytes it needs a new one. */
const mostWrites = 160;
const atOnce = 4;

/**
 * Fills the file system of etcd. The filler is a file without a name that a process holds open:
 * it disappears with the process, also after a crash of the host. It is written as etcd's own user, who cannot
 * use the space that the file system reserves for root.
 *
 * etcd notices only when it needs a new block (its log is preallocated, and its database reuses free pages),
 * which may take hours on a quiet cluster. So this writes to etcd, under a key of the check, until the member
 * fails; the others continue.
 */
export function diskFull(session: HostSession, host: Host, cluster: Cluster, healSeconds: number): HostFaultLines {
  const { dataDir } = cluster.etcd;
  const own = etcdctlOn(cluster, etcdEndpoints({ ...cluster, hosts: [host] }));
  const dir = quote(dataDir);
  const file = quote(`${dataDir}/.${filler}`);
  const held = '/proc/self/fd/3';
  const fill = `exec 3>${file} && rm ${file} && { fallocate -l FREEK ${held}; dd if=/dev/zero of=${held} bs=4k oflag=append conv=notrunc; exec sleep ${healSeconds}; }`;
  return {
    name: 'disk-full',
    sparesLeaders: true,
    prepare: async () => {
      const { status, stdout } = await session.run(`stat -c %d / ${dir} && df --output=avail -k ${dir} | tail -n 1`);
      const { root, own, free } = /^(?<root>\d+)\s+(?<own>\d+)\s+(?<free>\d{1,15})\s*$/.exec(stdout)?.groups ?? {};
      const known = status !== 0 || free !== undefined;
      if (!known) throw hostNonsense('a file system without device and free space', session.host.name);
      const reason = status === 0 ? whyNot(root === own, Number(free)) : `there is no ${dataDir}`;
      if (reason === undefined) return;
      throw new Problem(`refused to fill the disk of etcd: ${reason}`, {
        code: 'FAILOVER_REFUSED',
        host: session.host.name,
        hint: `Nothing was done. Give ${dataDir} a file system of its own, of ${mostKiB / 1024 / 1024} GiB at most.`,
      });
    },
    begin: `free=$(df --output=avail -k ${dir} | tail -n 1)
systemctl stop ${filler} 2>/dev/null; systemctl reset-failed ${filler} 2>/dev/null
systemd-run --quiet --collect --unit=${filler} --property=User="$(stat -c %U ${dir})" --property=RuntimeMaxSec=${healSeconds} \\
  /bin/sh -c "$(printf '%s' ${quote(fill)} | sed "s/FREEK/$((free > 8192 ? free - 4096 : 4))K/")" || exit 1
tries=0
until [ "$(df --output=avail -k ${dir} | tail -n 1)" -lt 64 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo 'the file system does not fill up' >&2; exit 1; }
  sleep 0.1
done
restarts() { systemctl show --property=NRestarts --value ${components.etcd.unit}; }
before=$(restarts) tries=0
while systemctl --quiet is-active ${components.etcd.unit} && [ "$(restarts)" = "$before" ]; do
  tries=$((tries + 1))
  systemctl --quiet is-active ${filler} && [ "$tries" -le ${mostWrites / atOnce} ] || { echo 'etcd does not notice' >&2; exit 1; }
  for part in ${Array.from({ length: atOnce }, (_, part) => part).join(' ')}; do yes | head -c 1000000 | ${own} put ${key}/$part >/dev/null 2>&1 & done
  wait
done`,
    // The member has ended by itself; systemd starts it again each second, and now it keeps running.
    heal: `systemctl stop ${filler} 2>/dev/null; ${etcdctlOn(cluster)} del --prefix ${key} >/dev/null 2>&1; ! systemctl --quiet is-active ${filler}`,
  };
}

function whyNot(shared: boolean, freeKiB: number): string | undefined {
  if (shared) return 'it is the host’s own, and a host without space is not what is to be tried';
  if (freeKiB > mostKiB) return `${Math.round(freeKiB / 1024 / 1024)} GiB are free on it`;
  return undefined;
}
