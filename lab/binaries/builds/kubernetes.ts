import { join } from 'node:path';
import { downloadModule, goBuild, layModule } from '../go.ts';
import { type ModuleRecipe, parseGoMod } from '../go-module.ts';
import type { Bench, Release } from '../release.ts';

/** In the order a cluster comes up, so that the first ones can be used while the later ones are built. */
const commands = {
  'kube-apiserver': '6 min',
  'kube-controller-manager': '2 min',
  'kube-scheduler': '20 s',
  kubectl: '30 s',
  kubelet: '30 s',
  'kube-proxy': '20 s',
};

/** The Kubernetes binaries of one version, for example `v1.37.2`. */
export function kubernetesReleases(version: string): Release[] {
  return Object.entries(commands).map(([name, usual]) => {
    const file = `dl.k8s.io/${version}/bin/linux/amd64/${name}`;
    return {
      name,
      version,
      file,
      sum: { file: `${file}.sha256`, style: 'bare' },
      usual,
      build: (bench) => build(name, version, bench),
    };
  });
}

async function build(name: string, version: string, bench: Bench): Promise<string> {
  const kubernetes = await downloadModule('k8s.io/kubernetes', version);
  const packages = Object.keys(commands).map((command) => `k8s.io/kubernetes/cmd/${command}`);
  await layModule(bench.folder, kubernetesRecipe(kubernetes.goMod, version), packages, kubernetes);
  const output = join(bench.scratch, name);
  await goBuild({
    folder: bench.folder,
    command: `k8s.io/kubernetes/cmd/${name}`,
    output,
    variables: versionVariables(version, kubernetes.time),
  });
  return output;
}

/**
 * A module that builds Kubernetes' commands from outside: it repeats what Go ignores in a dependency's go.mod, and
 * replaces each staging module, there a folder, by its published twin (v1.37.2 ↔ v0.37.2).
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

/** Without these the binaries call themselves v0.0.0-master, and kubelets and the API server refuse each other. */
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
