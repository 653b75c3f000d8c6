import { encryptionKeys } from './encryption.ts';
import { broken, disagreement } from './find-pair.ts';
import { sha256 } from './keys.ts';
import { paths } from './paths.ts';
import { readStandIn } from './stand-in.ts';
import type { SeenHost } from './traces.ts';

/**
 * The masters' one configuration of encryption at rest, or `undefined` where none has it.
 * @throws Problem AUTHORITY_BROKEN or AUTHORITIES_DIFFER: with a wrong key, Secrets in etcd could not be read any more.
 */
export function findEncryption(masters: readonly SeenHost[]): string | undefined {
  const path = paths.encryptionConfig;
  const [first, ...others] = collectTexts(path, masters);
  if (!first) return undefined;
  for (const { text, hosts } of [first, ...others])
    if (!hasKey(text)) throw broken(hosts[0] ?? '', path, 'no EncryptionConfiguration with a key');
  if (others.length > 0) throw disagreement('encryption at rest', path, [first, ...others]);
  return first.text;
}

function hasKey(text: string): boolean {
  const standIn = readStandIn(text);
  return standIn ? standIn.publicHalf !== undefined : encryptionKeys(text).length > 0;
}

/** Equal texts once, with the masters that have them; a missing line end at the end is no difference. */
function collectTexts(path: string, masters: readonly SeenHost[]) {
  const seen = new Map<string, { readonly text: string; readonly id: string; readonly hosts: string[] }>();
  for (const { host, files } of masters) {
    const text = files.get(path);
    if (text === undefined) continue;
    const id = readStandIn(text)?.withoutKey ?? sha256(text.trim());
    const known = seen.get(id) ?? { text, id, hosts: [] };
    known.hosts.push(host);
    seen.set(id, known);
  }
  return [...seen.values()];
}
