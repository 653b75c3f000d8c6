import type { X509Certificate } from 'node:crypto';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type Authorities, type AuthorityName, authorityNames } from './authorities.ts';
import { authorityFingerprints, publicFile, secretFile } from './authority-files.ts';
import { certificatesFor, type Place, pathOf, type WantedCertificate } from './certificates.ts';
import { trustFilesFor, uniqueByPath } from './host-files.ts';
import { faultOf } from './keep.ts';
import { newLeafPair, sha256 } from './keys.ts';
import { type ClientCertificate, clientCertificateOf, kubeconfigText } from './kubeconfig.ts';
import type { HostSecrets, SecretFile } from './secrets.ts';
import { readStandIn, toBeMade } from './stand-in.ts';
import { notAfter, readCertificate } from './x509-read.ts';
import { type Signer, signerOf } from './x509-write.ts';

/** A certificate that was issued in this run, and why. Contains no secret. */
export interface Issued {
  readonly host: string;
  readonly path: string;
  readonly reason: string;
}

export interface Issue {
  readonly secrets: ReadonlyMap<string, HostSecrets>;
  readonly issued: readonly Issued[];
}

/** A host's files: path → content. */
type Files = ReadonlyMap<string, string>;

interface Context {
  readonly cluster: Cluster;
  readonly authorities: Authorities;
  readonly certificates: Readonly<Record<AuthorityName, X509Certificate>>;
  readonly signer: (name: AuthorityName) => Promise<Signer>;
  readonly now: Date;
  readonly dryRun: boolean;
}

interface Made {
  readonly files: readonly SecretFile[];
  readonly issued?: Issued;
}

/**
 * Returns each host's secrets. Files that are still valid stay, byte for byte; the rest is created, all keys in parallel.
 * @param existing each host's files (path → content), by the host's name; a host that is not in it has no files.
 * @param dryRun creates and uses no key; placeholders are in the place of missing files.
 * @throws Problem AUTHORITY_EXPIRED, because no certificate that an expired CA signs would be accepted.
 */
export async function issue(
  cluster: Cluster,
  authorities: Authorities,
  existing: ReadonlyMap<string, Files>,
  now: Date,
  dryRun = false,
): Promise<Issue> {
  const certificates = validCertificates(authorities, now);
  const context: Context = { cluster, authorities, certificates, signer: lazySigners(authorities), now, dryRun };
  const fingerprints = authorityFingerprints(authorities);
  const hosts = await Promise.all(
    cluster.hosts.map(async (host) => {
      const made = await hostFiles(context, host, existing.get(host.name) ?? new Map());
      const files = uniqueByPath([...trustFilesFor(host, authorities), ...made.flatMap((each) => each.files)]);
      const secrets: HostSecrets = { cluster: cluster.name, host: host.name, authorities: fingerprints, files };
      return { secrets, issued: made.flatMap((each) => each.issued ?? []) };
    }),
  );
  return {
    secrets: new Map(hosts.map(({ secrets }) => [secrets.host, secrets])),
    issued: hosts.flatMap(({ issued }) => issued),
  };
}

async function hostFiles(context: Context, host: Host, has: Files): Promise<readonly Made[]> {
  return await Promise.all(
    certificatesFor(context.cluster, host).map((wanted) => keepOrMake(context, host, wanted, has)),
  );
}

async function keepOrMake(context: Context, host: Host, wanted: WantedCertificate, has: Files): Promise<Made> {
  const found = existingAt(wanted.place, has);
  const reason = found ? faultOf(wanted, found, context.certificates[wanted.authority], context.now) : 'missing';
  if (found && reason === undefined) return { files: filesAt(context, wanted.place, found) };
  const issued = { host: host.name, path: pathOf(wanted), reason: reason ?? 'missing' };
  if (context.dryRun) return { files: unmadeAt(wanted.place), issued };
  const [sign, pair] = await Promise.all([context.signer(wanted.authority), newLeafPair()]);
  const made = { crt: sign(wanted, pair.pub, context.now), key: pair.key };
  return { files: filesAt(context, wanted.place, made), issued };
}

function existingAt(place: Place, has: Files): ClientCertificate | undefined {
  if (place.kind === 'kubeconfig') return clientCertificateOf(has.get(place.path) ?? '');
  const [crt, key] = [has.get(place.crt), has.get(place.key)];
  return crt === undefined || key === undefined ? undefined : { crt, key };
}

/** A kubeconfig is always rendered again around a kept certificate: the text differs only if its server or CA has changed. */
function filesAt({ cluster, authorities }: Context, place: Place, { crt, key }: ClientCertificate): SecretFile[] {
  if (place.kind === 'pair') return [secretFile(place.key, key, place.keyOwner), publicFile(place.crt, crt)];
  const { server, user, path } = place;
  const parts = { clusterName: cluster.name, server, ca: authorities.kubernetes.crt, user };
  const standIn = readStandIn(key);
  if (!standIn) return [secretFile(path, kubeconfigText({ ...parts, credentials: { crt, key } }))];
  // The key stays on the host: the rest of the text shows whether the file would change.
  const rest = kubeconfigText({ ...parts, credentials: { crt, key: '' } }).replace(/\n+$/, '');
  return [secretFile(path, sha256(rest) === standIn.withoutKey ? key : toBeMade)];
}

function unmadeAt(place: Place): SecretFile[] {
  if (place.kind === 'kubeconfig') return [secretFile(place.path, toBeMade)];
  return [secretFile(place.key, toBeMade, place.keyOwner), publicFile(place.crt, toBeMade)];
}

/** A signer is created for the first certificate that needs it: a run that keeps all certificates loads no X.509 library. */
function lazySigners(authorities: Authorities): (name: AuthorityName) => Promise<Signer> {
  const signers = new Map<AuthorityName, Promise<Signer>>();
  return (name) => {
    const signer = signers.get(name) ?? signerOf(authorities[name]);
    signers.set(name, signer);
    return signer;
  };
}

function validCertificates(authorities: Authorities, now: Date): Readonly<Record<AuthorityName, X509Certificate>> {
  const entries = authorityNames.map((name) => [name, validCertificate(name, authorities[name].crt, now)] as const);
  return Object.fromEntries(entries) as Record<AuthorityName, X509Certificate>;
}

function validCertificate(name: AuthorityName, pem: string, now: Date): X509Certificate {
  const certificate = readCertificate(pem);
  if (certificate && notAfter(certificate) > now) return certificate;
  throw new Problem(
    `the certificate of the ${name} CA ${certificate ? `ended ${certificate.validTo}` : 'is unreadable'}`,
    {
      code: 'AUTHORITY_EXPIRED',
      hint: 'Certificates that it has signed are refused everywhere, so it can’t be rotated any more: give it a new certificate for the same key, as docs/rotation.md says, and run again.',
    },
  );
}
