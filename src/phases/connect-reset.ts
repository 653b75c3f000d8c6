import type { Host } from '../cluster/cluster.ts';
import { describeProblem, Problem, problemsOf } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { opener } from './connect-hosts.ts';
import { onHosts } from './on-hosts.ts';
import type { StagePhase } from './phase.ts';
import { allTargets, type Run } from './run.ts';
import type { Connected } from './stages.ts';

/** Hosts that did not answer are left out of `reached`, with why in `unreached`. */
export interface Reached extends Connected {
  readonly reached: readonly Host[];
  readonly unreached: readonly Problem[];
}

/** Fewer than for a deployment: the other hosts wait meanwhile, and who finds the host up again runs the reset again. */
const retries = 2;

/** Of these, the host is not the reason: another run has the cluster, and nothing may be changed anywhere. */
const isOthers = ({ code }: Problem) => code === 'RIVAL_RUN' || code === 'RUN_OVERTAKEN' || code === 'HOST_LOCKED';

/** Connects to the hosts that are reset, and continues without those that cannot be reached. */
export const connectReachable: StagePhase<Run, Pick<Reached, 'sessions' | 'reached' | 'unreached'>> = {
  title: 'Connect to the hosts',
  async run(run, signal) {
    const targets = allTargets(run);
    const open = opener(run, 'first', { signal, retries: run.access.retries ?? retries });
    const tried = await onHosts(targets, (host) => open(host).catch(refusal), signal);
    const unreached = tried.flatMap((each, index) =>
      each instanceof Problem ? [each.within({ host: targets[index]?.name })] : [],
    );
    const others = unreached.filter(isOthers);
    if (others.length > 0) throw new AggregateError(others, 'another run has the cluster');
    if (unreached.length === targets.length) throw new AggregateError(unreached, 'no host can be reached');
    for (const problem of unreached) run.log.warning(describeProblem(problem));
    return { sessions: run.connections, reached: targets.filter(({ name }) => run.connections.has(name)), unreached };
  },
};

function refusal(error: unknown): HostSession | Problem {
  const [problem] = problemsOf(error);
  if (problem instanceof Problem) return problem;
  throw error;
}
