import { type BootstrapToken, tokenText } from './bootstrap-token.ts';
import { encryptionKeys } from './encryption.ts';
import { type KeyBlock, keyBlocks, keyWords } from './key-blocks.ts';
import type { HostSecrets } from './secrets.ts';

/** A shorter value reveals nothing, and masking it would hide ordinary words. */
const shortest = 8;

/** Every value of these secrets that must never be printed, in each form: lines, texts, base64. */
export function secretValues({ files }: HostSecrets): readonly string[] {
  const texts = files.filter(({ secret }) => secret).flatMap(({ content }) => valuesOf(content));
  return [...new Set(texts)].filter((value) => value.length >= shortest);
}

/** The same for a bootstrap token, which its Secret contains in base64. */
export function tokenValues(token: BootstrapToken): readonly string[] {
  return [tokenText(token), token.secret, base64(token.secret)];
}

function valuesOf(content: string): readonly string[] {
  const blocks = keyBlocks(content);
  return blocks.length > 0 ? blocks.flatMap(keyValues) : encryptionKeys(content);
}

/** A key's lines without its banners (every key has the same ones), and the key as in a kubeconfig. */
function keyValues(block: KeyBlock): readonly string[] {
  const words = keyWords(block);
  return words.length === 0 ? [] : [...words, words.join(''), base64(block.text), base64(`${block.text}\n`)];
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}
