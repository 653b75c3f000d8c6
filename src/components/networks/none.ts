import { hostState } from '../../host/state.ts';
import { places } from '../../layout/paths.ts';
import type { PodNetwork } from './network.ts';

/** The user's own network, from `addons.manifests`. */
export const none: PodNetwork = {
  // Only the file that our own flannel wrote while it was in use: flannel's upstream manifest, applied by a user, writes a file of the same name.
  state: () =>
    hostState({
      absent: [places.flannelConflist],
      writers: { [places.flannelConflist]: places.flannelScript },
    }),
  manifests: () => [],
  inUserManifests: true,
  modules: () => [],
  replacesKubeProxy: false,
};
