import { Problem } from '../errors.ts';
import { type AuthorityName, authorityNames, authorityRecords } from '../layout/authorities.ts';
import { newBundles } from './bundle.ts';
import { keyId } from './keys.ts';
import type { HostSecrets } from './secrets.ts';
import { readTrust, type Trust, trusted } from './trust.ts';
import { fingerprint, readCertificate } from './x509-read.ts';

/** A host's files with CA certificates by their paths: this host's, or for a bare one a master's. */
type Files = ReadonlyMap<string, string>;

/**
 * Refuses a bundle that was issued by other CAs than the hosts have now, or before the present stage of a rotation. CAs that the files lack are not compared.
 * @throws Problem BUNDLE_STALE.
 */
export function checkBundleFresh(secrets: HostSecrets, files: Files): void {
  const own = new Map(secrets.files.map(({ path, content }) => [path, content]));
  const differing = authorityNames.filter((name) => {
    const seen = trustIn(files, name);
    return seen && !isFresh(seen, trustIn(own, name), secrets.authorities[name]);
  });
  if (differing.length === 0) return;
  throw new Problem(
    `the bundle of ${secrets.host} was issued by other CAs than those on the hosts: ${differing.join(', ')}`,
    {
      code: 'BUNDLE_STALE',
      host: secrets.host,
      hint: newBundles,
    },
  );
}

/** What a host trusts of a CA, if the text can be read. */
function trustIn(files: Files, name: AuthorityName): Trust | undefined {
  const [text] = authorityRecords[name].copies.flatMap((path) => files.get(path) ?? []);
  return text === undefined ? undefined : readTrust(text);
}

/**
 * Whether the bundle is of the host's stage or a later one: its leafs are of a CA that the host trusts and that does not go, and it trusts what the
 * host trusts, except a former CA.
 * @param bundled undefined if the bundle's host does not have this CA
 */
function isFresh({ current, next }: Trust, bundled: Trust | undefined, print: string | undefined): boolean {
  const valid = [current, ...next];
  const isSigner = valid.some((pem) => printOf(pem) === print);
  const has = (pem: string) => bundled === undefined || trusted(bundled).some((each) => keyId(each) === keyId(pem));
  return isSigner && valid.every(has);
}

function printOf(pem: string): string | undefined {
  const certificate = readCertificate(pem);
  return certificate && fingerprint(certificate);
}
