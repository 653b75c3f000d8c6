import { setTimeout as sleep } from 'node:timers/promises';
import { masters, members } from './seed-hosts.ts';
import { lab } from './seed-lab.ts';

const units = 'kube-apiserver kube-controller-manager kube-scheduler';
const leftovers = 'systemctl list-units --all --plain --no-legend "k8s-ha-action-*" | grep -q .';

/**
 * The conditions of a healthy master: it serves, its leaders run, no unit is stopped, cut off or frozen. The most expensive
 * check comes last, only if all others hold, because the same processors also recover the cluster.
 */
const master = [
  ['its units run', `systemctl --quiet is-active ${units}`],
  [
    'none is frozen',
    `! grep -lE "^State:.T" $(systemctl show --property=MainPID --value ${units} | grep . | sed "s|.*|/proc/&/status|") 2>/dev/null | grep -q .`,
  ],
  ['it is not cut off', '! nft list table inet k8s_ha_action_fault >/dev/null 2>&1'],
  ['no timer or unit of a check is left', `! ${leftovers}`],
  [
    'its API server is ready',
    'timeout 3 kubectl --kubeconfig=/etc/kubernetes/admin.conf get --raw /readyz >/dev/null 2>&1',
  ],
] as const;

const member = [
  ['its member is healthy', `curl -fsS -m 3 http://127.0.0.1:2381/health 2>/dev/null | grep -q '"health":"true"'`],
  ['no timer or unit of a check is left', `! ${leftovers}`],
] as const;

/**
 * The seconds until masters and members are healthy by themselves, measured from outside. All are checked again
 * when each has been healthy: they must be so at the same time.
 * @throws Error with the missing conditions
 */
export async function untilWhole(withinSeconds: number): Promise<number> {
  const begin = performance.now();
  const all = [
    ...masters.map(({ name }) => [name, master] as const),
    ...members.map(({ name }) => [name, member] as const),
  ];
  let waited: typeof all = all;
  for (;;) {
    const missing = await Promise.all(waited.map(([host, wants]) => missingOn(host, wants)));
    const seconds = (performance.now() - begin) / 1000;
    const left = waited.filter((_, index) => missing[index]?.length !== 0);
    if (left.length === 0 && waited.length === all.length) return seconds;
    if (left.length > 0 && seconds > withinSeconds)
      throw new Error(`not whole after ${withinSeconds} s: ${missing.flat().join('; ')} does not hold`);
    waited = left.length === 0 ? all : left;
    if (left.length > 0) await sleep(250);
  }
}

async function missingOn(host: string, wants: readonly (readonly [what: string, line: string])[]): Promise<string[]> {
  const line = wants.map(([what, command]) => `{ ${command}; } || { echo '${what}'; exit; }`).join('\n');
  const { status, stdout } = await lab.exec(host, ['sh', '-c', line]).catch(() => ({ status: 1, stdout: '' }));
  if (status !== 0 && stdout === '') return [`${host}: it is on`];
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((what) => `${host}: ${what}`);
}
