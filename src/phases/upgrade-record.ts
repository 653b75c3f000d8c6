import type { Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { unlessProblem } from '../errors.ts';
import { changeRecord, readRecord } from '../kubernetes/index.ts';
import { secondsKey, type UpgradeRecord, upgradeRecord } from '../plan/upgrade-record.ts';
import { withApi } from './cluster-access.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/** The ConfigMap in kube-system: one key for each role's last duration, and one for each host that the gate has not let pass. */
const name = 'k8s-ha-action-upgrade';

/** @param last the master whose API server is about to restart. @throws ApiProblem; Problem API_UNREACHABLE */
export async function readUpgrades(run: Stage, last?: Host): Promise<UpgradeRecord> {
  return upgradeRecord(run.cluster, await withApi(run, (api) => readRecord(api, name), last));
}

/** Sets texts, or removes those that are null. @throws ApiProblem; Problem API_UNREACHABLE */
export async function recordUpgrade(
  run: Stage,
  data: Readonly<Record<string, string | null>>,
  last?: Host,
): Promise<void> {
  await withApi(run, (api) => changeRecord(api, name, data), last);
}

/** Keeps how long the upgrade of a host took, for later plans. An upgrade does not fail for it. */
export async function recordSeconds(run: Stage, role: Role, milliseconds: number): Promise<void> {
  const seconds = String(Math.max(1, Math.round(milliseconds / 1000)));
  await unlessProblem(() => recordUpgrade(run, { [secondsKey(role)]: seconds }));
}
