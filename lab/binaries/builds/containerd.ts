import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packArchive } from '../archive.ts';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

const path = 'github.com/containerd/containerd/v2';

/** The archive of containerd, its shim and ctr. */
export function containerdRelease(version: string): Release {
  const name = `containerd-${version.slice(1)}-linux-amd64.tar.gz`;
  const file = `github.com/containerd/containerd/releases/download/${version}/${name}`;
  return {
    name: 'containerd',
    version,
    file,
    sum: { file: `${file}.sha256sum`, style: 'listed' },
    usualSeconds: 180,
    build: (bench) => build(version, bench),
  };
}

async function build(version: string, bench: Bench): Promise<string> {
  const module = await downloadModule(path, version);
  const names = ['containerd', 'containerd-shim-runc-v2', 'ctr'];
  const commands = names.map((name) => `${path}/cmd/${name}`);
  const recipe = { name: 'k8s-ha.lab/containerd', go: parseGoMod(module.goMod).go, requires: { [path]: version } };
  await layModule(bench.folder, recipe, commands, module);
  await mkdir(join(bench.scratch, 'bin'));
  for (const name of names) {
    await goBuild({
      folder: bench.folder,
      command: `${path}/cmd/${name}`,
      output: join(bench.scratch, 'bin', name),
      variables: { [`${path}/version.Version`]: version, [`${path}/version.Revision`]: 'go-module' },
    });
  }
  const archive = join(bench.scratch, 'containerd.tar.gz');
  await packArchive(bench.scratch, ['bin'], archive);
  return archive;
}
