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

/** A certificate that was made in this run, and why; may be logged. */
export interface Issued {
  readonly host: string;
  readonly path: string;
  readonly reason: string;
}

export interface Issue {
  readonly secrets: ReadonlyMap<string, HostSecrets>;
  readonly issued: readonly Issued[];
}

/** Path → content of what a host has. */
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
 * Each host's secrets. What a host has and what still fits stays, byte for byte; the rest is made, all keys at once.
 * @param existing path → content of what each host has, by the host's name; a host that is not in it has nothing.
 * @param dryRun only says what would be made: no key is made or used, and stand-ins are in the place of what is missing.
 * @throws Problem AUTHORITY_EXPIRED, since nothing signed by such an authority would be accepted.
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

/** A kubeconfig is written anew around a certificate that is kept: the same text, unless its server or authority moved. */
function filesAt({ cluster, authorities }: Context, place: Place, { crt, key }: ClientCertificate): SecretFile[] {
  if (place.kind === 'pair') return [secretFile(place.key, key, place.keyOwner), publicFile(place.crt, crt)];
  const { server, user, path } = place;
  const parts = { clusterName: cluster.name, server, ca: authorities.kubernetes.crt, user };
  const standIn = readStandIn(key);
  if (!standIn) return [secretFile(path, kubeconfigText({ ...parts, credentials: { crt, key } }))];
  // The key is the host's own affair: the rest of the text tells whether the file would change.
  const rest = kubeconfigText({ ...parts, credentials: { crt, key: '' } }).replace(/\n+$/, '');
  return [secretFile(path, sha256(rest) === standIn.withoutKey ? key : toBeMade)];
}

function unmadeAt(place: Place): SecretFile[] {
  if (place.kind === 'kubeconfig') return [secretFile(place.path, toBeMade)];
  return [secretFile(place.key, toBeMade, place.keyOwner), publicFile(place.crt, toBeMade)];
}

/** A signer is made when the first certificate needs it: a run that keeps everything loads no X.509 library. */
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
    `the ${name} authority’s certificate ${certificate ? `ended ${certificate.validTo}` : 'is unreadable'}`,
    {
      code: 'AUTHORITY_EXPIRED',
      hint: 'Rotate the authorities; certificates signed by this one are refused everywhere.',
    },
  );
}
