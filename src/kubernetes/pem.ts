/** The characters of a line of base64. Source: RFC 7468, section 2 */
const column = 64;

/**
 * The bytes of a text that is exactly one PEM block in the format of Go and OpenSSL. Readers of PEM differ in what they
 * ignore (headers, blanks, other blocks, line ends), so a text is accepted only if encoding its bytes again gives the same text.
 * @throws Error
 */
export function readPem(text: string, label: string): Buffer {
  const [begin, end] = [`-----BEGIN ${label}-----\n`, `-----END ${label}-----`];
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (!whole.startsWith(begin) || !whole.endsWith(`${end}\n`)) throw new Error(`the text is not one block of ${label}`);
  const bytes = Buffer.from(whole.slice(begin.length, -end.length - 1), 'base64');
  if (writePem(bytes, label) !== whole) throw new Error(`the block of ${label} is not in its canonical form`);
  return bytes;
}

/** A PEM block: lines of 64 characters. */
function writePem(bytes: Buffer, label: string): string {
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${column}}`, 'g')) ?? [];
  return `${[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')}\n`;
}

/** The certificates (PEM) in a text that may have other lines between them. */
export function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}
