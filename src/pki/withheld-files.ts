import { keyId } from './keys.ts';
import { paths } from './paths.ts';
import { type StandIn, standInText, type WithheldSecret } from './stand-in.ts';
import type { SeenHost } from './traces.ts';

/** Whether a file at this path may be read by a run that needs no secret: certificates and public keys. */
export function isPublic(path: string): boolean {
  return path.endsWith('.crt') || path.endsWith('.pub');
}

/** A host of which a run that only compares has seen what is no secret. */
export interface WithheldHost extends SeenHost {
  readonly withheld: ReadonlyMap<string, WithheldSecret>;
}

/**
 * What hosts have, with a stand-in for each file whose text they kept. Where one could not tell a key's public half, the key counts
 * as the one that belongs to the certificate beside it, there or on another host, and as alone in its file: unknown is not broken.
 */
export function withStandIns(hosts: readonly WithheldHost[]): readonly SeenHost[] {
  const keys = new Map(hosts.flatMap(({ files, withheld }) => [...withheld].flatMap((entry) => besides(files, entry))));
  return hosts.map(({ host, files, withheld }) => {
    const standIns = [...withheld].map(([path, secret]) => [path, standInText(settled(secret, keys))] as const);
    return { host, files: new Map([...files, ...standIns]) };
  });
}

/** The text of a key, by its hash, and the public half that is beside it. */
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
