import { expiresInDays } from '../../check/certificates.ts';
import { withoutEffects } from '../../check/effects.ts';
import { inOrder } from '../../check/finding.ts';
import { newReport } from '../../check/report.ts';
import { cancellation } from '../../github/cancellation.ts';
import { type FailOn, reportCheck } from '../../github/check-report.ts';
import type { CommonInputs } from '../../github/inputs.ts';
import { githubLog } from '../../github/log.ts';
import { mask } from '../../github/masks.ts';
import { lookAround } from '../../phases/health-drift.ts';
import { inspectReached, reachHosts } from '../../phases/health-hosts.ts';
import { newRun } from '../../phases/run.ts';
import { runPhases } from '../../phases/run-phases.ts';

interface Inputs extends CommonInputs {
  readonly failOn: FailOn;
}

/** Whether the cluster is as its file says and healthy; it changes nothing. */
export async function check({ cluster, clusterFile, access, name, failOn }: Inputs): Promise<void> {
  const run = newRun({ cluster, access, dryRun: true, name, log: githubLog, mask });
  const report = newReport();
  const steps = [reachHosts(report), inspectReached(report), lookAround(report, clusterFile)] as const;
  await runPhases(run, steps, { signal: cancellation() });
  const findings = inOrder(withoutEffects(report.findings));
  await reportCheck(
    { cluster: cluster.name, findings, expiresInDays: expiresInDays(report.certificates, run.now) },
    failOn,
  );
}
