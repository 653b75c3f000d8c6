import { paths } from '../layout/paths.ts';
import { encryptionKeys } from './encryption.ts';
import { agreedEncryption } from './encryption-rotation.ts';
import { broken, disagreement } from './find-pair.ts';
import { sha256 } from './keys.ts';
import { readStandIn } from './stand-in.ts';
import type { SeenHost } from './traces.ts';

/** A dry run reads no key, so it can't tell a rotation that was stopped. */
const hint =
  'If a rotation was stopped, run rotate again with what: encryption-key. Otherwise restore the file that the cluster uses on all masters: Secrets under another key can’t be read.';

/**
 * The masters' configuration of encryption at rest, or `undefined` if no master has one. While a rotation goes from one to the next they differ.
 * @throws Problem AUTHORITY_BROKEN or AUTHORITIES_DIFFER: with a wrong key, Secrets in etcd would be unreadable.
 */
export function findEncryption(masters: readonly SeenHost[]): string | undefined {
  const path = paths.encryptionConfig;
  const [first, ...others] = collectTexts(path, masters);
  if (!first) return undefined;
  for (const { text, hosts } of [first, ...others])
    if (!hasKey(text)) throw broken(hosts[0] ?? '', path, 'not an EncryptionConfiguration with a key');
  if (others.length === 0) return first.text;
  const agreed = agreedEncryption([first, ...others].map(({ text }) => text));
  if (agreed === undefined) throw disagreement('encryption at rest', path, [first, ...others], hint);
  return agreed;
}

function hasKey(text: string): boolean {
  const standIn = readStandIn(text);
  return standIn ? standIn.publicHalf !== undefined : encryptionKeys(text).length > 0;
}

/** Each distinct text with the masters that have it; a missing line end at the end is ignored. */
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
