import { type Host, hostsWith } from '../../src/cluster/cluster.ts';
import {
  drainPlan,
  inUpgradeOrder,
  isCordonedByPerson,
  kubeletObjection,
  olderServers,
  versionChanges,
} from '../../src/plan/node-upgrade.ts';
import { type FoundHost, fateOf, otherMachine } from '../../src/plan/nodes.ts';
import { leavingNodes, removalObjection, removalSteps } from '../../src/plan/removal.ts';
import { versionsOf } from '../../src/plan/versions.ts';
import { machineOf, restart } from './etcd-jobs.ts';
import { apiOf, observeNodes, placedOn } from './observe.ts';
import { change, type Job, Refused, type Run, wait } from './run.ts';
import { answers, hasQuorum, isReady, type Machine, runs, serverOf } from './world.ts';

function needApi({ world, cluster }: Run): void {
  if (apiOf(world, cluster) === undefined) throw new Refused(['API_UNREACHABLE']);
}

/** "Apply masters" on one host: its API server restarts only while all others are ready. */
export function* masterJob(run: Run, host: Host): Job {
  const { world, cluster } = run;
  const machine = machineOf(run, host);
  const version = cluster.kubernetesVersion;
  if (!hasQuorum(world)) throw new Refused(['UNIT_NOT_READY'], 'no quorum');
  yield 'step';
  machine.scopes.add('master');
  if (!runs(machine, 'kube-apiserver')) {
    machine.placed.set('kube-apiserver', version);
    change(run, `start the API server of ${host.name}`, () => machine.running.set('kube-apiserver', version));
    if (!serverOf(world, host.address)) throw new Refused(['UNIT_NOT_READY'], 'no quorum');
  } else if (machine.running.get('kube-apiserver') !== version) {
    while (world.lock) yield* wait('RESTART_REFUSED');
    const others = hostsWith(cluster, 'master').filter((each) => each !== host && !run.newMasters.has(each.name));
    if (!others.every(({ address }) => serverOf(world, address))) throw new Refused(['RESTART_REFUSED']);
    yield* restart(run, { host, machine, program: 'kube-apiserver', version });
  }
  yield 'step';
}

/** "Apply nodes" on these hosts. */
export function* nodeJob(run: Run, own: readonly Host[]): Job {
  const { world } = run;
  for (const host of own) machineOf(run, host);
  needApi(run);
  const nodes = observeNodes(world);
  const nodeOf = ({ nodeName }: Host) => nodes.find(({ name }) => name === nodeName);
  const others = own.flatMap((host) => otherMachine(foundHost(run, host), nodeOf(host)) ?? []);
  if (others.length > 0) throw new Refused(others.map(({ code }) => code));
  const refused: string[] = [];
  const upgrades: Host[] = [];
  for (const host of own) {
    const machine = machineOf(run, host);
    const found = foundHost(run, host);
    const isJoined = found.joined;
    const node = nodeOf(host);
    const fate = fateOf(found, node);
    if (fate === 'register') yield* register(run, host, machine);
    if (!isJoined && isReady(world, host.nodeName)) refused.push(host.name);
    else if (!isJoined) yield* join(run, host, machine, fate === 'replace');
    else if (versionChanges(versionsOf(run.cluster), node, placedOn(world, host)).length > 0) upgrades.push(host);
    else startKubelet(run, host, machine);
  }
  leaveCordon(
    run,
    own.filter((host) => !upgrades.includes(host)),
  );
  for (const host of inUpgradeOrder(upgrades, nodeOf)) yield* upgrade(run, host);
  leaveCordon(run, own);
  if (refused.length > 0) throw new Refused(['NODE_STILL_READY'], refused.join());
}

function foundHost(run: Run, host: Host): FoundHost {
  const { id: machineId, joinedAs } = machineOf(run, host);
  const { name, nodeName, address } = host;
  return { host: name, nodeName, address, machineId, joined: joinedAs === nodeName };
}

function startKubelet(run: Run, host: Host, machine: Machine): void {
  if (runs(machine, 'kubelet')) return;
  machine.placed.set('kubelet', run.cluster.kubernetesVersion);
  machine.scopes.add('node');
  change(run, `start the kubelet of ${host.name}`, () => machine.running.set('kubelet', run.cluster.kubernetesVersion));
}

function* register(run: Run, host: Host, machine: Machine): Job {
  yield 'step';
  const version = runs(machine, 'kubelet') ?? run.cluster.kubernetesVersion;
  machine.running.set('kubelet', version);
  addNode(run, host, machine, version);
}

function addNode(run: Run, { nodeName }: Host, { id }: Machine, version: string): void {
  const node = run.world.nodes.get(nodeName) ?? { cordoned: false, cordonedBy: undefined };
  change(run, `register ${nodeName}`, () => run.world.nodes.set(nodeName, { ...node, machineId: id, version }));
}

function* join(run: Run, host: Host, machine: Machine, isOther: boolean): Job {
  const version = run.cluster.kubernetesVersion;
  const older = olderServers(version, versionsServed(run));
  if (older) throw new Refused([older.code], older.message);
  if (isOther) {
    yield 'step';
    change(run, `clear the node ${host.nodeName}`, () => run.world.nodes.delete(host.nodeName));
  }
  yield 'step';
  machine.scopes.add('node');
  machine.placed.set('kubelet', version);
  change(run, `join ${host.name}`, () => {
    machine.running.set('kubelet', version);
    machine.joinedAs = host.nodeName;
    run.world.nodes.set(host.nodeName, { machineId: machine.id, version, cordoned: false, cordonedBy: undefined });
  });
}

function versionsServed({ world, cluster }: Run): ReadonlyMap<string, string | undefined> {
  return new Map(hostsWith(cluster, 'master').map(({ name, address }) => [name, serverOf(world, address)]));
}

/** In turns: one node of the whole cluster at a time. */
function* upgrade(run: Run, host: Host): Job {
  const { world, cluster } = run;
  const machine = machineOf(run, host);
  const objection = kubeletObjection(cluster.kubernetesVersion, versionsServed(run));
  if (objection) throw new Refused([objection.code], objection.message);
  while (world.turns.size > 0) yield* wait('TURN_LOST');
  const turn = {};
  world.turns.add(turn);
  needApi(run);
  const nodes = observeNodes(world);
  const found = nodes.find(({ name }) => name === host.nodeName);
  const drains = drainPlan(host.nodeName, nodes, leavingNodes(cluster)).drains;
  if (found && drains) {
    cordon(run, host.nodeName);
    yield 'step';
  }
  yield* restart(run, { host, machine, program: 'kubelet', version: cluster.kubernetesVersion });
  yield 'step';
  if (found && !isCordonedByPerson(found) && (drains || found.cordoned)) uncordon(run, host.nodeName);
  world.turns.delete(turn);
}

/** Pods that leave a node need another one. */
function cordon(run: Run, name: string): void {
  const node = run.world.nodes.get(name);
  if (!node) return;
  const isLeaving = (other: string) => run.cluster.removed.some(({ nodeName }) => nodeName === other);
  const others = [...run.world.nodes].filter(
    ([other, { cordoned }]) => other !== name && !cordoned && !isLeaving(other),
  );
  if (!others.some(([other]) => isReady(run.world, other))) throw new Error(`the pods of ${name} have no place`);
  const isPersons = node.cordoned && node.cordonedBy === undefined;
  if (!isPersons) Object.assign(node, { cordoned: true, cordonedBy: run.name });
}

function uncordon({ world }: Run, name: string): void {
  const node = world.nodes.get(name);
  if (node) Object.assign(node, { cordoned: false, cordonedBy: undefined });
}

function leaveCordon(run: Run, hosts: readonly Host[]): void {
  for (const { nodeName } of hosts)
    if (run.world.nodes.get(nodeName)?.cordonedBy !== undefined) uncordon(run, nodeName);
}

/** "Remove hosts". */
export function* removeJob(run: Run): Job {
  const codes: Refused[] = [];
  for (const host of run.cluster.removed) {
    try {
      yield* removeHost(run, host);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      codes.push(error);
    }
  }
  if (codes.length > 0)
    throw new Refused(
      codes.flatMap((each) => each.codes),
      codes.map(({ message }) => message).join(),
    );
}

function* removeHost(run: Run, host: Host): Job {
  const { world } = run;
  const machine = world.machines.get(host.address);
  needApi(run);
  if (
    (host.roles.includes('etcd') || machine?.scopes.has('etcd')) &&
    world.members.some(({ address }) => address === host.address)
  )
    throw new Refused(['REMOVAL_REFUSED'], `${host.name} is a member`);
  const node = observeNodes(world).find(({ name }) => name === host.nodeName);
  const placed = answers(machine) ? [...machine.scopes] : undefined;
  const machineId = answers(machine) ? machine.id : undefined;
  const objection = removalObjection(
    { host: host.name, nodeName: host.nodeName, node, machineId },
    observeNodes(world),
    leavingNodes(run.cluster),
  );
  if (objection) throw new Refused([objection.code], objection.message);
  const steps = removalSteps({ host: host.name, node, placed });
  for (const step of steps) {
    yield 'step';
    const known = world.nodes.get(host.nodeName);
    if (step.do === 'cordon and drain' && known) Object.assign(known, { cordoned: true, cordonedBy: run.name });
    if (step.do.startsWith('delete the node'))
      change(run, `delete ${host.nodeName}`, () => world.nodes.delete(host.nodeName));
    if (step.do.startsWith('remove from the host') && machine) change(run, `wipe ${host.name}`, () => wipe(machine));
  }
}

function wipe(machine: Machine): void {
  Object.assign(machine, { data: undefined, bootstrap: undefined, memberName: '', joinedAs: undefined, hasCa: false });
  for (const part of [machine.placed, machine.running, machine.scopes]) part.clear();
}
