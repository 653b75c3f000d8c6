/** What programs of a state leave on a host at run time, by kind; reset.sh removes each. */
export const leavingKinds = [
  /** A file, or a directory with all that is in it. The last part may be a pattern of sh. */
  'tree',
  /** A network interface, with the interfaces that are ports of it. */
  'interface',
  /** A subnet: all routes to it or into it. */
  'route',
  /** The beginning of the names of iptables chains and of ipsets. */
  'chain',
  /** An nftables table: `ip kube-proxy`. */
  'table',
  /** A control group at the top of each hierarchy; its processes are ended. */
  'cgroup',
  /** A program whose processes outlive their unit: they are ended with all their descendants. */
  'program',
  /** A kernel setting. */
  'tuned',
] as const;

export type LeavingKind = (typeof leavingKinds)[number];

export interface Leaving {
  readonly kind: LeavingKind;
  readonly subject: string;
}

/** Several leavings of one kind. */
export function leavings(kind: LeavingKind, ...subjects: readonly string[]): readonly Leaving[] {
  return subjects.map((subject) => ({ kind, subject }));
}

const kinds: ReadonlySet<string> = new Set(leavingKinds);

/** Whether an entry of a host's list is about what is left at run time. Such entries stay on the list until a reset. */
export function isLeaving({ kind }: { readonly kind: string }): boolean {
  return kinds.has(kind);
}
