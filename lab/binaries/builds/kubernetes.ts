import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { type ModuleRecipe, parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

/** The usual build time of each in seconds, in the order in which a cluster starts them; each is built after the one before it. */
const commands = {
  'kube-apiserver': 340,
  'kube-controller-manager': 100,
  'kube-scheduler': 20,
  kubectl: 20,
  kubelet: 20,
  'kube-proxy': 20,
};

/** The Kubernetes binaries of one version, for example `v1.37.2`. */
export function kubernetesReleases(version: string): Release[] {
  return Object.entries(commands).map(([name, usualSeconds]) => {
    const file = `dl.k8s.io/${version}/bin/linux/amd64/${name}`;
    return {
      name,
      version,
      file,
      sum: { file: `${file}.sha256`, style: 'bare' },
      usualSeconds,
      build: (bench) => build(name, version, bench),
    };
  });
}

async function build(name: string, version: string, bench: Bench): Promise<string> {
  const built = join(bench.folder, 'bin');
  // One build makes all missing ones: while one core links a binary, the other compiles the next one.
  if (!existsSync(join(built, name))) await buildAll([name, ...bench.others], version, bench.folder, built);
  const output = join(bench.scratch, name);
  await rename(join(built, name), output);
  return output;
}

async function buildAll(names: readonly string[], version: string, folder: string, built: string): Promise<void> {
  const kubernetes = await downloadModule('k8s.io/kubernetes', version);
  const packages = Object.keys(commands).map((command) => `k8s.io/kubernetes/cmd/${command}`);
  await layModule(folder, kubernetesRecipe(kubernetes.goMod, version), packages, kubernetes);
  const part = `${built}.part`;
  for (const place of [part, built]) await rm(place, { recursive: true, force: true });
  await mkdir(part);
  await goBuild({
    folder,
    command: names.map((command) => `k8s.io/kubernetes/cmd/${command}`),
    output: `${part}/`,
    variables: versionVariables(version, kubernetes.time),
  });
  // A killed build leaves no incomplete file under the final name.
  await rename(part, built);
}

/**
 * A module that builds Kubernetes' commands from outside: it repeats the parts of go.mod that Go ignores in a dependency, and
 * replaces each staging module, which is a folder there, by its published module (v1.37.2 ↔ v0.37.2).
 */
export function kubernetesRecipe(goMod: string, version: string): ModuleRecipe {
  const parsed = parseGoMod(goMod);
  const staging = version.replace(/^v1\./, 'v0.');
  return {
    name: 'k8s-ha.lab/kubernetes',
    go: parsed.go,
    godebug: parsed.godebug,
    requires: { 'k8s.io/kubernetes': version },
    requireBlocks: parsed.requireBlocks,
    replaces: Object.fromEntries(parsed.localReplaces.map((path) => [path, staging])),
  };
}

/** Otherwise the binaries report v0.0.0-master as their version, and kubelets and the API server refuse each other. */
export function versionVariables(version: string, buildDate: string): Record<string, string> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: 'go-module',
    gitTreeState: 'clean',
    buildDate,
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return Object.fromEntries(
    packages.flatMap((path) => Object.entries(values).map(([name, value]) => [`${path}.${name}`, value])),
  );
}
