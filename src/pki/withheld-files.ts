import { paths } from '../layout/paths.ts';
import { keyId } from './keys.ts';
import { type StandIn, standInText, type WithheldSecret } from './stand-in.ts';
import type { SeenHost } from './traces.ts';

/** Whether a run that needs no secret may read this path: true for certificates and public keys. */
export function isPublic(path: string): boolean {
  return path.endsWith('.crt') || path.endsWith('.pub');
}

/** A host whose non-secret files a comparing run has read. */
export interface WithheldHost extends SeenHost {
  readonly withheld: ReadonlyMap<string, WithheldSecret>;
}

/**
 * The hosts' files, with a placeholder for each file whose text stayed on its host. If a host could not compute a public key,
 * the key counts as matching the certificate in the other file, on that host or another one, and as alone in its file:
 * unknown is not broken.
 */
export function withStandIns(hosts: readonly WithheldHost[]): readonly SeenHost[] {
  const keys = new Map(hosts.flatMap(({ files, withheld }) => [...withheld].flatMap((entry) => besides(files, entry))));
  return hosts.map(({ host, files, withheld }) => {
    const standIns = [...withheld].map(([path, secret]) => [path, standInText(settled(secret, keys))] as const);
    return { host, files: new Map([...files, ...standIns]) };
  });
}

/** The hash of a key's file, and the public key in the file that belongs to it. */
function besides(files: SeenHost['files'], [path, secret]: readonly [string, WithheldSecret]): [string, string][] {
  const beside = keyId(secret.certificate) ?? keyId(files.get(otherHalfOf(path)) ?? '');
  return beside === undefined ? [] : [[secret.withoutKey, beside]];
}

function settled({ publicHalf, ...rest }: WithheldSecret, keys: ReadonlyMap<string, string>): StandIn {
  if (publicHalf === 'unreadable') return rest;
  if (publicHalf !== 'unknown') return { ...rest, publicHalf };
  return { ...rest, publicHalf: keys.get(rest.withoutKey) ?? rest.withoutKey, isAlone: true };
}

function otherHalfOf(path: string): string {
  return path === paths.serviceAccount.key ? paths.serviceAccount.pub : path.replace(/\.key$/, '.crt');
}
