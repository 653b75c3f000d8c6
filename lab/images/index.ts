import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goBuild, requireGo } from '../binaries/go.ts';
import { sha256 } from '../binaries/sums.ts';
import { provideTool, type ToolOptions, tools } from '../binaries/tools.ts';
import { withLock } from '../lock.ts';
import { type ImageProgram, labImages } from './catalogue.ts';
import { archivePath, hasImage, storeImage } from './layout.ts';
import { makeImage } from './oci.ts';
import { tarOf } from './tar.ts';

/**
 * Makes the images that the cache lacks, each from static programs: an OCI archive `images/<name>.tar` for
 * `ctr -n k8s.io images import`, and one OCI layout `images/layout` with all of them for the registry.
 *
 * Answers the archives by reference.
 */
export async function provideImages(options: ToolOptions): Promise<Map<string, string>> {
  for (const image of labImages) {
    const source = await sourceOf(Object.values(image.programs));
    if (await hasImage(options.cache, image.reference, source)) continue;
    // The long builds happen before the lock, which is held only for as long as the layout is written.
    const layer = await layerOf(image.programs, options);
    await withLock(join(options.cache, 'images.lock'), options.log, () =>
      storeImage(options.cache, makeImage(image, layer), source),
    );
    options.log(`made image ${image.reference} (${Math.round(layer.length / 1e6)} MB)`);
  }
  return new Map(labImages.map(({ reference }) => [reference, archivePath(options.cache, reference)]));
}

/** What tells whether an image in the cache is still the one wanted. */
async function sourceOf(programs: readonly ImageProgram[]): Promise<string> {
  const words = programs.map(async (program) => {
    if ('tool' in program) return `${program.tool} ${tools[program.tool].version}`;
    if ('mirrored' in program) return program.mirrored;
    return await sha256(join(import.meta.dirname, program.source, 'main.go'));
  });
  return (await Promise.all(words)).join(', ');
}

async function layerOf(programs: Readonly<Record<string, ImageProgram>>, options: ToolOptions): Promise<Buffer> {
  const files = [];
  for (const [path, program] of Object.entries(programs)) {
    files.push({ path: path.slice(1), mode: 0o755, content: await provideProgram(program, options) });
  }
  // /tmp is there in upstream's base image, and a program that wants it finds it.
  return await tarOf([...files, { path: 'tmp/', mode: 0o1777 }]);
}

async function provideProgram(program: ImageProgram, options: ToolOptions): Promise<Buffer> {
  if ('tool' in program) return readFile(await provideTool(program.tool, options));
  if ('mirrored' in program) return readFile(join(options.cache, 'mirror', program.mirrored));
  const { source } = program;
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
