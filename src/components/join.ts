import { places } from '../layout/paths.ts';

/**
 * Lines of [Service] for units that need a node that has joined. The unit itself waits, so that its start,
 * which comes before the approval of the node, does not block.
 */
export const waitsForJoin = [
  `ExecStartPre=/bin/sh -c 'until [ -e ${places.kubeletClientCert} ]; do sleep 0.1; done'`,
  'TimeoutStartSec=infinity',
] as const;

/** Before the node has joined, nothing is awaited: the approval comes after the units are started. */
export function onceJoined(check: string): string {
  return `[ ! -e ${places.kubeletClientCert} ] || { ${check}; }`;
}
