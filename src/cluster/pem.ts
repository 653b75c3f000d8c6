const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/g;

/**
 * The problem of certificates in PEM, as far as it is visible without parsing X.509: an API server with a wrong one
 * does not start. Undefined if all blocks are complete certificates. The text continues the setting's name.
 */
export function certificateProblem(text: string): string | undefined {
  const blocks = Array.from(text.matchAll(block), ([, label = '', body = '']) => ({ label, body }));
  const rest = text.replaceAll(block, '').trim();
  if (rest !== '') return blocks.length === 0 ? 'is no certificate in PEM' : 'has text outside of its certificates';
  const [first] = blocks.filter(({ label }) => label !== 'CERTIFICATE');
  if (first) return `has a block ${JSON.stringify(first.label)} in it`;
  if (blocks.length === 0) return 'has no certificate in it';
  return blocks.every(({ body }) => isWhole(Buffer.from(body, 'base64')))
    ? undefined
    : 'has a certificate that is cut off';
}

/** One SEQUENCE of DER that fills the text: 0x30, and its length in two bytes (X.690, 8.1.3). */
function isWhole(der: Buffer): boolean {
  return der.length > 4 && der[0] === 0x30 && der[1] === 0x82 && der.readUInt16BE(2) === der.length - 4;
}
