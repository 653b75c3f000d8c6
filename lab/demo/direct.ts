import { LabError } from '../error.ts';
import type { Lab } from '../lab.ts';
import { powerCommandOf } from '../power-command.ts';
import { type ActionResult, runAction } from '../runner/run-action.ts';
import { isPhase } from './jobs.ts';
import type { Parts } from './parts.ts';
import { showMetrics, showWorkload } from './showing.ts';
import { showLine } from './terminal.ts';

/** Deploys the cluster with the root action, in one job. Returns whether it already matched its file. */
export async function demoDirect(lab: Lab, parts: Parts): Promise<boolean> {
  const deployment = await parts.run('The cluster', () => action(lab, 'deploy'), phasesOf);
  const again = deployment.outputs.changed === '0';
  const kubectl = await parts.run('A workload', () => showWorkload(lab));
  if (again) return true;
  await parts.run('The same run again', () => action(lab, 'deploy'));
  await parts.run('Metrics', () => showMetrics(kubectl));
  const inputs = { fault: 'poweroff', 'power-command': powerCommandOf(lab), 'report-dir': lab.stateDir };
  await parts.run('The loss of master-1', () => action(lab, 'verify-failover', inputs));
  return false;
}

async function action(lab: Lab, name: string, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  const result = await runAction(lab, name, { inputs, onLine: showLine });
  if (result.status === 0) return result;
  throw new LabError(`the ${name} action failed`, {
    hint: 'The last lines say why. Fix the cause and run the demo again.',
  });
}

/** The lines of a log that report the time of each phase. */
function phasesOf({ lines }: ActionResult): readonly string[] {
  return lines.map(({ text }) => text).filter(isPhase);
}
