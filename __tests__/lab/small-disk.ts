import { onHost } from './seed-lab.ts';

const dir = '/var/lib/etcd';
/** Two segments of the log, of 64 MB each, and a database. */
const megabytes = 400;

/** Moves a member's data to a separate small file system, like on hosts of etcd, until it is disposed of. */
export async function smallDisk(host: string): Promise<AsyncDisposable> {
  const move = (between: string) =>
    onHost(
      host,
      `set -e; systemctl stop etcd; rm -rf /root/etcd; cp -a --sparse=never ${dir} /root/etcd; ${between}; rm -rf ${dir}/*
       cp -a --sparse=never /root/etcd/. ${dir}; rm -rf /root/etcd; systemctl start etcd`,
    );
  await move(`mount -t tmpfs -o size=${megabytes}m tmpfs ${dir}`);
  return { [Symbol.asyncDispose]: async () => void (await move(`umount ${dir}`)) };
}
