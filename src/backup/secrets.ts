import * as z from 'zod';
import { jsonOrUndefined } from '../entry/json.ts';
import { type Authorities, authorityFiles, findAuthorities } from '../pki/index.ts';

const most = 1024 * 1024;
const secrets = z.object({ files: z.record(z.string().max(most), z.string().max(most)) });

/** `secrets.json`: the masters' files with the CAs, the service-account keys and the encryption keys, by their paths there. */
export function secretsText(authorities: Authorities): string {
  const files = Object.fromEntries(authorityFiles(authorities).map(({ path, content }) => [path, content]));
  return `${JSON.stringify({ files }, null, 1)}\n`;
}

/**
 * Reads `secrets.json`; undefined if it does not have every file.
 * @throws Problem AUTHORITY_BROKEN if a file is damaged or a key does not match its certificate.
 */
export function readSecrets(text: string): Authorities | undefined {
  const { data } = secrets.safeParse(jsonOrUndefined(text));
  if (!data) return undefined;
  const found = findAuthorities([{ host: 'the backup', files: new Map(Object.entries(data.files)) }], []);
  return found.kind === 'found' ? found.authorities : undefined;
}
