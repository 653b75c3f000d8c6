import type { Host } from '../cluster/cluster.ts';
import { type HostState, hostState, mergeStates } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths } from '../layout/paths.ts';
import { type BootstrapToken, bootstrapKubeconfig } from '../pki/index.ts';
import { roleState } from './apply-role.ts';
import { authorityOf, kubeletConf } from './kubelet-certificate.ts';
import type { Prepared } from './stages.ts';

/**
 * A kubelet keeps the token that it found at its start, and the token of a killed run is no longer valid. So while
 * it joins, the file counts as one that it reads, and it restarts when a run brings another token.
 */
export function joiningState(run: Prepared, host: Host, token: BootstrapToken): HostState {
  const content = bootstrapKubeconfig(run.cluster, authorityOf(run, host), token);
  const file = { path: paths.bootstrapKubeletConf, content, mode: '600', owner: 'root:root', secret: true };
  const state = roleState(run, host, 'node');
  return mergeStates([state, hostState({ files: [file], units: kubeletReading(state, file.path, paths.kubeletConf) })]);
}

/** The state of a node. A joined one keeps no bootstrap credentials, and has a kubeconfig of ours. */
export function settled(run: Prepared, host: Host, joining: boolean): HostState {
  const state = roleState(run, host, 'node');
  if (joining) return state;
  const file = kubeletConf(run, host);
  const units = kubeletReading(state, file.path);
  return mergeStates([state, hostState({ files: [file], units, absent: [paths.bootstrapKubeletConf] })]);
}

function kubeletReading(state: HostState, ...files: readonly string[]): HostState['units'] {
  const kubelets = state.units.filter((unit) => unit.name === components.kubelet.unit);
  return kubelets.map((unit) => ({ ...unit, reads: [...unit.reads, ...files] }));
}
