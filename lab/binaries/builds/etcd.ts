import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packArchive } from '../archive.ts';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

/** The archive of etcd, etcdctl and etcdutl. */
export function etcdRelease(version: string): Release {
  const folder = `github.com/etcd-io/etcd/releases/download/${version}`;
  return {
    name: 'etcd',
    version,
    file: `${folder}/etcd-${version}-linux-amd64.tar.gz`,
    sum: { file: `${folder}/SHA256SUMS`, style: 'listed' },
    usualSeconds: 120,
    build: (bench) => build(version, bench),
  };
}

async function build(version: string, bench: Bench): Promise<string> {
  const modules = {
    etcd: 'go.etcd.io/etcd/server/v3',
    etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
    etcdutl: 'go.etcd.io/etcd/etcdutl/v3',
  };
  const server = await downloadModule(modules.etcd, version);
  const requires = Object.fromEntries(Object.values(modules).map((path) => [path, version]));
  const recipe = { name: 'k8s-ha.lab/etcd', go: parseGoMod(server.goMod).go, requires };
  await layModule(bench.folder, recipe, Object.values(modules), server);
  const top = `etcd-${version}-linux-amd64`;
  await mkdir(join(bench.scratch, top));
  for (const [name, command] of Object.entries(modules)) {
    const variables = { 'go.etcd.io/etcd/api/v3/version.GitSHA': 'go-module' };
    await goBuild({ folder: bench.folder, command, output: join(bench.scratch, top, name), variables });
  }
  const archive = join(bench.scratch, `${top}.tar.gz`);
  await packArchive(bench.scratch, [top], archive);
  return archive;
}
