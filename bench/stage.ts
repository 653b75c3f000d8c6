import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { labPaths } from '../lab/identity.ts';
import { type Kubectl, openKubectl } from '../lab/kubectl.ts';
import { type Lab, openLab } from '../lab/lab.ts';
import { prepareCache } from '../lab/prepare.ts';
import { type Progress, timedProgress } from '../lab/progress.ts';
import { type ActionOptions, type ActionResult, runAction } from '../lab/runner/run-action.ts';
import { type Cluster, hostsWith } from '../src/cluster/cluster.ts';
import { parseCluster } from '../src/cluster/load.ts';

export type Election = 'default' | 'fast';

/** The seed's cluster on separate lab hosts for the benchmarks. */
export interface Stage {
  readonly lab: Lab;
  readonly cluster: Cluster;
  readonly clusterFile: string;
  readonly kubectl: Kubectl;
  /** The node whose load balancer is probed. */
  readonly node: string;
  readonly say: Progress;
  act(action: string, inputs?: Readonly<Record<string, string>>, options?: ActionOptions): Promise<ActionResult>;
}

const root = join(import.meta.dirname, '..');

/** Logs a line with the seconds since the benchmark began. */
export const say: Progress = timedProgress((text) => process.stdout.write(text));

function benchLab(): Lab {
  return openLab({ root, id: process.env.K8S_HA_BENCH_LAB || `${labPaths(root, {}).id}-bench` });
}

/** Boots the hosts that are off, and deploys the cluster of the seed's file with this election. */
export async function setStage(lab: Lab, election: Election): Promise<Stage> {
  await prepareCache(say);
  await lab.up({ progress: say });
  const document = parseDocument(readFileSync(lab.clusterFile, 'utf8'));
  document.set('election', election);
  const clusterFile = join(lab.stateDir, 'bench.yaml');
  writeFileSync(clusterFile, String(document));
  const cluster = parseCluster(readFileSync(clusterFile, 'utf8'), clusterFile);
  const act: Stage['act'] = (action, inputs = {}, options = {}) =>
    runAction(lab, action, { ...options, inputs: { cluster: clusterFile, ...inputs } });
  const deployed = await act('deploy', {}, { onLine: ({ kind, text }) => kind === 'group' && say(text) });
  if (deployed.status !== 0) throw new Error(`deploy failed:\n${deployed.lines.map(({ text }) => text).join('\n')}`);
  const node = hostsWith(cluster, 'node')[0]?.name ?? '';
  return { lab, cluster, clusterFile, kubectl: await openKubectl(lab), node, say, act };
}

/** Runs a benchmark in a lab of its own, which is taken down afterwards unless it should stay. */
export async function onLab(keep: boolean, work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = benchLab();
  try {
    await work(lab);
  } finally {
    if (!keep) await lab.down({ progress: say });
  }
}

/** Runs a line of shell on a host as root and returns what it prints. */
export async function onHost(lab: Lab, host: string, line: string, input?: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line], input === undefined ? {} : { input });
  if (status === 0) return stdout;
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}
