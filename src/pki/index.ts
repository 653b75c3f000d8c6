export { type AgeKey, newIdentity, readIdentity } from './age-identity.ts';
export {
  type Authorities,
  type AuthorityName,
  authorityNames,
  type KeptAuthorities,
  makeAuthorities,
} from './authorities.ts';
export type { Authority } from './authority.ts';
export {
  authorityFiles,
  authorityFingerprints,
  authorityPaths,
  secretFile,
  seenFingerprints,
  trustPaths,
} from './authority-files.ts';
export { type BootstrapToken, bootstrapTokenSecret, newBootstrapToken, tokenText } from './bootstrap-token.ts';
export { type BundleMeta, checkBundleFresh, openBundle, sealBundle } from './bundle.ts';
export { certificateRequest, type RequestedSubject } from './certificate-request.ts';
export { certificatesFor, type Place, pathOf, type WantedCertificate } from './certificates.ts';
export { authoritiesOf, type FoundAuthorities, findAuthorities } from './find-authorities.ts';
export { secretPathsFor, trustFilesFor } from './host-files.ts';
export { type Issue, type Issued, issue } from './issue.ts';
export {
  bootstrapKubeconfig,
  type ClientCertificate,
  clientCertificateOf,
  kubeconfigText,
  localServer,
} from './kubeconfig.ts';
export { etcdPkiDir, paths, pkiDir } from './paths.ts';
export { secretValues, tokenValues } from './secret-values.ts';
export type { HostSecrets, SecretFile } from './secrets.ts';
export type { SeenHost } from './traces.ts';
export { isPublic, withStandIns } from './withheld-files.ts';
