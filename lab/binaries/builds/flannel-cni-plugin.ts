import { chmod, copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { packArchive } from '../archive.ts';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';
import { versions } from '../versions.ts';

const path = 'github.com/containernetworking/plugins';
/** The last version in which the CNI project still had the flannel plugin, before it became a repository of its own. */
const lastWithFlannel = 'v0.9.1';

/**
 * The flannel CNI plugin, as the plain file and as upstream's archive. Upstream has sums for the archive only.
 *
 * Its repository isn't to be had as a Go module. So the same plugin is built from the place it was moved from, with
 * today's CNI library: that one speaks CNI 1.0, which flannel's own configuration asks for.
 */
export function flannelCniPluginReleases(version: string): Release[] {
  const folder = `github.com/flannel-io/cni-plugin/releases/download/${version}`;
  const plain = `${folder}/flannel-amd64`;
  const archive = `${folder}/cni-plugin-flannel-linux-amd64-${version}.tgz`;
  const common = { name: 'flannel-cni-plugin', version, usual: '10 s' };
  return [
    { ...common, file: plain, sum: { file: `${plain}.sha256`, style: 'listed', official: false }, build: buildPlugin },
    {
      ...common,
      file: archive,
      sum: { file: `${archive}.sha256`, style: 'listed', official: true },
      build: async (bench) => {
        await buildPlugin(bench);
        const packed = join(bench.scratch, 'flannel.tgz');
        await packArchive(bench.scratch, ['flannel-amd64'], packed);
        return packed;
      },
    },
  ];
}

async function buildPlugin(bench: Bench): Promise<string> {
  const old = await downloadModule(path, lastWithFlannel);
  const current = await downloadModule(path, versions.cniPlugins);
  const recipe = {
    name: 'k8s-ha.lab/flannel-cni-plugin',
    go: parseGoMod(current.goMod).go,
    requires: { [path]: versions.cniPlugins },
  };
  await layModule(bench.folder, recipe, [], current);
  for (const file of ['flannel.go', 'flannel_linux.go']) {
    await copyFile(join(old.folder, 'plugins/meta/flannel', file), join(bench.folder, `${file}.part`));
    await chmod(join(bench.folder, `${file}.part`), 0o644);
    await rename(join(bench.folder, `${file}.part`), join(bench.folder, file));
  }
  const output = join(bench.scratch, 'flannel-amd64');
  const variables = { [`${path}/pkg/utils/buildversion.BuildVersion`]: versions.flannelCniPlugin };
  await goBuild({ folder: bench.folder, command: '.', output, variables });
  return output;
}
