import { hostname } from 'node:os';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import {
  type ClusterClaim,
  claimCluster,
  defaultHealSeconds,
  type FailoverResult,
  type FailoverScene,
  type FaultName,
  forceLeadership,
  isInside,
  judge,
  type MakeFault,
  makeHostFault,
  prepareFailover,
  type RecordPoweredOff,
  recordedFault,
  type Thresholds,
  type Verdict,
  verifyFailover,
  type Window,
} from '../failover/index.ts';
import { type Claim, openHost } from '../host/index.ts';
import { openKubernetes } from '../kubernetes/index.ts';
import { adminConf } from './cluster-access.ts';
import { addressOf, type Connecting, connect } from './connect-hosts.ts';
import { onHosts } from './on-hosts.ts';
import { type Phase, unlessDry } from './phase.ts';
import { recoverPoweredOffHost } from './recover-powered-off-host.ts';
import { type Connected, sessionOf } from './stages.ts';

export { switchOn } from './recover-powered-off-host.ts';

/** The plan of a check, and its thresholds. */
export interface FailoverPlan {
  /** A master's name, or `leader`. */
  readonly target: string;
  readonly fault: FaultName;
  /** The power commands, for the fault poweroff. */
  readonly poweroff?: MakeFault;
  /** Called with the host that is without power, so that the post step can switch it on if this run can't. */
  readonly recordPoweredOff?: RecordPoweredOff;
  /** The time after which a timer undoes a fault on the host. */
  readonly healSeconds?: number;
  /** The minimum duration of the fault. */
  readonly holdMs?: number;
  /** When a fault may begin; absent: always. */
  readonly window?: Window;
  readonly thresholds: Thresholds;
  /** Called with the result and its verdict, good or bad. */
  readonly onResult: (result: FailoverResult, verdict: Verdict) => Promise<void>;
}

const title = 'Verify the failover';

/** In a dry run: checks the preconditions and logs what the check would do. */
export function planLoss(plan: FailoverPlan): Phase<Connected> {
  return {
    title,
    when: ({ dryRun }) => dryRun,
    async run(run) {
      const { scene, fault } = await beginning(plan, run);
      await preview(scene, plan.target, fault);
    },
  };
}

/** Takes down a master, measures the transfer and its effects, and brings it back. The fault is undone also after an abort. */
export function verifyLoss(plan: FailoverPlan): Phase<Connected> {
  return {
    title,
    when: unlessDry,
    async run(run, signal) {
      const { scene, fault } = await beginning(plan, run);
      const result = await claimed(scene, `${run.name}, process ${process.pid} on ${hostname()}`, async (claim) => {
        await recoverPoweredOffHost(run, scene, claim, plan.poweroff);
        signal.throwIfAborted();
        const whole = { ...scene, hostnames: await hostnamesOf(run) };
        await forceLeadership(whole, plan.target, plan.healSeconds);
        signal.throwIfAborted();
        const { target, recordPoweredOff, holdMs } = plan;
        const hold = holdMs === undefined ? {} : { holdMs };
        const noted = recordedFault(fault, [...(recordPoweredOff ? [recordPoweredOff] : []), claim.note]);
        return await verifyFailover(whole, { target, fault: noted, ...hold, signal });
      });
      const verdict = judge(result, plan.thresholds);
      await plan.onResult(result, verdict);
      for (const { text } of verdict.passes) run.log.info(`passed: ${text}`);
      const failures = verdict.failures.map(
        ({ text }) => new Problem(text, { code: 'FAILOVER_VERDICT', host: result.target, hint: verdictHint }),
      );
      if (failures.length > 0) throw new AggregateError(failures, 'the failover did not meet the thresholds');
    },
  };
}

const verdictHint =
  'The fault was undone. The timeline in the job summary and in the report shows what was slow or failed, and when.';

/** The first steps of a check, also in a dry run. @throws Problem FAILOVER_REFUSED for a plan that must not run now */
async function beginning(plan: FailoverPlan, run: Connected): Promise<{ scene: FailoverScene; fault: MakeFault }> {
  const scene = await sceneOf(run);
  const fault = faultOf(plan, run);
  refuseOutside(plan.window);
  refuseShortHealing(plan);
  return { scene, fault };
}

/** The context of a check. @throws Problem NOT_A_MASTER if no master is connected */
async function sceneOf(run: Connected): Promise<FailoverScene> {
  const asked = hostsWith(run.cluster, 'master').find((host) => run.sessions.has(host.name));
  if (!asked) throw new Problem('there is no master', { code: 'NOT_A_MASTER' });
  return {
    cluster: run.cluster,
    adminConf: await adminConf(run, asked),
    sessions: run.sessions,
    hostnames: await hostnamesOf(run),
    log: run.log,
    reopen: (host: Host) => openHost(addressOf(host), run.access, { dryRun: false, log: run.log }),
  };
}

function faultOf({ fault, poweroff, healSeconds }: FailoverPlan, run: Connected): MakeFault {
  if (fault !== 'poweroff') {
    const { cluster, log } = run;
    const options = { cluster, log, ...(healSeconds !== undefined && { healSeconds }) };
    return (target) => makeHostFault(fault, target, { ...options, session: sessionOf(run, target) });
  }
  if (poweroff) return poweroff;
  throw new Problem('there is no command that switches the power', { code: 'COMMAND_INVALID' });
}

function refuseOutside(window: Window | undefined): void {
  if (!window || isInside(window, new Date())) return;
  throw new Problem(`refused: it is ${new Date().toISOString().slice(11, 16)} UTC, outside of ${window.text}`, {
    code: 'FAILOVER_REFUSED',
    hint: 'Nothing was changed. The input window says when a fault may begin.',
  });
}

/** The timer on the host would undo the fault before its minimum duration is over. */
function refuseShortHealing({ fault, holdMs = 0, healSeconds = defaultHealSeconds }: FailoverPlan): void {
  if (fault === 'poweroff' || holdMs < healSeconds * 1000) return;
  throw new Problem(
    `refused: the fault heals by itself after ${healSeconds} s, and is to last for ${holdMs / 1000} s`,
    {
      code: 'FAILOVER_REFUSED',
      hint: 'Nothing was changed. Set heal-after-seconds to at least hold-seconds plus the duration of a check, about a minute.',
    },
  );
}

/** Runs a check while no other one may run in this cluster. */
async function claimed<T>(scene: FailoverScene, holder: string, work: (claim: ClusterClaim) => Promise<T>): Promise<T> {
  const masters = hostsWith(scene.cluster, 'master').filter(({ name }) => scene.sessions.has(name));
  const apis = masters.flatMap(({ name, address }) => {
    const session = scene.sessions.get(name);
    return session ? [openKubernetes(session, scene.adminConf, { address, port: scene.cluster.api.port })] : [];
  });
  try {
    const claim = await claimCluster(apis, holder);
    try {
      return await work(claim);
    } finally {
      await claim.release();
    }
  } finally {
    for (const api of apis) api.close();
  }
}

/** Checks the cluster and the fault's commands, refuses what a check would refuse, and logs what a check would do. */
async function preview(scene: FailoverScene, wanted: string, makeFault: MakeFault): Promise<void> {
  const { target, apis, clusterState } = await prepareFailover(scene, wanted);
  for (const api of apis.values()) api.close();
  const { name } = makeFault(target);
  for (const { lease, host } of clusterState.leases.values()) scene.log.info(`${lease}: led by ${host}`);
  scene.log.info(`would take ${target.name} down by ${name}, watch its leases move, and bring it back`);
}

/**
 * Connects to every host that the check asks: masters, etcd members and nodes. Their locks keep deployments
 * away meanwhile, and a check that finds a running deployment or another check does not wait for its end, because the cluster is changing.
 * A host that is off is no failure here: the check itself evaluates it, and refuses to take down one more.
 */
export const connectWitnesses: Connecting = {
  title: 'Connect to the hosts',
  async run(run, signal) {
    const problems: unknown[] = [];
    const open = async (host: Host) => {
      const claim: Claim = { as: 'first', waitSeconds: 3 };
      // Retried only once: a failover check should fail fast if a host is unreachable.
      await connect(run, host, { retries: 1, lockSeconds: 3, claim, signal }).catch((error: unknown) => {
        if (!(error instanceof Problem) || error.code !== 'HOST_UNREACHABLE') throw error;
        problems.push(error.within({ host: host.name }));
        run.log.warning(`${host.name}: ${error.message}`);
      });
    };
    await onHosts(run.cluster.hosts, open, signal);
    const witnesses = (['master', 'etcd'] as const).map((role) => hostsWith(run.cluster, role));
    const blind = witnesses.some((hosts) => !hosts.some((host) => run.connections.has(host.name)));
    if (blind) throw new AggregateError(problems, 'no master or no etcd member is reachable');
    return { sessions: run.connections };
  },
};

async function hostnamesOf(run: Connected): Promise<ReadonlyMap<string, string>> {
  const masters = hostsWith(run.cluster, 'master').filter((host) => run.sessions.has(host.name));
  const names = await onHosts(masters, async (host): Promise<[string, string]> => {
    const { stdout } = await sessionOf(run, host).run('cat /proc/sys/kernel/hostname');
    return [host.name, stdout.trim()];
  });
  return new Map(names);
}
