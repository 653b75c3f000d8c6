import { rename } from 'node:fs/promises';
import { must } from '../command.ts';

/**
 * Packs entries of a folder as .tar.gz, with the same bytes for the same content. Uses the fastest compression, because
 * every host of the lab unpacks these on the same few cores.
 */
export async function packArchive(folder: string, entries: readonly string[], archive: string): Promise<void> {
  const tar = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  await must(['tar', ...tar, '--use-compress-program=gzip -1 -n', '-cf', `${archive}.part`, ...entries], {
    cwd: folder,
  });
  await rename(`${archive}.part`, archive);
}
