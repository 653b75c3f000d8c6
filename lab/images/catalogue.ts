import type { ToolName } from '../binaries/tools.ts';
import { versions } from '../binaries/versions.ts';
import type { ImageSpec } from './oci.ts';

export interface LabImage extends ImageSpec {
  /** The program that is the whole image: one of the cache's tools, or a folder beside this file. */
  readonly program: { readonly tool: ToolName } | { readonly source: string };
}

/** distroless' nonroot, the user of upstream's images. */
const nonroot = '65532:65532';

/** The images that pods of a lab's cluster name. Entrypoints and users are those of the official ones. */
export const labImages: readonly LabImage[] = [
  {
    reference: `registry.k8s.io/pause:${versions.pause}`,
    program: { source: 'pause' },
    entrypoint: ['/pause'],
    user: '65535:65535',
  },
  {
    reference: `registry.k8s.io/coredns/coredns:${versions.coredns}`,
    program: { tool: 'coredns' },
    entrypoint: ['/coredns'],
    user: nonroot,
  },
  {
    reference: `registry.k8s.io/metrics-server/metrics-server:${versions.metricsServer}`,
    program: { tool: 'metrics-server' },
    entrypoint: ['/metrics-server'],
    user: nonroot,
  },
  { reference: 'k8s-ha.test/web:1', program: { source: 'web' }, entrypoint: ['/web'], user: nonroot },
];
