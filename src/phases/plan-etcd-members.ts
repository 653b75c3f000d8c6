import { setTimeout as delay } from 'node:timers/promises';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { EtcdOnHost, ObservedMembers } from '../etcd/observe.ts';
import { etcdPeerUrl } from '../layout/addresses.ts';
import { bootstrapText } from '../plan/etcd-bootstrap.ts';
import { planMembers } from '../plan/etcd-members.ts';
import type { MemberFacts, MemberPlan, MemberRefusal, MemberStep } from '../plan/member-plan.ts';
import { stepInWords } from '../plan/step.ts';
import { observedAtFirst, observeMembers, reachMembers } from './observe-etcd.ts';
import type { Phase } from './phase.ts';
import { type Run, targetsOf } from './run.ts';
import type { Connected, Inspected, PerhapsSecrets } from './stages.ts';

type Stage = Inspected & PerhapsSecrets;

/**
 * Compares etcd's members with the file before anything is changed. A job of one host asks the others only if its own host does not say
 * enough: an empty one, unless the `pki` job of this run has seen that no host has data, or one that is not a voter.
 */
export const planEtcdMembers: Phase<Stage> = {
  title: 'Plan etcd members',
  async run(run, signal) {
    const first = observedAtFirst(run);
    const says = targetsOf(run, 'etcd').every((host) => saysEnough(run, host, first));
    const enough = says && !hasStrays(run, first) && !mayLeave(run, first);
    if (!enough) await reachMembers(run, signal);
    const own = new Set(targetsOf(run, 'etcd').map(({ name }) => name));
    const about = {
      own,
      hadApiServer: hadApiServer(run),
      neverBootstrapped: startsEtcd(run),
      forget: new Set([...run.forget, ...run.cluster.removed.map(({ name }) => name)]),
    };
    const facts = { ...about, observed: enough ? first : await observeMembers(run) };
    run.etcd.facts = isUncertain(run, facts) ? await observeAgain(run, facts, signal) : facts;
    const plan = planNow(run, run.etcd.facts);
    for (const step of plan.steps.filter((each) => isOwn(run, each))) run.log.info(memberStepInWords(step, run.dryRun));
  },
};

/** How often members are asked again that may have a leader in a moment, and how long to wait between, ms. */
const again = { tries: 5, pauseMs: 1500 };

/** What etcd says now. While members elect a leader, or one has just restarted, there is no answer that a quorum confirms: they are asked again. */
export async function observeAgain(run: Connected, facts: MemberFacts, signal: AbortSignal): Promise<MemberFacts> {
  let now = { ...facts, observed: await observeMembers(run) };
  for (let left = again.tries; left > 0 && isUncertain(run, now); left -= 1) {
    await delay(again.pauseMs, undefined, { signal });
    now = { ...facts, observed: await observeMembers(run) };
  }
  return now;
}

/** Whether the plan is refused for what may pass, with at least one member that runs. */
function isUncertain({ cluster }: Run, facts: MemberFacts): boolean {
  if (![...facts.observed.values()].some(({ active }) => active)) return false;
  return planMembers(cluster, facts).refusals.some(
    ({ code }) => code === 'ETCD_MEMBERS_UNKNOWN' || code === 'ETCD_QUORUM',
  );
}

/** The plan for what is observed now, whose beginnings are kept for the hosts. @throws AggregateError of its refusals as Problems */
export function planNow(run: Run, facts: MemberFacts): MemberPlan {
  const plan = planMembers(run.cluster, facts);
  run.etcd.voters = plan.voters;
  if (plan.refusals.length > 0)
    throw new AggregateError(plan.refusals.map(problemOf), 'etcd’s members cannot be changed');
  for (const [host, how] of plan.beginnings) {
    if (how.as !== 'member') run.etcd.bootstrap.set(host, bootstrapText(run.cluster, how.as, how.members));
    else {
      // Not read while there is data: as it was, so that no run changes it.
      const kept = facts.observed.get(host)?.bootstrap;
      run.etcd.bootstrap.set(host, kept ?? bootstrapText(run.cluster, 'existing', []));
    }
  }
  return plan;
}

/** A step about no host of the file is for one job: that of the file's first etcd host. */
export function isOwn(run: Run, { host }: MemberStep): boolean {
  const [first] = hostsWith(run.cluster, 'etcd');
  return host !== undefined || targetsOf(run, 'etcd').some(({ name }) => name === first?.name);
}

/** Whether etcd has members at addresses of no host in the file. Before one is removed, all members are asked. */
function hasStrays({ cluster }: Run, observed: ObservedMembers): boolean {
  const known = hostsWith(cluster, 'etcd').map(({ address }) => etcdPeerUrl(address));
  const members = [...observed.values()].flatMap(({ list }) => list?.members ?? []);
  return members.some(({ peerUrls }) => !peerUrls.some((url) => known.includes(url)));
}

/** Whether hosts that are to leave may have the only members that answer. */
function mayLeave(run: Run, observed: ObservedMembers): boolean {
  return isWhole(run) && run.cluster.removed.length > 0 && ![...observed.values()].some(answers);
}

const answers = ({ list }: EtcdOnHost): boolean => list !== undefined;

function isWhole(run: Run): boolean {
  return targetsOf(run, 'etcd').length === hostsWith(run.cluster, 'etcd').length;
}

function saysEnough(run: Stage, host: Host, observed: ObservedMembers): boolean {
  if (isWhole(run)) return true;
  const said = observed.get(host.name);
  if (!said) return false;
  if (said.data === 'none') return startsEtcd(run);
  if (said.data === 'unreadable') return false;
  // Without history it has begun together with the others, and waits for them.
  return said.list !== undefined || !said.data.history;
}

/** The `pki` job of this run has said so, to all hosts. */
function startsEtcd(run: Stage): boolean {
  return targetsOf(run, 'etcd').some(({ name }) => run.secrets?.get(name)?.startsEtcd);
}

/** Also by a host that is no master in the file any more, or a node that has joined. A job that does not see all hosts cannot know it: there the bundle decides. */
function hadApiServer({ cluster, inspections }: Stage): boolean {
  const seen = cluster.hosts.map(({ name }) => inspections.get(name));
  return seen.some(
    (inspection) => !inspection || inspection.scopes.includes('master') || inspection.scopes.includes('node'),
  );
}

/** A refusal as the Problem of its host. */
export function problemOf({ code, host, message, hint }: MemberRefusal): Problem {
  return new Problem(message, { code, host, hint });
}

/** A step as a line of the log: what happens, or would happen, and why. */
export function memberStepInWords(step: MemberStep, planned: boolean): string {
  const words: Readonly<Record<MemberStep['do'], string>> = {
    add: 'join etcd as a learner',
    start: 'start as a registered member of etcd',
    resume: 'start its member of etcd',
    promote: 'become a voter of etcd',
    remove: `remove ${'id' in step ? `the member ${step.id}` : ''} from etcd${'name' in step && step.name ? ` (${step.name})` : ''}`,
    wait: 'wait',
  };
  return stepInWords({ host: step.host, do: words[step.do], reason: step.why }, planned);
}
