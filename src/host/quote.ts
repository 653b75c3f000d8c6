/** Quotes any text as one word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A call of a function of the remote program. */
export function call(name: string, ...args: readonly string[]): string {
  return [name, ...args.map(quote)].join(' ');
}

/** A call with `content` on stdin, in base64: it supports all bytes, and none of them is in an argv. */
export function callWith(content: string, name: string, ...args: readonly string[]): string {
  return `${call(name, ...args)} <<'EOF'\n${Buffer.from(content).toString('base64')}\nEOF`;
}
