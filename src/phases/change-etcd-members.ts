import { setTimeout as delay } from 'node:timers/promises';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { addLearner, type Outcome, promoteMember, removeMember, type Seat } from '../etcd/change.ts';
import { components } from '../layout/components.ts';
import { bootstrapText } from '../plan/etcd-bootstrap.ts';
import type { MemberFacts, MemberStep } from '../plan/member-plan.ts';
import { applyState, roleState } from './apply-role.ts';
import { observeMembers } from './observe-etcd.ts';
import { type Phase, unlessDry } from './phase.ts';
import { isOwn, memberStepInWords, observeAgain, planNow } from './plan-etcd-members.ts';
import type { Run } from './run.ts';
import { type Connected, type Prepared, sessionOf } from './stages.ts';

const pauseMs = 500;

/**
 * Carries out the plan of etcd's members, one step at a time. After each step etcd is observed again, since jobs of other hosts may do
 * the same at the same time: what they have done is not done twice, and what they are doing is waited for.
 * @param patienceMs how long one step may be tried: a learner that copies a large database takes minutes.
 */
export function changeEtcdMembers(patienceMs = 600_000): Phase<Prepared> {
  return {
    title: 'Change etcd members',
    when: (run) => unlessDry(run) && run.etcd.facts !== undefined && ownSteps(run, run.etcd.facts).length > 0,
    async run(run, signal) {
      let { facts } = run.etcd;
      if (!facts) return;
      let begun = { title: '', at: performance.now(), reason: '' };
      for (;;) {
        const [step] = ownSteps(run, facts);
        if (!step) return;
        const title = memberStepInWords(step, false);
        if (title !== begun.title) begun = { title, at: performance.now(), reason: '' };
        else if (performance.now() - begun.at > patienceMs) throw overdue(step, patienceMs, begun.reason);
        const outcome = await carryOut(run, facts, step);
        signal.throwIfAborted();
        if (outcome !== 'done') {
          begun = { ...begun, reason: outcome.later };
          await delay(pauseMs, undefined, { signal });
        }
        facts = await observeAgain(run, facts, signal);
      }
    },
  };
}

function ownSteps(run: Run, facts: MemberFacts): readonly MemberStep[] {
  return planNow(run, facts).steps.filter((step) => isOwn(run, step));
}

async function carryOut(run: Prepared, facts: MemberFacts, step: MemberStep): Promise<Outcome> {
  if (step.do === 'wait') return { later: step.why };
  if (step.do === 'start') run.etcd.bootstrap.set(step.host, bootstrapText(run.cluster, 'existing', step.members));
  if (step.do === 'start' || step.do === 'resume') {
    await applyEtcd(run, step.host);
    return 'done';
  }
  // The answers of an observation are not of one moment: a member that starts meanwhile is in the list, and its host was still empty.
  if (step.do === 'remove' && step.host !== undefined) {
    const now = await observeMembers(run);
    if (now.get(step.host)?.data !== 'none') return { later: 'the host has data by now' };
  }
  const outcome = await changeMembers(run, facts, step);
  if (outcome === 'done') {
    run.log.info(memberStepInWords(step, false));
    run.objects.push(`etcd member ${step.host ?? ('name' in step ? step.name : '')} (${step.do})`);
  }
  return outcome;
}

type Change = Extract<MemberStep, { do: 'add' | 'promote' | 'remove' }>;

async function changeMembers(run: Prepared, facts: MemberFacts, step: Change): Promise<Outcome> {
  const seat = seatIn(run, facts);
  if (step.do === 'add') return await addLearner(seat, { name: step.host, peerUrl: step.peerUrl });
  if (step.do === 'promote') {
    // A run that was killed may have left it stopped.
    if (!facts.observed.get(step.host)?.active) await applyEtcd(run, step.host);
    return await promoteMember(seat, step.id);
  }
  const member = seat.members.find(({ id }) => id === step.id);
  return member ? await removeMember(seat, member) : 'done';
}

async function applyEtcd(run: Prepared, name: string): Promise<void> {
  const host = run.cluster.hosts.find((each) => each.name === name);
  if (host) await applyState(run, host, 'etcd', roleState(run, host, 'etcd'));
}

/** A host whose own member is a healthy voter. @throws Problem ETCD_MEMBERS_UNKNOWN */
function seatIn(run: Connected, { observed }: MemberFacts): Seat {
  for (const host of hostsWith(run.cluster, 'etcd')) {
    const list = observed.get(host.name)?.list;
    if (list && run.connections.has(host.name)) return { ...seatAt(run, host), members: list.members };
  }
  throw new Problem('no member of etcd answers any more', {
    code: 'ETCD_MEMBERS_UNKNOWN',
    hint: 'Run again when etcd has a quorum: it continues where this run ended.',
  });
}

function seatAt(run: Connected & Run, host: Host): Omit<Seat, 'members'> {
  return { session: sessionOf(run, host), cluster: run.cluster };
}

function overdue(step: MemberStep, patienceMs: number, reason: string): Problem {
  const learner = {
    code: 'ETCD_LEARNER_BEHIND',
    hint: `Look at \`journalctl -u etcd\` on the host of the new member, and at port ${components.etcd.ports.peers.port} between the hosts. The next run continues with it.`,
  } as const;
  const removal = {
    code: 'ETCD_CHANGE_FAILED',
    hint: 'Run again when all members are healthy: the plan is made again from what etcd says.',
  } as const;
  const seconds = Math.round(patienceMs / 1000);
  return new Problem(`${memberStepInWords(step, false)}, for ${seconds} s in vain: ${reason}`, {
    ...(step.do === 'remove' ? removal : learner),
    host: step.host,
  });
}
