import type { Role } from '../cluster/schema.ts';
import { type HostState, hostState, leavings } from '../host/state.ts';
import { etcdPkiDir, paths, pkiDir } from '../pki/paths.ts';
import type { HostSecrets, SecretFile } from '../pki/secrets.ts';
import { rootDirectory } from './files.ts';
import { places } from './places.ts';

type Pair = { readonly crt: string; readonly key: string };

const both = ({ crt, key }: Pair) => [crt, key];

/** The secrets that each role reads, and no others: a node has no CA key, an etcd host none of Kubernetes' keys. In the order of a unit's `reads`. */
export const secretPaths: Readonly<Record<Role, readonly string[]>> = {
  etcd: [paths.etcd.ca, ...both(paths.etcd.server), ...both(paths.etcd.peer), ...both(paths.etcd.client)],
  master: [
    paths.encryptionConfig,
    paths.adminConf,
    paths.controllerManagerConf,
    paths.schedulerConf,
    ...[paths.ca, paths.frontProxyCa, paths.etcdCa].flatMap(both),
    paths.serviceAccount.key,
    paths.serviceAccount.pub,
    ...[paths.apiserver, paths.apiserverKubeletClient, paths.apiserverEtcdClient, paths.frontProxyClient].flatMap(both),
  ],
  node: [paths.ca.crt, ...both(paths.kubeletServing), paths.proxyConf, paths.bootstrapKubeletConf],
};

const directories: Readonly<Record<Role, readonly string[]>> = {
  etcd: ['/etc/etcd', etcdPkiDir],
  master: [places.kubernetesDir, pkiDir, `${pkiDir}/etcd`],
  node: [places.kubernetesDir, pkiDir],
};

/** The secrets and certificates of a host that this role reads. */
export function secretFiles(role: Role, secrets: HostSecrets): HostState {
  return hostState({
    directories: directories[role].map((path) => rootDirectory(path)),
    files: secretsFor(role, secrets),
  });
}

/** The part of a host's bundle that is for one of its roles. */
function secretsFor(role: Role, secrets: HostSecrets): readonly SecretFile[] {
  return secrets.files.filter(({ path }) => secretPaths[role].includes(path));
}

/** A master's own kubeconfig for root, so that kubectl works there without a flag. */
export function rootKubeconfig(secrets: HostSecrets): HostState {
  const admin = secrets.files.find(({ path }) => path === paths.adminConf);
  if (admin === undefined) return hostState({});
  return hostState({
    directories: [rootDirectory('/root/.kube', '700')],
    files: [{ ...admin, path: places.rootKubeconfig }],
    // What kubectl learned of the API.
    leaves: leavings('tree', '/root/.kube/cache'),
  });
}
