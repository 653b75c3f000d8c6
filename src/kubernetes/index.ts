import { ApiClient } from './api-client.ts';
import type { Credentials } from './kubeconfig.ts';
import type { Endpoint, KeptConnections, Tunnel } from './tunnel.ts';

export {
  type AggregatedApi,
  aggregatedApis,
  readPublishedAuthorities,
  unavailableApis,
  writePublishedAuthorities,
} from './aggregated-apis.ts';
export { ApiClient, fieldManager } from './api-client.ts';
export { ApiProblem, ifFound, isConflict, isNotFound } from './api-problem.ts';
export { failedChecks, waitForApiServer, whyNotServing } from './apiserver-health.ts';
export { applyManifests } from './apply-manifests.ts';
export { whileApproving } from './approve-nodes.ts';
export { bootstrapUser, deleteBootstrapToken, deleteTokensOf, putBootstrapToken } from './bootstrap-token.ts';
export { clientCertificate } from './client-certificate.ts';
export { cordonAnnotation, cordonNode, uncordonNode } from './cordon.ts';
export { nameOf } from './discovery.ts';
export { drainNode } from './drain.ts';
export { begin, textOf } from './exchange.ts';
export { trusts } from './front-proxy-client.ts';
export type { Expectation, Joining } from './judge-request.ts';
export { type Credentials, parseKubeconfig } from './kubeconfig.ts';
export * from './leases.ts';
export { parseManifests } from './manifests.ts';
export { createNode, deleteNode, nodeNamed } from './node-objects.ts';
export { labelNodes, labelsOf, nodeReasons, nodeStatus, readyNodes, waitForNodes, whyNotReady } from './nodes.ts';
export type * from './objects.ts';
export { changeRecord, readRecord } from './record.ts';
export { correctRestored } from './restored.ts';
export { migrateStorage, rewriteObjects } from './rewrite-objects.ts';
export { type RootAuthorities, rootAuthorities } from './root-authorities.ts';
export { longestPodToken, tokensOfOtherKeys } from './service-account-tokens.ts';
export { addressesOf, servingAddresses, servingCollection } from './serving.ts';
export { type TokenPod, tokenPods } from './token-pods.ts';
export { type Endpoint, KeptConnections, secure, secureContextOf, type Tunnel, TunnelAgent } from './tunnel.ts';
export { inTurn } from './turn.ts';
export { follow } from './watch.ts';
export { restartWorkload, type Workload, workloadOf } from './workloads.ts';

/**
 * A client of the running cluster through a master: `endpoint` is that master's own API server as seen from the master,
 * `adminConf` the text of its admin.conf, or the connections that were made with it. Makes no connection yet.
 * @throws Problem KUBECONFIG_INVALID
 */
export function openKubernetes(
  session: Tunnel,
  adminConf: string | Credentials | KeptConnections,
  endpoint: Endpoint,
): ApiClient {
  return new ApiClient(session, endpoint, adminConf);
}
