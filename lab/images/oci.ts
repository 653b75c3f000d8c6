import { createHash } from 'node:crypto';

/** A blob of an image and what an OCI descriptor says of it. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Buffer;
}

export interface ImageSpec {
  /** Full reference, as a pod names it: `registry.k8s.io/pause:3.10.2`. */
  readonly reference: string;
  readonly entrypoint: readonly string[];
  /** uid:gid; root when missing. */
  readonly user?: string;
}

export interface Image {
  readonly reference: string;
  readonly layer: Blob;
  readonly config: Blob;
  readonly manifest: Blob;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  // Not compressed: pulling is over a bridge of the same machine, and unpacking costs what is scarce there.
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

function blob(mediaType: string, content: Buffer): Blob {
  return { mediaType, digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, content };
}

/** An image of one layer, the same bytes for the same input: it carries no date. */
export function makeImage(spec: ImageSpec, layerTar: Buffer): Image {
  const layer = blob(mediaTypes.layer, layerTar);
  const config = json(mediaTypes.config, {
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: spec.entrypoint, WorkingDir: '/', ...(spec.user === undefined ? {} : { User: spec.user }) },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created_by: 'k8s-ha-action lab' }],
  });
  const manifest = json(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { reference: spec.reference, layer, config, manifest };
}

function json(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function descriptor(of: Blob): Descriptor {
  return { mediaType: of.mediaType, digest: of.digest, size: of.content.length };
}

/** Says what an image was made from, so that a changed program makes a new image. */
export const sourceAnnotation = 'k8s-ha.lab/source';

/** An OCI layout's index.json. ctr reads the image's name from containerd's annotation, other tools from OCI's. */
export function layoutIndex(images: readonly { reference: string; source: string; manifest: Descriptor }[]): string {
  const manifests = images.map(({ reference, source, manifest }) => ({
    ...manifest,
    annotations: {
      'io.containerd.image.name': reference,
      'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
      [sourceAnnotation]: source,
    },
    platform: { architecture: 'amd64', os: 'linux' },
  }));
  return `${JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }, null, 2)}\n`;
}
