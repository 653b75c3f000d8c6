import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { goBuild, requireGo } from '../binaries/go.ts';
import { sha256 } from '../binaries/sums.ts';
import { provideTool, type ToolOptions, tools } from '../binaries/tools.ts';
import { withLock } from '../lock.ts';
import { type LabImage, labImages } from './catalogue.ts';
import { archivePath, hasImage, storeImage } from './layout.ts';
import { makeImage } from './oci.ts';
import { tarOf } from './tar.ts';

export { archivePath, layoutFolder } from './layout.ts';
export { labImages };

/**
 * Makes the images that the cache lacks, each from one static program: an OCI archive `images/<name>.tar` for
 * `ctr -n k8s.io images import`, and one OCI layout `images/layout` with all of them for the registry.
 *
 * Answers the archives by reference.
 */
export async function provideImages(options: ToolOptions): Promise<Map<string, string>> {
  for (const image of labImages) {
    const source = await sourceOf(image);
    if (await hasImage(options.cache, image.reference, source)) continue;
    // The long builds happen before the lock, which is held only for as long as the layout is written.
    const program = await provideProgram(image, options);
    await withLock(join(options.cache, 'images.lock'), options.log, () =>
      provideImage(image, program, source, options),
    );
  }
  return new Map(labImages.map(({ reference }) => [reference, archivePath(options.cache, reference)]));
}

/** What tells whether an image in the cache is still the one wanted. */
async function sourceOf({ program }: LabImage): Promise<string> {
  if ('tool' in program) return `${program.tool} ${tools[program.tool].version}`;
  return sha256(join(import.meta.dirname, program.source, 'main.go'));
}

async function provideImage(
  image: LabImage,
  program: Buffer,
  source: string,
  { cache, log }: ToolOptions,
): Promise<void> {
  const name = basename(image.entrypoint[0] ?? '');
  // /tmp is there in upstream's base image, and a program that wants it finds it.
  const layer = tarOf([
    { path: name, mode: 0o755, content: program },
    { path: 'tmp/', mode: 0o1777 },
  ]);
  await storeImage(cache, makeImage(image, layer), source);
  log(`made image ${image.reference} (${Math.round(layer.length / 1e6)} MB)`);
}

async function provideProgram(image: LabImage, options: ToolOptions): Promise<Buffer> {
  if ('tool' in image.program) return readFile(await provideTool(image.program.tool, options));
  const { source } = image.program;
  await requireGo();
  await mkdir(join(options.cache, 'build'), { recursive: true });
  const output = join(options.cache, 'build', `image-${source}-${process.pid}`);
  try {
    await goBuild({ folder: import.meta.dirname, command: `./${source}`, output });
    return await readFile(output);
  } finally {
    await rm(output, { force: true });
  }
}
