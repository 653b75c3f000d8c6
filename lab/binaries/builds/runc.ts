import { join } from 'node:path';
import { programs } from '../../programs.ts';
import { ensurePrograms } from '../../setup.ts';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

const path = 'github.com/opencontainers/runc';

export function runcRelease(version: string): Release {
  const folder = `github.com/opencontainers/runc/releases/download/${version}`;
  return {
    name: 'runc',
    version,
    file: `${folder}/runc.amd64`,
    sum: { file: `${folder}/runc.sha256sum`, style: 'listed' },
    usualSeconds: 30,
    build: (bench) => build(version, bench),
  };
}

async function build(version: string, bench: Bench): Promise<string> {
  await ensurePrograms(bench.log, programs.builds);
  const module = await downloadModule(path, version);
  const recipe = { name: 'k8s-ha.lab/runc', go: parseGoMod(module.goMod).go, requires: { [path]: version } };
  await layModule(bench.folder, recipe, [path], module);
  const output = join(bench.scratch, 'runc.amd64');
  // Static, like upstream's: the hosts have no libseccomp, and their C library may be a different one.
  await goBuild({
    folder: bench.folder,
    command: path,
    output,
    cgo: true,
    flags: ['-buildmode=pie', '-tags', 'seccomp netgo osusergo'],
    linkerFlags: ['-linkmode external', '-extldflags -static-pie'],
  });
  return output;
}
