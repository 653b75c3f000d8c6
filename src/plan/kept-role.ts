import type { Role } from '../cluster/schema.ts';

/** What to do if a line has lost a role that its host still has in the cluster. */
export const keepsRole = (role: Role): string =>
  `Give the host its role ${role} back. To take the role from it, remove the host first (state: removed), and add it without the role in a later change.`;
