import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../command.ts';
import { programs } from '../../programs.ts';
import { ensurePrograms } from '../../setup.ts';
import { downloadModule, goBuild } from '../go.ts';
import type { Bench, Release } from '../release.ts';

const path = 'github.com/flannel-io/flannel';

export function flanneldRelease(version: string): Release {
  const file = `${path}/releases/download/${version}/flanneld-amd64`;
  return {
    name: 'flanneld',
    version,
    file,
    // Upstream publishes no checksum, neither for this file nor for its tar.gz.
    sum: { file: `api.github.com/repos/flannel-io/flannel/releases/tags/${version}`, style: 'github' },
    usualSeconds: 180,
    build: (bench) => build(version, bench),
  };
}

async function build(version: string, bench: Bench): Promise<string> {
  // Flannel's udp backend is in C.
  await ensurePrograms(bench.log, programs.builds);
  const module = await downloadModule(path, version);
  const source = join(bench.folder, 'source');
  await rm(source, { recursive: true, force: true });
  await cp(module.folder, source, { recursive: true });
  await must(['chmod', '-R', 'u+w', source]);
  await withoutTencent(source);
  const output = join(bench.scratch, 'flanneld-amd64');
  await goBuild({
    folder: source,
    command: '.',
    output,
    cgo: true,
    flags: ['-tags', 'netgo osusergo'],
    linkerFlags: ['-extldflags -static'],
    variables: { [`${path}/pkg/version.Version`]: version },
  });
  await rm(source, { recursive: true, force: true });
  return output;
}

/** Excludes one cloud backend: it needs an SDK whose module is not available everywhere, and the lab does not use it. */
async function withoutTencent(source: string): Promise<void> {
  await rm(join(source, 'pkg/backend/tencentvpc'), { recursive: true });
  for (const file of ['main.go', 'go.mod']) {
    const lines = (await readFile(join(source, file), 'utf8')).split('\n');
    await writeFile(join(source, file), lines.filter((line) => !/tencent/.test(line)).join('\n'));
  }
}
