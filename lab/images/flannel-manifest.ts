import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadModule } from '../binaries/go.ts';
import { versions } from '../binaries/versions.ts';

/** The text of the manifest by which flannel's own documentation installs it, of the version of the lab's image. */
export async function flannelManifest(): Promise<string> {
  const { folder } = await downloadModule('github.com/flannel-io/flannel', versions.flannel);
  return await readFile(join(folder, 'Documentation/kube-flannel.yml'), 'utf8');
}
