import { addonManifests } from '../components/addons/index.ts';
import { Problem } from '../errors.ts';
import {
  type ApiClient,
  type RootAuthorities,
  restartWorkload,
  type TokenPod,
  tokenPods,
  type Workload,
  workloadOf,
} from '../kubernetes/index.ts';
import { waitWhile } from '../waiting.ts';
import type { Prepared } from './stages.ts';

/** A kubelet mounts what it has read by watch, which may be behind for a moment. */
const watchMs = 5000;
const patience = { everyMs: 1000 };
const ownMs = 180_000;
const usersMs = 900_000;

/**
 * Replaces pods that may know only the former CA: a program may read the CA of API servers once, at its start. Pods that began
 * before their namespace had the next CA are replaced: those of our add-ons always, those of users if they want it.
 * @throws Problem ROTATION_UNPROVEN with the pods that are left
 */
export async function replacePodsBefore(
  run: Prepared,
  api: ApiClient,
  roots: readonly RootAuthorities[],
  { restartPods, signal }: { readonly restartPods: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const look = async () => (await tokenPods(api, signal)).filter((pod) => isBefore(pod, roots));
  let before = await look();
  if (before.length === 0) return;
  await untilMounted(roots, signal);
  const restarted = await restart(run, api, before, restartPods);
  const isRestarted = (pod: Workload | undefined) => restarted.some((each) => same(each, pod));
  const waits = async () => {
    before = await look();
    const owners = await Promise.all(before.map((pod) => workloadOf(api, pod)));
    const left = before.filter((_, index) => isRestarted(owners[index]));
    return left.length === 0 ? undefined : `${left.map(nameOf).join(', ')} is not replaced yet`;
  };
  await waitWhile(waits, { ...patience, timeoutMs: restartPods ? usersMs : ownMs, signal });
  if (before.length > 0) throw notReplaced(before.map(nameOf));
}

/** Restarts the workloads of pods, and returns them. */
async function restart(
  run: Prepared,
  api: ApiClient,
  pods: readonly TokenPod[],
  all: boolean,
): Promise<readonly Workload[]> {
  const owners = await Promise.all(pods.map((pod) => workloadOf(api, pod)));
  const unique = owners.filter((one, index) => owners.findIndex((other) => same(one, other)) === index);
  const chosen = unique.filter((each) => each !== undefined).filter((each) => all || isOurs(run, each));
  for (const each of chosen) {
    run.log.info(`${each.namespace}/${each.name}: replaces its pods, so that they trust the new CA`);
    await restartWorkload(api, each);
  }
  return chosen;
}

function isOurs({ cluster }: Prepared, { kind, namespace, name }: Workload): boolean {
  return addonManifests(cluster).some(
    (object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
  );
}

const same = (one: Workload | undefined, other: Workload | undefined): boolean =>
  one?.kind === other?.kind && one?.namespace === other?.namespace && one?.name === other?.name;

/** What is unknown counts as before. */
export function isBefore({ namespace, created }: TokenPod, roots: readonly RootAuthorities[]): boolean {
  const since = roots.find((each) => each.namespace === namespace)?.since;
  return since === undefined || created === undefined || created.getTime() <= since.getTime() + watchMs;
}

/** A pod that begins too early would count as one before. */
async function untilMounted(roots: readonly RootAuthorities[], signal: AbortSignal): Promise<void> {
  const last = Math.max(...roots.map(({ since }) => since?.getTime() ?? 0)) + watchMs + 1000;
  const look = async () => (Date.now() > last ? undefined : 'the last namespace has them since a moment');
  await waitWhile(look, { everyMs: 500, timeoutMs: 60_000, signal });
}

const nameOf = ({ namespace, name }: TokenPod): string => `${namespace}/${name}`;

function notReplaced(names: readonly string[]): Problem {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return new Problem(`pods began before they could trust the new CA: ${names.slice(0, 3).join(', ')}${more}`, {
    code: 'ROTATION_UNPROVEN',
    detail: names,
    hint: 'Both CAs stay trusted, and the old one signs. Replace these pods (kubectl rollout restart, or delete them) and run again, or run with restart-pods: true, which restarts Deployments, StatefulSets and DaemonSets.',
  });
}
