import type { SeenCertificate } from './certificates.ts';
import type { Finding } from './finding.ts';

/** What a check has found so far; its phases add to it. */
export interface CheckReport {
  readonly findings: Finding[];
  /** All that were seen, of any age. */
  readonly certificates: SeenCertificate[];
}

/** A report without findings. */
export function newReport(): CheckReport {
  return { findings: [], certificates: [] };
}
