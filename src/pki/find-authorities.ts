import { Problem } from '../errors.ts';
import {
  type Authorities,
  type AuthorityName,
  authorityNames,
  type KeptAuthorities,
  makeAuthorities,
  planAuthorities,
} from './authorities.ts';
import { authorityFiles, authorityPlaces } from './authority-files.ts';
import { findEncryption } from './find-encryption.ts';
import { broken, findPair } from './find-pair.ts';
import { keyId, publicHalf } from './keys.ts';
import { paths } from './paths.ts';
import { readStandIn, toBeMade } from './stand-in.ts';
import { comesFrom, findTraces, type SeenHost, type Trace } from './traces.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** What the masters have. */
export type FoundAuthorities =
  | {
      readonly kind: 'found';
      readonly authorities: Authorities;
      /** Masters that lack some of it: new ones, or the first run was killed while it wrote. They get a copy. */
      readonly missingOn: readonly string[];
    }
  | {
      readonly kind: 'none';
      /** What a first run that was killed has left; nothing came from it yet. `authoritiesOf` completes it. */
      readonly kept: KeptAuthorities;
    };

/**
 * Reads a cluster's authorities back from its masters. An authority that exists is never replaced.
 *
 * Every host of the cluster must have been asked: one that was not can't testify that authorities are in use. The
 * authorities must reach all masters before any host gets anything that came from them; so where an authority is
 * incomplete everywhere and nothing on any host came from one, a first run was killed, and it may be completed.
 * @param masters what each master has of `authorityPaths` and `secretPathsFor`.
 * @param others what each host without the master role has of `secretPathsFor`.
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

/** The authorities that were found, or else new ones around what was kept; in a dry run, what stands for new ones. */
export async function authoritiesOf(found: FoundAuthorities, now: Date, dryRun = false): Promise<Authorities> {
  if (found.kind === 'found') return found.authorities;
  return dryRun ? await planAuthorities(now, found.kept) : await makeAuthorities(now, found.kept);
}

function keptOn(masters: readonly SeenHost[], traces: readonly Trace[]): KeptAuthorities {
  const authorities = authorityNames.flatMap((name) => {
    const found = findAuthority(name, masters, traces);
    return found ? [[name, found] as const] : [];
  });
  const { key, pub } = paths.serviceAccount;
  const account = findPair({ title: 'service-account key pair', key, half: pub }, masters, () => traces.length > 0);
  const encryptionConfig = findEncryption(masters);
  return {
    ...Object.fromEntries(authorities),
    ...(account && { serviceAccount: { key: account.key, pub: account.half ?? publicOf(account.key) } }),
    ...(encryptionConfig !== undefined && { encryptionConfig }),
  };
}

function publicOf(key: string): string {
  return readStandIn(key) ? toBeMade : publicHalf(key);
}

function findAuthority(name: AuthorityName, masters: readonly SeenHost[], traces: readonly Trace[]) {
  const place = authorityPlaces[name];
  const found = findPair({ title: `${name} authority`, key: place.key, half: place.crt }, masters, (crt) => {
    const certificate = readCertificate(crt);
    return certificate !== undefined && traces.some((trace) => comesFrom(trace, certificate));
  });
  if (found?.half === undefined) return found && { key: found.key };
  const host = masters.find(({ files }) => files.get(place.crt) === found.half)?.host ?? '';
  // What may not sign, or what we can't sign with, would only be noticed when the first host refuses a certificate.
  const certificate = readCertificate(found.half);
  if (!certificate?.ca)
    throw broken(host, place.crt, `the ${name} authority’s certificate is not that of an authority`);
  if (certificate.publicKey.asymmetricKeyType !== 'rsa')
    throw broken(host, place.crt, `the ${name} authority’s key is not RSA, which is not supported`);
  return { key: found.key, crt: found.half };
}

function completeOf({ serviceAccount, encryptionConfig, ...kept }: KeptAuthorities): Authorities | undefined {
  const whole = (name: AuthorityName) => {
    const { crt, key } = kept[name] ?? {};
    return crt !== undefined && key !== undefined ? { crt, key } : undefined;
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

/** By meaning: a missing line end at the end is no difference. */
function same(has: string | undefined, wanted: string): boolean {
  return has !== undefined && meaningOf(has) === meaningOf(wanted);
}

function meaningOf(text: string): string {
  const certificate = readCertificate(text);
  const id = certificate ? fingerprint(certificate) : keyId(text);
  // A private key and its public half have the same id, but must not pass for each other.
  return id === undefined ? text.trim() : `${text.slice(0, 27)}${id}`;
}

/** A host that trusts another authority belongs to another cluster, or the masters were restored from the wrong backup. */
function refuseForeign(authorities: Authorities, traces: readonly Trace[]): void {
  const foreign = traces.filter(({ trust, certificate, authority, ...rest }) => {
    const ours = readCertificate(authorities[authority].crt);
    return trust && certificate && ours && !comesFrom({ trust, certificate, authority, ...rest }, ours);
  });
  const [first] = foreign;
  if (!first) return;
  throw new Problem(`${first.path} is not the ${first.authority} authority that the masters have`, {
    code: 'AUTHORITIES_FOREIGN',
    host: first.host,
    detail: foreign.map(({ host, path }) => `${host}: ${path}`),
    hint: 'Reset the host when it is left over from another cluster; restore the masters when they have the wrong authorities.',
  });
}

function lost(kept: KeptAuthorities, traces: readonly Trace[]): Problem {
  const missing = [
    ...authorityNames.filter((name) => kept[name]?.crt === undefined).map((name) => `${name} authority`),
    ...(kept.serviceAccount ? [] : ['service-account key pair']),
    ...(kept.encryptionConfig === undefined ? ['encryption-at-rest key'] : []),
  ];
  const detail = traces.map(({ host, path }) => `${host}: ${path}`);
  const message = `no master has the whole ${missing.join(', ')}, yet the cluster uses them: ${detail.slice(0, 3).join(', ')}`;
  return new Problem(message, {
    code: 'AUTHORITIES_LOST',
    detail,
    hint: 'Restore them to a master from a backup: new ones would cut off every host. Hosts that are left over from another cluster are to be reset first.',
  });
}
