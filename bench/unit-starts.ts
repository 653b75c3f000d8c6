import type { Lab } from '../lab/lab.ts';
import type { Host } from '../src/cluster/cluster.ts';
import { onHost } from './stage.ts';

const units = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** `master-2 kube-scheduler 3f…`: the last word differs for each start of a unit. */
export async function startsOf(lab: Lab, hosts: readonly Host[]): Promise<readonly string[]> {
  const show = `for unit in ${units.join(' ')}; do echo $unit $(systemctl show --property=InvocationID --value $unit); done`;
  const answers = await Promise.all(
    hosts.map(async ({ name }) =>
      (await onHost(lab, name, show))
        .trim()
        .split('\n')
        .map((line) => `${name} ${line}`),
    ),
  );
  return answers.flat();
}

/** The units that started in between, in words. */
export function restarted(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length === 0) return [];
  return after
    .filter((start) => !before.includes(start))
    .map((start) => `${start.split(' ').slice(0, 2).join(': ')} was restarted`);
}
