import { type SeenHost, withStandIns } from '../../src/pki/index.ts';
import { isSoleKey } from '../../src/pki/key-blocks.ts';
import { keyId, sha256 } from '../../src/pki/keys.ts';
import { clientCertificateOf } from '../../src/pki/kubeconfig.ts';
import { isPublic } from '../../src/pki/withheld-files.ts';

/** A host's facts about a file whose text stays there; `__tests__/host/withheld.test.ts` compares it with the remote program. */
export function withheldOf(text: string, hasOpenssl = true) {
  const pair = clientCertificateOf(text);
  const half =
    text.includes('EncryptionConfiguration') && text.includes('secret') ? 'unknown' : keyId(pair?.key ?? text);
  const withoutOpenssl = text === '' ? 'unreadable' : 'unknown';
  return {
    sha256: sha256(text),
    withoutKey: sha256(text.replace(/^( *client-key-data: ).*$/m, '$1').replace(/\n+$/, '')),
    publicHalf: hasOpenssl ? (half ?? 'unreadable') : withoutOpenssl,
    isAlone: isSoleKey(pair?.key ?? text),
    certificate: pair?.crt ?? '',
  };
}

/** Hosts from the view of a dry run: without the text of their secrets. */
export function withoutSecrets(hosts: readonly SeenHost[], hasOpenssl = true): readonly SeenHost[] {
  return withStandIns(
    hosts.map(({ host, files }) => {
      const open = [...files].filter(([path]) => isPublic(path));
      const kept = [...files].filter(([path]) => !isPublic(path));
      const withheld = kept.map(([path, text]) => [path, withheldOf(text, hasOpenssl)] as const);
      return { host, files: new Map(open), withheld: new Map(withheld) };
    }),
  );
}
