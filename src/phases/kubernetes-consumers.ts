import { randomUUID } from 'node:crypto';
import { Problem } from '../errors.ts';
import { type ApiClient, clientCertificate, type RootAuthorities, rootAuthorities } from '../kubernetes/index.ts';
import { certificateRequest } from '../pki/index.ts';
import { keyId, newSigningPair } from '../pki/keys.ts';
import { trusted, trustOf } from '../pki/trust.ts';
import { waitWhile } from '../waiting.ts';
import { waitForMasters } from './apply-masters.ts';
import { withApi } from './cluster-access.ts';
import { settleMasters } from './master-files.ts';
import { replacePodsBefore } from './pods-before.ts';
import { dropFormer, hasAll, idsOf, whyNotPublished } from './published-authorities.ts';
import { authorityIn, type Consumers } from './rotate-authority.ts';
import { proveKubeletsServe, settleKubelets } from './settle-kubelets.ts';
import type { Prepared } from './stages.ts';

/** A new leader of kube-controller-manager may need its Lease's time before it publishes its file. */
const patience = { timeoutMs: 120_000, everyMs: 500 };

/**
 * The CA of Kubernetes is that of API servers and kubelets, for each other and for all clients, and of users' certificates. Units of this project read it
 * at their start. Pods have it from a ConfigMap in each namespace, which kube-controller-manager writes.
 */
export function kubernetesConsumers(restartPods: boolean): Consumers {
  return {
    async settle(run, signal) {
      // The masters' file says the stage, so that nodes come first where the old CA goes: a killed run leaves none behind.
      const isAlone = trusted(trustOf(authorityIn(run, 'kubernetes').crt)).length === 1;
      const [first, second] = isAlone ? [settleKubelets, settleMasters] : [settleMasters, settleKubelets];
      await first(run, signal);
      await second(run, signal);
      await proveKubeletsServe(run, signal);
    },
    async proveTrust(run, _next, signal) {
      await until(signal, run, (api) => whyNotPublished(run, api, 'kubernetes'));
      const roots = await untilRoots(run, signal);
      await withApi(run, (api) => replacePodsBefore(run, api, roots, { restartPods, signal }));
    },
    async proveMoved(run, alone, signal) {
      // With the new CA alone, the connection to an API server of the old one would fail.
      await waitForMasters.run(alone, signal);
      await proveKubeletsServe(alone, signal);
      await proveSigner(run, signal);
    },
    async refuseOld(run, signal) {
      await until(signal, run, (api) => dropFormer(run, api, 'kubernetes'));
      await untilRoots(run, signal);
    },
  };
}

/** Waits until each namespace has the CAs that the run's files trust, and no other one of theirs. @throws Problem ROTATION_UNPROVEN */
async function untilRoots(run: Prepared, signal: AbortSignal): Promise<readonly RootAuthorities[]> {
  const ids = idsOf(run, 'kubernetes');
  let roots: readonly RootAuthorities[] = [];
  await until(signal, run, async (api) => {
    roots = await rootAuthorities(api, signal);
    const other = roots.find(({ pems }) => !hasAll(pems, ids) || pems.some((pem) => !ids.includes(keyId(pem))));
    return other && `the ConfigMap ${other.namespace}/kube-root-ca.crt does not have the CAs of the API servers`;
  });
  return roots;
}

/** A client certificate without rights, from the cluster’s signer. @throws Problem CERTIFICATE_DIFFERS if another CA has signed it */
async function proveSigner(run: Prepared, signal: AbortSignal): Promise<void> {
  const { key } = await newSigningPair();
  const request = await certificateRequest({ user: 'k8s-ha-action:rotation', groups: [] }, key);
  const ca = authorityIn(run, 'kubernetes').crt;
  const name = `k8s-ha-action-${randomUUID()}`;
  await withApi(run, (api) => clientCertificate(api, { name, request, ca, seconds: 600, log: run.log, signal }));
}

/** @throws Problem ROTATION_UNPROVEN with the last reason */
async function until(
  signal: AbortSignal,
  run: Prepared,
  look: (api: ApiClient) => Promise<string | undefined>,
): Promise<void> {
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience, signal }));
  if (reason === undefined) return;
  throw new Problem(`the kubernetes CA: ${reason}`, {
    code: 'ROTATION_UNPROVEN',
    hint: 'See `journalctl -u kube-controller-manager` on the masters. Both CAs stay trusted; then run again: the rotation continues.',
  });
}
