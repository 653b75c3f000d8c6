import { places } from './places.ts';

/**
 * Lines of [Service] for what makes sense only on a node that has joined. The unit waits by itself, so that starting
 * it, which comes before the approval of the node, doesn't have to.
 */
export const waitsForJoin = [
  `ExecStartPre=/bin/sh -c 'until [ -e ${places.kubeletClientCert} ]; do sleep 0.2; done'`,
  'TimeoutStartSec=infinity',
] as const;

/** Until the node has joined there is nothing to wait for: the approval comes after the units are started. */
export function onceJoined(check: string): string {
  return `[ ! -e ${places.kubeletClientCert} ] || { ${check}; }`;
}
