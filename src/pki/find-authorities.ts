import { Problem } from '../errors.ts';
import { authorityRecords, nextKeyPath } from '../layout/authorities.ts';
import {
  type Authorities,
  type AuthorityName,
  authorityNames,
  type KeptAuthorities,
  makeAuthorities,
  planAuthorities,
} from './authorities.ts';
import { authorityFiles } from './authority-files.ts';
import { findEncryption } from './find-encryption.ts';
import { broken, findPair } from './find-pair.ts';
import { findRotating } from './find-rotating.ts';
import { findServiceAccount } from './find-service-account.ts';
import { isSoleKey } from './key-blocks.ts';
import { keyId } from './keys.ts';
import { comesFrom, findTraces, type SeenHost, type Trace } from './traces.ts';
import { readTrust, trusted } from './trust.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** The masters' CAs. */
export type FoundAuthorities =
  | {
      readonly kind: 'found';
      readonly authorities: Authorities;
      /** Masters that lack some of the files: new masters, or a first run was killed while it wrote them. They get a copy. */
      readonly missingOn: readonly string[];
    }
  | {
      readonly kind: 'none';
      /** The files of a killed first run; no certificate was issued from them yet. `authoritiesOf` completes them. */
      readonly kept: KeptAuthorities;
    };

/**
 * Reads a cluster's CAs from its masters. An existing CA is never replaced.
 *
 * Every host of the cluster must have been read, because any host can prove that a CA is in use. CAs are written to all
 * masters before any host gets a certificate from them. So if a CA is incomplete on every master and no host has a certificate
 * from it, a first run was killed, and the CA may be completed.
 * @param masters each master's files at `roleSecrets('master').trust` and `secretPathsFor`.
 * @param others the files at `secretPathsFor` of each host without the role master.
 * @throws Problem AUTHORITIES_DIFFER, AUTHORITY_BROKEN, AUTHORITIES_LOST or AUTHORITIES_FOREIGN.
 */
export function findAuthorities(masters: readonly SeenHost[], others: readonly SeenHost[]): FoundAuthorities {
  const traces = findTraces(masters, others);
  const kept = keptOn(masters, traces);
  const authorities = completeOf(kept);
  if (authorities) {
    refuseForeign(authorities, traces);
    return { kind: 'found', authorities, missingOn: missingOn(masters, authorities) };
  }
  if (traces.length > 0) throw lost(kept, traces);
  return { kind: 'none', kept };
}

/** The existing CAs, or new ones that include the kept files; in a dry run, placeholders for new ones. */
export async function authoritiesOf(found: FoundAuthorities, now: Date, dryRun = false): Promise<Authorities> {
  if (found.kind === 'found') return found.authorities;
  return dryRun ? await planAuthorities(now, found.kept) : await makeAuthorities(now, found.kept);
}

function keptOn(masters: readonly SeenHost[], traces: readonly Trace[]): KeptAuthorities {
  const authorities = authorityNames.flatMap((name) => {
    const found = findAuthority(name, masters, traces);
    return found ? [[name, found] as const] : [];
  });
  const serviceAccount = findServiceAccount(masters, () => traces.length > 0);
  const encryptionConfig = findEncryption(masters);
  return {
    ...Object.fromEntries(authorities),
    ...(serviceAccount && { serviceAccount }),
    ...(encryptionConfig !== undefined && { encryptionConfig }),
  };
}

function findAuthority(name: AuthorityName, masters: readonly SeenHost[], traces: readonly Trace[]) {
  const place = authorityRecords[name];
  const pair = { title: `${name} CA`, key: place.key, half: place.crt };
  const inUse = (crt: string) => traces.some((trace) => comesFromOne(trace, crt));
  const found = findRotating(pair, masters) ?? findPair(pair, masters, inUse);
  if (found?.half === undefined) return found && { key: found.key };
  const host = masters.find(({ files }) => files.get(place.crt) === found.half)?.host ?? '';
  // Otherwise, a certificate that may not sign or a key of another type would only be noticed when a host refuses a certificate.
  const certificate = readCertificate(found.half);
  if (!certificate?.ca) throw broken(host, place.crt, `the certificate of the ${name} CA is not a CA certificate`);
  if (certificate.publicKey.asymmetricKeyType !== 'rsa')
    throw broken(host, place.crt, `the key of the ${name} CA is not RSA; other types are not supported`);
  const nextKey = nextKeyOn(masters, name, found.half);
  return { key: found.key, crt: found.half, ...(nextKey !== undefined && { nextKey }) };
}

/** The key of the next CA that the masters trust. One of another CA is from a rotation that a newer one has replaced. */
function nextKeyOn(masters: readonly SeenHost[], name: AuthorityName, crt: string): string | undefined {
  const path = nextKeyPath(name);
  const ids = readTrust(crt)?.next.map(keyId) ?? [];
  if (path === undefined || ids.length === 0) return undefined;
  const keys = masters.flatMap(({ files }) => files.get(path) ?? []);
  return keys.find((key) => isSoleKey(key) && ids.includes(keyId(key)));
}

/** Whether it came from one of the CAs in a text: of a rotation, each counts. */
function comesFromOne(trace: Trace, text: string): boolean {
  const trust = readTrust(text);
  return (trust ? trusted(trust) : []).some((pem) => {
    const certificate = readCertificate(pem);
    return certificate !== undefined && comesFrom(trace, certificate);
  });
}

function completeOf({ serviceAccount, encryptionConfig, ...kept }: KeptAuthorities): Authorities | undefined {
  const whole = (name: AuthorityName) => {
    const { crt, key, nextKey } = kept[name] ?? {};
    if (crt === undefined || key === undefined) return undefined;
    return { crt, key, ...(nextKey !== undefined && { nextKey }) };
  };
  const [kubernetes, etcd, frontProxy] = [whole('kubernetes'), whole('etcd'), whole('front-proxy')];
  if (!kubernetes || !etcd || !frontProxy || !serviceAccount || encryptionConfig === undefined) return undefined;
  return { kubernetes, etcd, 'front-proxy': frontProxy, serviceAccount, encryptionConfig };
}

function missingOn(masters: readonly SeenHost[], authorities: Authorities): readonly string[] {
  const wanted = authorityFiles(authorities);
  const lacks = ({ files }: SeenHost) => wanted.some(({ path, content }) => !same(files.get(path), content));
  return masters.filter(lacks).map(({ host }) => host);
}

const begin = '-----BEGIN ';

/** Equal except for a missing line end at the end. */
function same(has: string | undefined, wanted: string): boolean {
  return has !== undefined && meaningOf(has) === meaningOf(wanted);
}

function meaningOf(text: string): string {
  // Of several keys each one counts.
  if (text.indexOf(begin) !== text.lastIndexOf(begin)) return text.trim();
  const certificate = readCertificate(text);
  const id = certificate ? fingerprint(certificate) : keyId(text);
  // A private key and its public key have the same id, but must not be confused.
  return id === undefined ? text.trim() : `${text.slice(0, 27)}${id}`;
}

/** A host that trusts another CA belongs to another cluster, or the masters were restored from the wrong backup. */
function refuseForeign(authorities: Authorities, traces: readonly Trace[]): void {
  const foreign = traces.filter(
    (trace) => trace.trust && trace.certificate && !comesFromOne(trace, authorities[trace.authority].crt),
  );
  const [first] = foreign;
  if (!first) return;
  throw new Problem(`${first.path} is not from the masters’ ${first.authority} CA`, {
    code: 'AUTHORITIES_FOREIGN',
    host: first.host,
    detail: foreign.map(({ host, path }) => `${host}: ${path}`),
    hint: 'If the host is left over from another cluster, reset it. If the masters have the wrong CAs, restore the masters.',
  });
}

function lost(kept: KeptAuthorities, traces: readonly Trace[]): Problem {
  const missing = [
    ...authorityNames.filter((name) => kept[name]?.crt === undefined).map((name) => `${name} CA`),
    ...(kept.serviceAccount ? [] : ['service-account key pair']),
    ...(kept.encryptionConfig === undefined ? ['encryption-at-rest key'] : []),
  ];
  const detail = traces.map(({ host, path }) => `${host}: ${path}`);
  const message = `no master has all files of ${missing.join(', ')}, but the cluster uses them: ${detail.slice(0, 3).join(', ')}`;
  return new Problem(message, {
    code: 'AUTHORITIES_LOST',
    detail,
    hint: 'Restore them on a master from a backup: new ones would cut off every host. Reset hosts that are left over from another cluster first.',
  });
}
