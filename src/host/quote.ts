/** One word for a POSIX shell, whatever it holds. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A call of a function of the remote program. */
export function call(name: string, ...args: readonly string[]): string {
  return [name, ...args.map(quote)].join(' ');
}

/** A call whose stdin is `content`, in base64: any bytes pass, and none of them through an argv. */
export function callWith(content: string, name: string, ...args: readonly string[]): string {
  return `${call(name, ...args)} <<'EOF'\n${Buffer.from(content).toString('base64')}\nEOF`;
}
