const keyBlock = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const keyData =
  /\b((?:[a-z-]*key-data|token|password|secret|bootstrap-token|token-secret)["']?\s*[:=]\s*)["']?[A-Za-z0-9+/=_.:-]{8,}["']?/gi;
// Base64 of a key has all three kinds of characters, a sum or a path hardly ever.
const longBase64 = /(^|[\s"':=])(?=\S*[A-Z])(?=\S*[a-z])(?=\S*[0-9])[A-Za-z0-9+/]{60,}={0,2}(?=$|[\s"',])/gm;

/**
 * Text of a host, fit for a log: without private keys, key data of kubeconfigs, tokens, or lines of base64 that may be a
 * piece of either. Journal lines come one by one, so a lone line of a key must go as well.
 */
export function redact(text: string): string {
  return text
    .replaceAll(keyBlock, '[private key removed]')
    .replaceAll(keyData, '$1[removed]')
    .replaceAll(longBase64, '$1[removed]');
}

/** Lines of a host for an error's detail. */
export function redactLines(text: string): readonly string[] {
  return redact(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
}
