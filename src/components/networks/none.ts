import { hostState } from '../../host/state.ts';
import { places } from '../places.ts';
import type { PodNetwork } from './network.ts';

/** The user's own network, by `addons.manifests`. */
export const none: PodNetwork = {
  // Only what our own flannel wrote while it was in use: flannel's manifest, as a user's, writes a file of the same name.
  state: () =>
    hostState({
      absent: [places.flannelConflist],
      writers: { [places.flannelConflist]: places.flannelScript },
    }),
  manifests: () => [],
  inUserManifests: true,
  udpPorts: () => 'unknown',
  modules: () => [],
  replacesKubeProxy: false,
};
