import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { must } from '../../lab/command.ts';
import { ensureBaseTree } from '../../lab/hosts/base-tree.ts';
import { fetchPackages } from '../../lab/packages/apt-source.ts';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { onHost, type Stage } from '../stage.ts';
import { type Peer, peersOf } from './peer-configs.ts';

/** Their folder on the node. */
const place = '/opt/bench-peers';

/** Starts the other projects' load balancers on the probed node, each as a unit; running ones are not restarted. */
export async function startPeers(stage: Stage): Promise<readonly Peer[]> {
  const { lab, cluster, node } = stage;
  const peers = peersOf(hostsWith(cluster, 'master').map(({ address }) => `${address}:${cluster.api.port}`));
  const archive = await must(['sh', '-c', `tar -C '${await nginxTree(stage)}' -czf - . | base64`]);
  await onHost(lab, node, `mkdir -p ${place} && base64 -d | tar -C ${place} -xzf -`, archive);
  for (const peer of peers) await start(stage, peer);
  return peers;
}

async function start({ lab, node, say }: Stage, { name, program, port, config }: Peer): Promise<void> {
  const unit = `bench-peer-${port}`;
  const file = `${place}/${port}.conf`;
  const command = {
    nginx: `${place}/usr/sbin/nginx -p ${place}/ -e stderr -c ${file} -g 'pid /run/${unit}.pid;'`,
    haproxy: `/usr/sbin/haproxy -db -f ${file}`,
  }[program];
  await onHost(lab, node, `cat >${file}`, config);
  await onHost(lab, node, `systemctl -q is-active ${unit} || systemd-run --quiet --collect --unit=${unit} ${command}`);
  await onHost(
    lab,
    node,
    `for i in 1 2 3 4 5 6 7 8; do ss -Hltn 'sport = ${port}' | grep -q . && exit 0; sleep 0.25; done; systemctl status ${unit}; exit 1`,
  );
  say(`${name}: 127.0.0.1:${port} of ${node}`);
}

/** Debian's nginx, unpacked; downloaded if the cache does not have it. */
async function nginxTree({ say }: Stage): Promise<string> {
  const cache = cacheFolder();
  const tree = join(cache, 'bench/nginx');
  if (existsSync(tree)) return tree;
  const base = await ensureBaseTree(cache, say);
  const work = join(cache, `bench.partial-${process.pid}`);
  try {
    const folder = await fetchPackages(work, base, ['nginx', 'libnginx-mod-stream']);
    const unpacked = join(work, 'tree');
    mkdirSync(unpacked);
    const wanted = readdirSync(folder).filter((file) => /^(nginx|libnginx-mod-stream)_.*\.deb$/.test(file));
    for (const file of wanted) await must(['dpkg-deb', '-x', join(folder, file), unpacked]);
    mkdirSync(join(cache, 'bench'), { recursive: true });
    renameSync(unpacked, tree);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return tree;
}
