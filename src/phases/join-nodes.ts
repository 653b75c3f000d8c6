import { X509Certificate } from 'node:crypto';
import type { Host } from '../cluster/cluster.ts';
import { type HostState, hostState, mergeStates } from '../host/state.ts';
import {
  type ApiClient,
  bootstrapUser,
  createBootstrapToken,
  deleteBootstrapToken,
  labelNodes,
  waitForNodes,
  whileApproving,
} from '../kubernetes/index.ts';
import { type BootstrapToken, bootstrapKubeconfig, newBootstrapToken, tokenValues } from '../pki/index.ts';
import { paths } from '../pki/paths.ts';
import { applyStates, roleState } from './apply-role.ts';
import { withApi } from './cluster-access.ts';
import { kubeletClientPem } from './gather-facts.ts';
import { inspectionOf, type Phase, type Run, secretsOf, targetsOf } from './run.ts';

/** How long the token of a run is good for, should the run be killed before it deletes it. */
const tokenLifetimeMs = 30 * 60_000;
const readyTimeoutMs = 180_000;

/** Makes nodes what they are to be; those that are new join by a token of this run, and only they get approved. */
export const joinNodes: Phase = {
  title: 'Apply nodes',
  async run(run) {
    const nodes = targetsOf(run, 'node');
    const joining = nodes.filter((host) => !hasJoined(run, host));
    if (joining.length === 0 || run.dryRun) {
      await applyStates(run, nodes, 'node', (host) => settled(run, host, joining.includes(host)));
      return;
    }
    await withApi(run, (api) => join(run, api, nodes, joining));
  },
};

async function join(run: Run, api: ApiClient, nodes: readonly Host[], joining: readonly Host[]): Promise<void> {
  const token = newBootstrapToken();
  run.mask(tokenValues(token));
  await createBootstrapToken(api, token, new Date(Date.now() + tokenLifetimeMs));
  const names = joining.map((host) => host.nodeName);
  const expected = { bootstrapUser: bootstrapUser(token), nodes: new Set(names), log: run.log };
  try {
    await whileApproving(api, expected, async () => {
      await applyStates(run, nodes, 'node', (host) => joiningState(run, host, joining, token));
      await waitForNodes(api, names, { timeoutMs: readyTimeoutMs, log: run.log });
    });
  } finally {
    // Should this fail too, the first error counts; the token ends by itself.
    await deleteBootstrapToken(api, token).catch(() => run.log.warning('the bootstrap token could not be deleted'));
  }
  await applyStates(run, joining, 'node', (host) => settled(run, host, false));
}

/**
 * A kubelet keeps the token that it found at its start, and that of a run that was killed gets nobody in any more. So while
 * it joins, the file counts as one that it reads, and it restarts when a run brings another token.
 */
function joiningState(run: Run, host: Host, joining: readonly Host[], token: BootstrapToken): HostState {
  if (!joining.includes(host)) return settled(run, host, false);
  const content = bootstrapKubeconfig(run.cluster, authorityOf(run, host), token);
  const file = { path: paths.bootstrapKubeletConf, content, mode: '600', owner: 'root:root', secret: true };
  const state = roleState(run, host, 'node');
  const kubelets = state.units.filter((unit) => unit.name === 'kubelet.service');
  const units = kubelets.map((unit) => ({ ...unit, reads: [...unit.reads, file.path] }));
  return mergeStates([state, hostState({ files: [file], units })]);
}

/** A node that has joined keeps no way to join again. */
function settled(run: Run, host: Host, joining: boolean): HostState {
  const absent = joining ? [] : [paths.bootstrapKubeletConf];
  return mergeStates([roleState(run, host, 'node'), hostState({ absent })]);
}

/** Whether the kubelet holds a client certificate of this cluster that has not ended. */
export function hasJoined(run: Run, host: Host): boolean {
  const pem = inspectionOf(run, host).files.get(kubeletClientPem);
  if (pem === undefined) return false;
  try {
    const certificate = new X509Certificate(pem);
    const authority = new X509Certificate(authorityOf(run, host));
    return certificate.verify(authority.publicKey) && new Date(certificate.validTo) > run.now;
  } catch {
    return false;
  }
}

function authorityOf(run: Run, host: Host): string {
  return secretsOf(run, host).files.find((file) => file.path === paths.ca.crt)?.content ?? '';
}

/** Ready, every one of them, and labelled by role and as cluster.yaml says. */
export const settleNodes: Phase = {
  title: 'Wait for the nodes',
  async run(run) {
    const nodes = targetsOf(run, 'node');
    if (nodes.length === 0 || run.dryRun) return;
    await withApi(run, async (api) => {
      await waitForNodes(
        api,
        nodes.map((host) => host.nodeName),
        { timeoutMs: readyTimeoutMs, log: run.log },
      );
      run.objects.push(...(await labelNodes(api, nodes)));
    });
  },
};
