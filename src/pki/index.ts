export { paths } from '../layout/paths.ts';
export { type AgeKey, newIdentity, readIdentity } from './age-identity.ts';
export {
  type Authorities,
  type AuthorityName,
  makeAuthorities,
} from './authorities.ts';
export {
  authorityFiles,
  authorityFingerprints,
  secretFile,
  seenFingerprints,
  trustPaths,
} from './authority-files.ts';
export { type BootstrapToken, bootstrapTokenSecret, newBootstrapToken, tokenText } from './bootstrap-token.ts';
export { openBundle, sealBundle } from './bundle.ts';
export { checkBundleFresh } from './bundle-freshness.ts';
export { certificateRequest, type RequestedSubject } from './certificate-request.ts';
export { certificatesFor, type Place } from './certificates.ts';
export { authoritiesOf, findAuthorities } from './find-authorities.ts';
export { secretPathsFor } from './host-files.ts';
export { type Issue, issue } from './issue.ts';
export {
  bootstrapKubeconfig,
  clientCertificateOf,
  kubeconfigText,
  kubeletKubeconfig,
} from './kubeconfig.ts';
export { secretValues, tokenValues } from './secret-values.ts';
export type { HostSecrets, SecretFile } from './secrets.ts';
export type { SeenHost } from './traces.ts';
export { isPublic, withStandIns } from './withheld-files.ts';
