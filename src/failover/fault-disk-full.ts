import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { quote } from '../host/quote.ts';
import type { HostFaultLines } from './host-fault.ts';

const filler = 'k8s-ha-action-fill';
/** More than this is no disk for etcd alone, and takes long to fill where fallocate is not known. */
const mostKiB = 20 * 1024 * 1024;

/**
 * Leaves etcd no block of its file system to write to. What fills it is a file without a name, held open by a process:
 * it is gone with that process, and so after a crash of the host as well. It is filled as etcd's own user, who may not
 * touch what the file system keeps for root.
 */
export function diskFull(session: HostSession, dataDir: string, healSeconds: number): HostFaultLines {
  const dir = quote(dataDir);
  const file = quote(`${dataDir}/.${filler}`);
  const held = '/proc/self/fd/3';
  const fill = `exec 3>${file} && rm ${file} && { fallocate -l FREEK ${held}; dd if=/dev/zero of=${held} bs=4k oflag=append conv=notrunc; exec sleep ${healSeconds}; }`;
  return {
    name: 'disk-full',
    prepare: async () => {
      const { status, stdout } = await session.run(`stat -c %d / ${dir} && df --output=avail -k ${dir} | tail -n 1`);
      const [root, own, free] = stdout.split(/\s+/).map(Number);
      const reason = status === 0 ? whyNot(root === own, free ?? 0) : `there is no ${dataDir}`;
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
done`,
    // etcd ends when it can't write; systemd tries again each second.
    heal: `systemctl stop ${filler} 2>/dev/null; ! systemctl --quiet is-active ${filler}`,
  };
}

function whyNot(shared: boolean, freeKiB: number): string | undefined {
  if (shared) return 'it is the host’s own, and a host without space is not what is to be tried';
  if (freeKiB > mostKiB) return `${Math.round(freeKiB / 1024 / 1024)} GiB are free on it`;
  return undefined;
}
