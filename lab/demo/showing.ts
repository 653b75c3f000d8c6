import { type Kubectl, openKubectl } from '../kubectl.ts';
import type { Lab } from '../lab.ts';
import { askWorkload, nodeMetrics, startWorkload, workloadUrl } from '../workload.ts';
import { say } from './terminal.ts';

/** Requests a Service by its DNS name from a pod. */
export async function showWorkload(lab: Lab): Promise<Kubectl> {
  const kubectl = await openKubectl(lab);
  await startWorkload(kubectl);
  say(`a pod asked ${workloadUrl} and got: ${await askWorkload(kubectl)}`);
  return kubectl;
}

/** The output of kubectl top. */
export async function showMetrics(kubectl: Kubectl): Promise<void> {
  say(`kubectl top nodes:\n${await nodeMetrics(kubectl)}`);
}
