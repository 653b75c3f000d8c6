import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostsWith } from '../src/cluster/cluster.ts';
import { parseCluster } from '../src/cluster/load.ts';
import { cacheFolder } from './binaries/index.ts';
import type { CommandResult } from './command.ts';
import { LabError } from './error.ts';
import type { Lab } from './lab.ts';

/** An administrator's kubectl on the runner's side of a lab. */
export interface Kubectl {
  /** The command that does the same manually. */
  readonly kubeconfig: string;
  readonly binary: string;
  run(args: readonly string[], options?: { input?: string; timeout?: number }): Promise<CommandResult>;
  /** Returns its standard output; throws its error output if it fails. */
  must(args: readonly string[], options?: { input?: string; timeout?: number }): Promise<string>;
}

/** A kubectl of the lab's cluster, with the administrator's kubeconfig of its first master that is on. */
export async function openKubectl(lab: Lab): Promise<Kubectl> {
  const cluster = parseCluster(readFileSync(lab.clusterFile, 'utf8'), lab.clusterFile);
  const binary = join(cacheFolder(), 'mirror/dl.k8s.io', `v${cluster.kubernetesVersion}`, 'bin/linux/amd64/kubectl');
  if (!existsSync(binary)) throw new LabError(`there is no kubectl at ${binary}`, { hint: 'npm run lab -- up' });
  const kubeconfig = join(lab.stateDir, 'admin.conf');
  const on = new Set((await lab.status()).hosts.filter((host) => host.power === 'on').map((host) => host.name));
  const master = hostsWith(cluster, 'master').find((host) => on.has(host.name));
  if (!master) throw new LabError('no master is on', { hint: 'npm run lab -- power on master-1' });
  const { status, stdout } = await lab.exec(master.name, ['cat', '/etc/kubernetes/admin.conf']);
  if (status !== 0)
    throw new LabError(`${master.name} has no admin.conf yet`, { hint: 'npm run demo builds the cluster' });
  writeFileSync(kubeconfig, stdout, { mode: 0o600 });
  chmodSync(kubeconfig, 0o600);
  const run: Kubectl['run'] = (args, options = {}) =>
    lab.run([binary, `--kubeconfig=${kubeconfig}`, ...args], { timeout: 60_000, ...options });
  return {
    kubeconfig,
    binary,
    run,
    async must(args, options) {
      const result = await run(args, options);
      if (result.status === 0) return result.stdout;
      throw new LabError(`kubectl ${args.join(' ')}: ${result.stderr.trim() || result.stdout.trim()}`);
    },
  };
}
