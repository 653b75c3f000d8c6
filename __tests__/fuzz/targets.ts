import { apiTargets } from './api-targets.ts';
import { fileTargets, payloadTarget } from './file-targets.ts';
import { hostTargets } from './host-targets.ts';

/**
 * Every reader of untrusted input: from hosts, API servers, mirrors, artifacts, the author of cluster.yaml. For any input it
 * ends with a result or a Problem, soon.
 */
export const targets = [...hostTargets, ...apiTargets, ...fileTargets, payloadTarget];
