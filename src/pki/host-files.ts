import type { Cluster, Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { paths } from '../layout/paths.ts';
import { roleSecrets } from '../layout/secrets.ts';
import type { Authorities } from './authorities.ts';
import { authorityFiles, publicFile } from './authority-files.ts';
import { certificatesFor } from './certificates.ts';
import type { SecretFile } from './secrets.ts';
import { readTrust, trusted } from './trust.ts';

/** The CA files of a host: masters get all of them, other hosts only the certificates that they trust, never a key. */
export function trustFilesFor(host: Host, authorities: Authorities): readonly SecretFile[] {
  const all = [
    ...authorityFiles(authorities),
    ...signingFile(authorities.kubernetes.crt),
    publicFile(paths.etcd.ca, authorities.etcd.crt),
  ];
  const filesOf = (role: Role) => all.filter(({ path }) => roleSecrets(role).trust.includes(path));
  return uniqueByPath(host.roles.flatMap(filesOf));
}

/** Only while more than one is trusted: kube-controller-manager refuses a file of several to sign with. */
function signingFile(crt: string): readonly SecretFile[] {
  const trust = readTrust(crt);
  if (!trust || trusted(trust).length === 1) return [];
  return [publicFile(paths.signingCa, `${trust.current.trim()}\n`)];
}

/** Every path of a host's secrets. The inspection reads them, so that valid files are kept. */
export function secretPathsFor(cluster: Cluster, host: Host): readonly string[] {
  const leafs = certificatesFor(cluster, host).flatMap(({ place }) =>
    place.kind === 'pair' ? [place.crt, place.key] : [place.path],
  );
  return [...new Set([...host.roles.flatMap((role) => roleSecrets(role).trust), ...leafs])];
}

/** A host that is both master and node has ca.crt twice: the first one is used. */
export function uniqueByPath(files: readonly SecretFile[]): readonly SecretFile[] {
  return [...new Map(files.toReversed().map((file) => [file.path, file])).values()].toReversed();
}
