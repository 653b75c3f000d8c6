import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, descriptor, type Image, layoutIndex, sourceAnnotation } from './oci.ts';
import { tarOf } from './tar.ts';

/** An OCI layout below the cache that holds all images; the registry serves from it. */
export function layoutFolder(cache: string): string {
  return join(cache, 'images', 'layout');
}

/** Where an image's own archive is, for `ctr -n k8s.io images import`. */
export function archivePath(cache: string, reference: string): string {
  return join(cache, 'images', `${reference.replaceAll(/[/:]/g, '_')}.tar`);
}

/** Stores an image in the layout and as an archive of its own; `source` tells later what it was made from. */
export async function storeImage(cache: string, image: Image, source: string): Promise<void> {
  const layout = layoutFolder(cache);
  const blobs = [image.layer, image.config, image.manifest];
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  for (const { digest, content } of blobs) await writeWhole(blobPath(layout, digest), content);
  await writeWhole(join(layout, 'oci-layout'), ociLayout);

  const listed = { reference: image.reference, source, manifest: descriptor(image.manifest) };
  await writeWhole(archivePath(cache, image.reference), await archiveOf(listed, blobs));
  const others = (await readLayout(layout)).filter(({ reference }) => reference !== image.reference);
  await writeWhole(join(layout, 'index.json'), layoutIndex([...others, listed]));
}

const ociLayout = '{"imageLayoutVersion":"1.0.0"}';

function archiveOf(listed: StoredImage, blobs: readonly { digest: string; content: Buffer }[]): Promise<Buffer> {
  const file = (path: string, content: Buffer | string) => ({ path, mode: 0o644, content: Buffer.from(content) });
  return tarOf([
    file('oci-layout', ociLayout),
    file('index.json', layoutIndex([listed])),
    ...blobs.map(({ digest, content }) => file(`blobs/${digest.replace(':', '/')}`, content)),
  ]);
}

export interface StoredImage {
  readonly reference: string;
  readonly source: string;
  readonly manifest: Descriptor;
}

/** The images of a layout; none when there is no layout yet. */
export async function readLayout(layout: string): Promise<StoredImage[]> {
  const text = await readFile(join(layout, 'index.json'), 'utf8').catch(() => '{"manifests":[]}');
  const { manifests } = JSON.parse(text) as { manifests: Descriptor[] };
  return manifests.map(({ mediaType, digest, size, annotations }) => ({
    reference: annotations?.['io.containerd.image.name'] ?? '',
    source: annotations?.[sourceAnnotation] ?? '',
    manifest: { mediaType, digest, size },
  }));
}

export function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', digest.replace(':', '/'));
}

/** Whether an image is there whole and made from this source: it is listed last, after its blobs and its archive. */
export async function hasImage(cache: string, reference: string, source: string): Promise<boolean> {
  const images = await readLayout(layoutFolder(cache));
  if (!images.some((image) => image.reference === reference && image.source === source)) return false;
  return access(archivePath(cache, reference)).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
