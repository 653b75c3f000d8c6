import { type Host, hostsWith } from '../../src/cluster/cluster.ts';
import { bootstrapText } from '../../src/plan/etcd-bootstrap.ts';
import { planMembers } from '../../src/plan/etcd-members.ts';
import type { Beginning, MemberFacts, MemberPlan, MemberStep } from '../../src/plan/member-plan.ts';
import { type Answer, addLearner, peerUrlOf, promote, remove, start } from './etcd-rules.ts';
import { faultsOf } from './judge.ts';
import { observeEtcd } from './observe.ts';
import { change, type Job, Refused, type Run, wait } from './run.ts';
import { answers, hasQuorum, isHealthy, type Machine, runs, votersOf } from './world.ts';

export function machineOf({ world }: Run, host: Host): Machine {
  const machine = world.machines.get(host.address);
  if (!answers(machine)) throw new Refused(['HOST_UNREACHABLE'], host.name);
  return machine;
}

/** The members of these hosts are made what the file says: the phases "Plan etcd members", "Change etcd members" and "Apply etcd". */
export function* etcdJob(run: Run, own: readonly Host[]): Job {
  for (const host of own) machineOf(run, host);
  let { beginnings } = yield* planned(run, own, 'first');
  for (;;) {
    const { steps } = yield* planned(run, own, 'now');
    const step = steps.find((each) => isOwn(run, own, each));
    if (!step) break;
    if (run.strict) yield 'step';
    if (step.do === 'wait' || (yield* carriedOut(run, step)) === 'later') yield* wait('ETCD_LEARNER_BEHIND');
    else yield 'step';
    ({ beginnings } = yield* planned(run, own, 'now'));
  }
  for (const host of own) yield* applyEtcd(run, host, beginnings.get(host.name));
}

/** A plan without refusals. What may pass, as an election, is observed again. */
export function* planned(
  run: Run,
  own: readonly Host[],
  when: 'first' | 'now',
): Generator<'waits', MemberPlan, boolean> {
  for (let tries = 0; ; tries += 1) {
    const facts = factsOf(run, own, when);
    const plan = planMembers(run.cluster, facts);
    const codes = plan.refusals.map(({ code }) => code);
    if (codes.length === 0) {
      accounts(own, plan);
      keepsCluster(run, plan);
      return plan;
    }
    if (plan.steps.length > 0) throw new Error('a refusal beside a step');
    const mayPass = codes.some((code) => code === 'ETCD_MEMBERS_UNKNOWN' || code === 'ETCD_QUORUM');
    if (!mayPass || tries > 3 || (yield 'waits'))
      throw new Refused(codes, plan.refusals.map(({ message }) => message).join('; '));
  }
}

/** Each own host has a step or a beginning: one that is left out would lose its file. */
function accounts(own: readonly Host[], { steps, beginnings }: MemberPlan): void {
  const known = new Set([...beginnings.keys(), ...steps.map(({ host }) => host)]);
  for (const { name } of own) if (!known.has(name)) throw new Error(`the plan leaves ${name} out`);
}

/** Members change only while a quorum says who they are, and no new cluster begins where a host has the data of one. */
function keepsCluster({ world, cluster, startsEtcd }: Run, { steps, beginnings }: MemberPlan): void {
  if (steps.length > 0 && !hasQuorum(world)) throw new Error('a step without a quorum');
  const begins = [...beginnings.values()].some(({ as }) => as === 'new');
  const data = hostsWith(cluster, 'etcd').map(({ address }) => world.machines.get(address)?.data?.cluster);
  if (begins && !startsEtcd && world.cluster !== undefined && data.includes(world.cluster))
    throw new Error('a new cluster begins beside the data of one');
}

export function factsOf(run: Run, own: readonly Host[], when: 'first' | 'now'): MemberFacts {
  const { world, cluster, forget, startsEtcd } = run;
  const all = observeEtcd(world, [...hostsWith(cluster, 'etcd'), ...cluster.removed]);
  const alone = observeEtcd(world, own);
  const known = hostsWith(cluster, 'etcd').map(({ address }) => peerUrlOf(address));
  const isEnough = own.every(({ name }) => {
    const said = alone.get(name);
    if (said?.data === 'none') return startsEtcd;
    const members = said?.list?.members ?? [];
    return members.length > 0 && members.every(({ peerUrls }) => peerUrls.some((url) => known.includes(url)));
  });
  return {
    observed: when === 'first' && isEnough ? alone : all,
    own: new Set(own.map(({ name }) => name)),
    hadApiServer: cluster.hosts.some(({ address }) => {
      const scopes = world.machines.get(address)?.scopes;
      return scopes?.has('master') || scopes?.has('node');
    }),
    neverBootstrapped: startsEtcd,
    forget: new Set([...forget, ...cluster.removed.map(({ name }) => name)]),
  };
}

function isOwn({ cluster }: Run, own: readonly Host[], { host }: MemberStep): boolean {
  return host !== undefined || own.some(({ name }) => name === hostsWith(cluster, 'etcd')[0]?.name);
}

function* carriedOut(run: Run, step: MemberStep): Generator<'step', Answer, boolean> {
  const { world, strict } = run;
  const hosts = hostsWith(run.cluster, 'etcd');
  const host = hosts.find(({ name }) => name === step.host);
  if (step.do === 'start' && host) {
    const machine = machineOf(run, host);
    machine.bootstrap = bootstrapText(run.cluster, 'existing', step.members);
    yield 'step';
    applyStart(run, host);
    return 'done';
  }
  if (step.do === 'resume' && host) {
    applyStart(run, host);
    return 'done';
  }
  if (step.do === 'promote' && host && !runs(machineOf(run, host), 'etcd')) applyStart(run, host);
  if (world.lock) return 'later';
  const changes = world.changes;
  const answer = change(run, `${step.do} ${step.host ?? ''}`, () => {
    if (step.do === 'add' && host) return addLearner(world, host.address, strict);
    if (step.do === 'promote') return promote(world, step.id);
    return step.do === 'remove' ? remove(world, step.id, strict) : 'later';
  });
  if (answer === 'later') world.changes = changes;
  return answer;
}

/** @throws Refused UNIT_FAILED: etcd exits at once */
function applyStart(run: Run, host: Host): void {
  const machine = machineOf(run, host);
  const version = run.cluster.versions.etcd;
  const before = machine.placed.get('etcd');
  machine.placed.set('etcd', version);
  machine.scopes.add('etcd');
  const started = change(run, `start etcd on ${host.name}`, () => start(run.world, host.address, host.name, version));
  if (!started) throw new Refused(['UNIT_FAILED'], `etcd on ${host.name} ${before ?? ''}`);
}

function* applyEtcd(run: Run, host: Host, how: Beginning | undefined): Job {
  const machine = machineOf(run, host);
  // A member that was started by a step has data by now.
  if (!machine.data) {
    if (!how || how.as === 'member') throw new Error(`${host.name} does not know with whom to begin`);
    machine.bootstrap = bootstrapText(run.cluster, how.as, how.members);
    yield 'step';
  }
  if (!runs(machine, 'etcd')) applyStart(run, host);
  else if (machine.running.get('etcd') !== run.cluster.versions.etcd) yield* restartMember(run, host, machine);
  yield 'step';
}

/** One at a time, and only while the others are a quorum. */
function* restartMember(run: Run, host: Host, machine: Machine): Job {
  const { world, cluster } = run;
  while (world.lock) yield* wait('RESTART_REFUSED');
  const voters = votersOf(world);
  const rest = voters.filter((each) => each.address !== host.address && isHealthy(world, each));
  const isAlone = voters.length === 1;
  if (hasQuorum(world) && !isAlone && rest.length * 2 <= voters.length) throw new Refused(['RESTART_REFUSED']);
  yield* restart(run, { host, machine, program: 'etcd', version: cluster.versions.etcd });
}

/** What restarts, and as what. */
export interface Restart {
  readonly host: Host;
  readonly machine: Machine;
  readonly program: 'etcd' | 'kube-apiserver' | 'kubelet';
  readonly version: string;
}

const parts = (version: string) => version.split('.').map(Number);

/** Whether a version is older than another, part by part. */
export function isBefore(one: string, other: string): boolean {
  const [left, right] = [parts(one), parts(other)];
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs >= 0 && (left[differs] ?? 0) < (right[differs] ?? 0);
}

/** Under the lock, but for a kubelet. A killed job leaves the program stopped. */
export function* restart(run: Run, { host, machine, program, version }: Restart): Job {
  const { world } = run;
  const token = {};
  const former = machine.running.get(program) ?? version;
  if (isBefore(version, former)) throw new Error(`${program} of ${host.name} goes back from ${former} to ${version}`);
  if (program !== 'kubelet') world.lock = token;
  const wrong = faultsOf(world);
  machine.placed.set(program, version);
  change(run, `stop ${program} of ${host.name}`, () => {
    world.restarting.add(machine);
    machine.running.delete(program);
  });
  yield 'step';
  const begin = () => {
    machine.running.set(program, version);
    world.restarting.delete(machine);
  };
  change(run, `start ${program} of ${host.name} as ${version}`, begin, wrong);
  if (world.lock === token) world.lock = undefined;
  run.upgraded.push(`${program} ${host.name}`);
}
