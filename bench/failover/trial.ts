import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../lab/command.ts';
import { inContainer } from '../../lab/networks.ts';
import { powerCommandOf } from '../../lab/power-command.ts';
import { failedTurns, repeat } from '../../lab/repeat.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { clientCommand, workloadUrl } from '../../lab/workload.ts';
import { hostsWith } from '../../src/cluster/cluster.ts';
import type { Election, Stage } from '../stage.ts';
import { restarted, startsOf } from '../unit-starts.ts';
import { type Endpoint, type EndpointFigures, startClients } from './clients.ts';

export const faults = ['poweroff', 'cut-network', 'freeze', 'kill', 'stop-services'] as const;
export type Fault = (typeof faults)[number];

/** Longer than the worst case of the default election, and much longer than a request to a healthy master takes. */
const longestTransferMs: Readonly<Record<Election, number>> = { default: 22_000, fast: 8000 };

/**
 * A leader that continues after a freeze acts as leader until its renew deadline (10 s), then exits and restarts.
 * This must not affect the next trial.
 */
const staleLeaderMs = 15_000;

/** The result of one trial: a line of the results. Times in ms. */
export interface Trial {
  readonly fault: Fault;
  readonly election: Election;
  /** When the fault began; ISO 8601. */
  readonly began: string;
  readonly target: string;
  /** Whether verify-failover passed by its own thresholds, and its errors if not. */
  readonly passed: boolean;
  readonly errors: readonly string[];
  /** The action's outputs, unchanged. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What a component of a healthy master, or a node besides the target, waited for; see `waitedOf`. */
  readonly waited: readonly string[];
  readonly endpoints: readonly EndpointFigures[];
  /** Requests to a Service by its DNS name from a pod, four times a second. */
  readonly pods: { readonly requests: number; readonly failed: number; readonly slowestMs: number };
}

export interface TrialPlan {
  readonly fault: Fault;
  readonly election: Election;
  readonly holdSeconds: number;
  readonly endpoints: readonly Endpoint[];
}

/** Takes the leading master down once, while all clients send requests, and waits until it is in sync again. */
export async function tryOnce(stage: Stage, plan: TrialPlan): Promise<Trial> {
  const { lab, node } = stage;
  const target = await leaderOf(stage);
  const survivors = hostsWith(stage.cluster, 'master').filter(({ name }) => name !== target);
  const stopClients = await startClients(stage, plan.endpoints, target);
  const askService = inContainer(lab, node, clientCommand, ['/web', 'get', workloadUrl]);
  const stopPods = repeat(() => run(askService, { timeout: 10_000 }), 250);
  const starts = Promise.withResolvers<readonly string[]>();
  const inputs = {
    fault: plan.fault,
    target,
    'power-command': powerCommandOf(lab),
    'hold-seconds': String(plan.holdSeconds),
    'heal-after-seconds': String(plan.holdSeconds + 120),
  };
  const reports = join(lab.stateDir, 'bench-report');
  const result = await stage.act(
    'verify-failover',
    { ...inputs, 'report-dir': reports },
    {
      onLine: ({ text }) => {
        // Candidates that were stopped in favour of the target run again by then.
        if (text.startsWith('fault: ')) starts.resolve(startsOf(lab, survivors));
      },
    },
  );
  starts.resolve([]);
  const [before, after] = [await starts.promise, await startsOf(lab, survivors)];
  await delay(1000);
  const [endpoints, pods] = await Promise.all([stopClients(), stopPods()]);
  if (plan.fault === 'freeze') await delay(staleLeaderMs);
  return {
    fault: plan.fault,
    election: plan.election,
    began: result.outputs.report === undefined ? new Date().toISOString() : beganOf(reports),
    target,
    passed: result.status === 0,
    errors: result.lines.filter(({ kind }) => kind === 'error').map(({ text }) => text),
    outputs: result.outputs,
    waited: [...waitedOf(result, plan.election), ...restarted(before, after)],
    endpoints,
    pods: {
      requests: pods.length,
      failed: failedTurns(pods).length,
      slowestMs: Math.max(0, ...pods.map(({ ms }) => ms)),
    },
  };
}

/** When the fault began, from the report: no output has it. */
function beganOf(reports: string): string {
  return JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8')).figures.began;
}

/** The holder of the controller-manager's lease, by its name in cluster.yaml. */
async function leaderOf({ kubectl, cluster }: Stage): Promise<string> {
  const path = '-o=jsonpath={.spec.holderIdentity}';
  const holder = await kubectl.must(['get', 'lease', '-n', 'kube-system', 'kube-controller-manager', path]);
  const host = cluster.hosts.find(({ nodeName }) => nodeName === holder.split('_')[0]);
  if (!host) throw new Error(`the lease is held by ${holder}`);
  return host.name;
}

/**
 * Whether a healthy component waited for the dead master, as far as visible from outside: a lease was acquired later than
 * any election takes, an API server of a living master was silent, a node that stays missed renewals of its lease or was taken for dead.
 * A restarted unit of a healthy master gave up waiting.
 */
function waitedOf({ outputs }: ActionResult, election: Election): readonly string[] {
  const over = (name: string, most: number, what: string) => {
    const value = Number(outputs[name] || 0);
    return value > most ? [`${what}: ${value} (at most ${most})`] : [];
  };
  return [
    ...over(
      'controller-manager-transfer-ms',
      longestTransferMs[election],
      'the controller-manager’s lease was taken after ms',
    ),
    ...over('scheduler-transfer-ms', longestTransferMs[election], 'the scheduler’s lease was taken after ms'),
    ...over('api-server-gap-ms', 5000, 'an API server of a living master was silent for ms'),
    ...over('node-renewal-gap-ms', 20_000, 'a node that stays did not renew its lease for ms'),
    ...over('not-ready-nodes', 0, 'nodes that stay were taken for dead'),
  ];
}
