import { bareWorld, edited, fileOf, harm, type Scene } from './events.ts';
import { unexcused } from './excuses.ts';
import type { File, Line } from './file.ts';
import { forgettable, hasTwin, missing } from './reached.ts';
import { type Outcome, perform } from './schedule.ts';
import type { World } from './world.ts';

/** How many runs it may take until a run changes nothing. */
const mostRuns = 25;

/** Builds a cluster, lets happen what happens, and runs until a run changes nothing: then the file’s state is reached, or refused with a reason. */
export function converge(scene: Scene): void {
  const world = bareWorld();
  let file = fileOf(scene);
  const { strict } = scene;
  let runs = 0;
  const runWith = (order: Scene['last']) => {
    runs += 1;
    const forget = new Set(scene.forget ? forgettable(world, file) : []);
    const outcome = perform(world, file, order, { strict, forget, name: `run ${runs}` });
    const unplanned = outcome.upgraded.filter((each) => !outcome.planned.includes(each));
    if (unplanned.length > 0) throw new Error(`upgraded, and not in the plan: ${unplanned.join(', ')}`);
    return outcome;
  };
  if (scene.begun) {
    for (let turn = 0; turn < 2; turn += 1) runWith({ kind: 'whole', parallel: 1, seed: 1 });
    const lacks = missing(world, file, new Set());
    if (lacks.length > 0) throw new Error(`the first run has not reached: ${lacks.join(', ')}`);
  }
  scene.events.forEach((event, index) => {
    if ('edit' in event) file = edited(file, event, `n${index}`);
    else if ('harm' in event) harm(world, event);
    else if (!isElsewhere(world, file)) runWith(event);
  });
  if (isElsewhere(world, file)) return;
  for (let turn = 0; turn < mostRuns; turn += 1) {
    const outcome = runWith({ ...scene.last, seed: scene.last.seed + turn });
    if (outcome.changes > 0) continue;
    judge(world, file, outcome, scene.forget);
    return;
  }
  // Two machines that report as one node may have two versions, and a run refuses them only when it sees the other one's report.
  if (!hasTwin(world, file)) throw new Error('every run changes something');
}

function judge(world: World, file: File, { codes, messages }: Outcome, forget: boolean): void {
  if (codes.length > 0) {
    const wrong = unexcused(world, file, codes, forget);
    if (wrong.length > 0) throw new Error(`refused without reason: ${wrong.join(', ')}: ${messages.join('; ')}`);
    return;
  }
  if (hasForeign(world, file) || hasTwin(world, file)) return;
  const lacks = missing(world, file, new Set(forget ? forgettable(world, file) : []));
  if (lacks.length > 0) throw new Error(`not refused, and not reached: ${lacks.join(', ')}`);
}

/** All hosts of etcd have another life's data, so that no member knows better. */
function hasForeign({ machines, members }: World, { lines }: File): boolean {
  const hosts = lines.filter(({ removed, roles }) => !removed && roles.includes('etcd'));
  const data = hosts.map(({ address }) => machines.get(address)?.data?.member);
  return data.every((member) => member !== undefined && !members.some(({ id }) => id === member));
}

/** Hosts without any trace of the cluster: their file is that of a new one. */
function isElsewhere({ machines, cluster }: World, { lines }: File): boolean {
  const isBare = ({ address, removed }: Line) => {
    const machine = machines.get(address);
    return machine?.data === undefined && (removed || machine?.scopes.size === 0);
  };
  return cluster !== undefined && lines.every(isBare);
}
