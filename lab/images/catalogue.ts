import type { ToolName } from '../binaries/tools.ts';
import { versions } from '../binaries/versions.ts';
import type { ImageSpec } from './oci.ts';

/** One of the cache's tools, a file of the mirror by its URL without the scheme, or a folder with a main.go beside this file. */
export type ImageProgram = { readonly tool: ToolName } | { readonly mirrored: string } | { readonly source: string };

export interface LabImage extends ImageSpec {
  /** All that is in the image: static programs by their path in it. */
  readonly programs: Readonly<Record<string, ImageProgram>>;
}

/** distroless' nonroot, the user of upstream's images. */
const nonroot = '65532:65532';

const flanneld = `github.com/flannel-io/flannel/releases/download/${versions.flannel}/flanneld-amd64`;

/** The images that pods of a lab's cluster name. Entrypoints and users are those of the official ones. */
export const labImages: readonly LabImage[] = [
  {
    reference: `registry.k8s.io/pause:${versions.pause}`,
    programs: { '/pause': { source: 'pause' } },
    entrypoint: ['/pause'],
    user: '65535:65535',
  },
  {
    reference: `registry.k8s.io/coredns/coredns:${versions.coredns}`,
    programs: { '/coredns': { tool: 'coredns' } },
    entrypoint: ['/coredns'],
    user: nonroot,
  },
  {
    reference: `registry.k8s.io/metrics-server/metrics-server:${versions.metricsServer}`,
    programs: { '/metrics-server': { tool: 'metrics-server' } },
    entrypoint: ['/metrics-server'],
    user: nonroot,
  },
  {
    reference: 'k8s-ha.test/web:1',
    programs: { '/web': { source: 'web' } },
    entrypoint: ['/web'],
    user: nonroot,
  },
  // flannel as pods of its own, by upstream's manifest; iptables comes from the host there.
  {
    reference: `ghcr.io/flannel-io/flannel:${versions.flannel}`,
    programs: { '/opt/bin/flanneld': { mirrored: flanneld }, '/opt/bin/install-conf': { source: 'flannel-cni' } },
    entrypoint: ['/opt/bin/flanneld'],
  },
  {
    reference: 'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3',
    programs: { '/flannel': { source: 'flannel-cni' }, '/bin/cp': { source: 'flannel-cni' } },
    entrypoint: ['/flannel'],
  },
];
