import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packArchive } from '../archive.ts';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

const path = 'github.com/containernetworking/plugins';

/** The archive of the CNI project's own plugins: bridge, loopback, host-local, portmap and the others. */
export function cniPluginsRelease(version: string): Release {
  const name = `cni-plugins-linux-amd64-${version}.tgz`;
  const file = `github.com/containernetworking/plugins/releases/download/${version}/${name}`;
  return {
    name: 'cni-plugins',
    version,
    file,
    sum: { file: `${file}.sha256`, style: 'listed' },
    usualSeconds: 60,
    build: (bench) => build(version, bench),
  };
}

async function build(version: string, bench: Bench): Promise<string> {
  const module = await downloadModule(path, version);
  const plugins = await linuxPlugins(module.folder);
  const recipe = { name: 'k8s-ha.lab/cni-plugins', go: parseGoMod(module.goMod).go, requires: { [path]: version } };
  await layModule(bench.folder, recipe, Object.values(plugins), module);
  const folder = join(bench.scratch, 'plugins');
  await mkdir(folder);
  for (const [name, command] of Object.entries(plugins)) {
    const variables = { [`${path}/pkg/utils/buildversion.BuildVersion`]: version };
    await goBuild({ folder: bench.folder, command, output: join(folder, name), variables });
  }
  const archive = join(bench.scratch, 'cni-plugins.tgz');
  await packArchive(folder, ['.'], archive);
  return archive;
}

/** Plugin → package, as the module's own build script finds them. */
async function linuxPlugins(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const kind of ['main', 'ipam', 'meta']) {
    const entries = await readdir(join(folder, 'plugins', kind), { withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory() && entry.name !== 'windows') found[entry.name] = `${path}/plugins/${kind}/${entry.name}`;
    }
  }
  return found;
}
