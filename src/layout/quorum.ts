/** How many of so many members must agree: more than half of them. */
export function quorumOf(members: number): number {
  return Math.floor(members / 2) + 1;
}
