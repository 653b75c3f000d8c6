import { openKubectl } from '../../lab/kubectl.ts';
import { seedHosts } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';

/** The state of the seed's hosts and cluster, as lines to compare with those of the same cluster made another way. */
export interface ClusterState {
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** Kind, namespace and name of every object in the cluster's API. */
  readonly objects: readonly string[];
}

// Keys, and all files that depend on them: they differ between two clusters of the same file.
const ofKeys = String.raw`^/etc/kubernetes/pki/|^/etc/etcd/pki/|^/etc/kubernetes/[a-z-]+\.conf$|^/root/\.kube/config$|(encryption-config\.yaml|etcd-haproxy\.pem)$|^/var/lib/k8s-ha-action/(started/.*|sums)$`;
// The hosts' own files: new in every lab.
const ofHosts = String.raw`^/etc/(machine-id|ssh/ssh_host_.*|resolv\.conf|\.updated|ld\.so\.cache)$|^/root/\.ssh/`;

/** Paths with type, mode, owner, and the content of each file that has no key; units that run; objects of the API. */
export async function clusterStateOf(): Promise<ClusterState> {
  const hosts = await Promise.all(seedHosts.map(async ({ name }) => [name, await hostLines(name)] as const));
  return { hosts: Object.fromEntries(hosts), objects: await objectLines() };
}

/** Those of one host: paths, contents without keys, units that run. */
export async function hostLines(host: string): Promise<readonly string[]> {
  const text = await onHost(
    host,
    `cd /; places='/etc /usr/local /opt /root /var/lib/k8s-ha-action'
find $places -xdev -printf '%p %y %m %u:%g %l\n' 2>/dev/null
find $places -xdev -type f 2>/dev/null | grep -Ev '${ofKeys}|${ofHosts}' | xargs -d '\n' sha256sum
systemctl list-units --type=service --state=active --plain --no-legend 'kube*' 'etcd*' 'containerd*' 'flanneld*' | cut -d ' ' -f 1`,
  );
  return text.split('\n').filter(Boolean).sort();
}

/** Without objects that come and go, or with names that are random or contain a CA's hash. */
const passing =
  /^(events|endpointslices|endpoints|leases|pods|replicasets|certificatesigningrequests|clustertrustbundles|ipaddresses|nodes\.metrics|controllerrevisions|secrets)(\.|$)/;

async function objectLines(): Promise<readonly string[]> {
  const kubectl = await openKubectl(lab);
  const kinds = (await kubectl.must(['api-resources', '--verbs=list', '--output=name'])).split('\n');
  const asked = kinds.filter((kind) => kind && !passing.test(kind)).join(',');
  const columns = 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';
  const text = await kubectl.must(['get', asked, '--all-namespaces', '--no-headers', `--output=${columns}`]);
  return text.split('\n').filter(Boolean).sort();
}
