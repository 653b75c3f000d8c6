import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { type Killed, killAt, type Moment } from './killed-run.ts';
import { readLeases } from './leases.ts';
import { masters } from './seed-hosts.ts';
import { act, clusterText, lab, logOf, standingCluster, succeeded } from './seed-lab.ts';

// Failover checks that are killed at several moments: shared by several test files.

/** After this time a fault on a host heals by itself. */
export const healSeconds = 12;
/** The lab's cluster file with a fast election. */
export const cluster = join(lab.stateDir, 'fast.yaml');
let kubectl: Kubectl;

/** Brings the shared cluster to a fast election: the leases move within seconds, so that the moments follow each other quickly. */
export function fastCluster(): void {
  beforeAll(async () => {
    await standingCluster();
    writeFileSync(cluster, `${clusterText()}election: fast\n`);
    succeeded(await act('deploy', { cluster }));
    kubectl = await openKubectl(lab);
  }, 600_000);
  afterAll(() => rmSync(cluster, { force: true }));
}

/** The current leader among the masters. */
export const leader = async (): Promise<string> => (await readLeases(kubectl))['kube-controller-manager'].by;

/** A dead check's claim on the cluster expires after half a minute; this deletes it, so that the next case need not wait. */
export const endClaim = (): Promise<void> => patchClaim({ holderIdentity: '' });

/** Lets a dead check's claim last for minutes: connecting to a host without power takes most of the half minute. */
export const prolongClaim = (): Promise<void> => patchClaim({ leaseDurationSeconds: 600 });

async function patchClaim(spec: Readonly<Record<string, unknown>>): Promise<void> {
  const line = `kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=3s patch lease -n kube-system k8s-ha-action-failover --type=merge -p '${JSON.stringify({ spec })}'`;
  for (const { name } of masters) {
    const patched = await lab.exec(name, ['sh', '-c', line]).catch(() => undefined);
    if (patched?.status === 0 || patched?.stderr.includes('NotFound')) return;
  }
  throw new Error('no master changes the claim');
}

/** Kills a check at a moment. @throws Error if it was over before */
export async function killed(moment: Moment, inputs: Readonly<Record<string, string>>): Promise<Killed> {
  await endClaim();
  const heal = { 'heal-after-seconds': String(healSeconds) };
  const run = await killAt(moment, 'verify-failover', { cluster, ...heal, ...inputs });
  if (!run.killed) throw new Error(`the check was over before its moment:\n${logOf(run)}`);
  return run;
}

/** Whether the timer that heals a host's fault is armed. */
export const armed = (host: string) => async () =>
  (await lab.exec(host, ['systemctl', '--quiet', 'is-active', 'k8s-ha-action-heal.timer'])).status === 0;

/** The moments of a check, by its work at that time. */
export const moments = (fault: string, host: string): Readonly<Record<string, Moment>> => ({
  'before it is armed': { seen: 'the API is asked through', after: 500 },
  'while it begins': { seen: 'the API is asked through', when: armed(host) },
  'after it': { seen: `${fault} of ${host} is done`, after: 300 },
  'while it is undone': { seen: `${host} is being restored`, after: 50 },
  'while the host comes back': { seen: `${host} is restored` },
});
export const names = Object.keys(moments('', ''));
