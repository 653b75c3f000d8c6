import { parseCluster } from '../../src/cluster/load.ts';
import { type Authorities, issue, makeAuthorities, paths } from '../../src/pki/index.ts';
import { clusterText, lab, onHost } from './seed-lab.ts';

/** The cluster's CAs. The keys that sign no certificate stay those of another cluster, and are not written to a host. */
export async function authoritiesOfCluster(): Promise<Authorities> {
  const pair = async ({ crt, key }: { readonly crt: string; readonly key: string }) => ({
    crt: await onHost('master-1', `cat ${crt}`),
    key: await onHost('master-1', `cat ${key}`),
  });
  const others = await makeAuthorities(new Date());
  const [kubernetes, etcd, frontProxy] = [
    await pair(paths.ca),
    await pair(paths.etcdCa),
    await pair(paths.frontProxyCa),
  ];
  return { ...others, kubernetes, etcd, 'front-proxy': frontProxy };
}

/** Writes a file on a host, with the mode and owner of the one that it replaces. */
export async function put(host: string, path: string, content: string): Promise<void> {
  const { status, stderr } = await lab.exec(host, ['sh', '-c', `cat >${path}`], { input: content });
  if (status !== 0) throw new Error(`${host}: ${path}: ${stderr}`);
}

/** Replaces the leaf certificates of hosts, those in kubeconfigs too, by ones of the same CAs that were made at another time. */
export async function ageCertificates(authorities: Authorities, hosts: readonly string[], made: Date): Promise<void> {
  const cluster = parseCluster(clusterText(), lab.clusterFile);
  const { secrets, issued } = await issue(cluster, authorities, new Map(), made);
  for (const host of hosts) {
    const leafs = new Set(issued.filter((each) => each.host === host).map(({ path }) => path));
    const isLeaf = (path: string) => leafs.has(path) || leafs.has(path.replace(/\.key$/, '.crt'));
    const files = secrets.get(host)?.files ?? [];
    for (const { path, content } of files.filter((file) => isLeaf(file.path))) await put(host, path, content);
  }
}
