import { createHash } from 'node:crypto';
import { parseJson } from '../entry/json.ts';
import { Problem } from '../errors.ts';
import { fetchBody } from './sums.ts';

/** An index of all architectures first; a registry that has only one answers with that one's manifest. Source: OCI image spec, media types */
const mediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * The digest of an image: the SHA-256 of its manifest, as `sha256:…`, by which containerd pulls it.
 * @param image its name and tag: `registry.k8s.io/pause:3.10.2`
 * @param mirrors URLs of mirrors of its registry, which are asked first, as containerd does (docs/hosts.md)
 * @throws Problem of the registry itself, if no mirror has it: MIRROR_UNREACHABLE, MIRROR_NONSENSE
 */
export async function resolveDigest(image: string, mirrors: readonly string[] = []): Promise<string> {
  const { registry, name, tag } = partsOf(image);
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, '')}/v2/${name}/manifests/${tag}?ns=${registry}`;
    const digest = await digestAt(url).catch(unlessRefused);
    if (digest !== undefined) return digest;
  }
  return await digestAt(`https://${registry}/v2/${name}/manifests/${tag}`);
}

const subject = { name: 'the manifest of an image', reader: 'The runner reads the digests of images there.' };

function partsOf(image: string): { readonly registry: string; readonly name: string; readonly tag: string } {
  const [, registry = '', name = '', tag = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(image) ?? [];
  return { registry, name, tag };
}

async function digestAt(url: string): Promise<string> {
  const manifest = await fetchBody(url, { accept: mediaTypes }, { subject });
  const refuse = () =>
    new Problem(`the answer of ${url} is no manifest of an image`, {
      code: 'MIRROR_NONSENSE',
      file: url,
      hint: 'Nothing was written. Open the address in a browser: it must show a manifest, not a page of a proxy.',
    });
  const read = parseJson(manifest.toString('utf8'), refuse);
  if (typeof read !== 'object' || read === null || Reflect.get(read, 'schemaVersion') !== 2) throw refuse();
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

/** A mirror that lacks the image, or does not answer, is passed over. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'MIRROR_UNREACHABLE') return undefined;
  throw error;
}
