import type { Role } from '../cluster/schema.ts';
import { type HostState, hostState, leavings } from '../host/state.ts';
import { etcdPkiDir, paths, pkiDir, places } from '../layout/paths.ts';
import { secretPathsOf } from '../layout/secrets.ts';
import type { HostSecrets, SecretFile } from '../pki/secrets.ts';
import { rootDirectory } from './files.ts';

/** What is placed for each role out of a host's secrets. */
const secretPaths: Readonly<Record<Role, readonly string[]>> = {
  etcd: secretPathsOf('etcd'),
  master: secretPathsOf('master'),
  node: [...secretPathsOf('node'), paths.bootstrapKubeletConf],
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
