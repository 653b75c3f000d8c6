// `npm run demo`: from nothing to a cluster of seven hosts that survives the loss of master-1, with the time of each part.
// Run again while the lab is up, it shows that nothing changes.
import { join } from 'node:path';
import { LabError, messageOf } from '../error.ts';
import { type Kubectl, openKubectl } from '../kubectl.ts';
import { openLab } from '../lab.ts';
import { powerCommandOf } from '../power-command.ts';
import { prepareCache } from '../prepare.ts';
import { type ActionResult, runAction } from '../runner/run-action.ts';
import { askWorkload, nodeMetrics, startWorkload, workloadUrl } from '../workload.ts';
import { heading, say, showLine } from './terminal.ts';

const lab = openLab();
const times: [part: string, milliseconds: number][] = [];

async function part<T>(title: string, work: () => Promise<T>): Promise<T> {
  heading(title);
  const begin = performance.now();
  try {
    return await work();
  } finally {
    times.push([title, performance.now() - begin]);
  }
}

async function action(name: string, inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
  const result = await runAction(lab, name, { inputs, onLine: showLine });
  if (result.status !== 0)
    throw new LabError(`the ${name} action failed`, {
      hint: 'its last lines say why; run the demo again after the mend',
    });
  return result;
}

async function showWorkload(kubectl: Kubectl): Promise<void> {
  await startWorkload(kubectl);
  say(`a pod asked ${workloadUrl} and got: ${await askWorkload(kubectl)}`);
}

async function showMetrics(kubectl: Kubectl): Promise<void> {
  say(`kubectl top nodes:\n${await nodeMetrics(kubectl)}`);
}

async function demo(): Promise<void> {
  await part('Binaries, packages and images', () => prepareCache(say));
  await part('Seven hosts', () => lab.up({ progress: say }));
  const deployment = await part('The cluster', () => action('deploy'));
  const kubectl = await openKubectl(lab);
  const again = deployment.outputs.changed === '0';
  await part('A workload', () => showWorkload(kubectl));
  if (!again) {
    await part('The same run again', () => action('deploy'));
    await part('Metrics', () => showMetrics(kubectl));
    const inputs = { fault: 'poweroff', 'power-command': powerCommandOf(lab), 'report-dir': lab.stateDir };
    await part('The loss of master-1', () => action('verify-failover', inputs));
  }
  report(again, deployment);
}

function report(again: boolean, deployment: ActionResult): void {
  heading('Done');
  for (const [title, milliseconds] of times) {
    say(`${title.padEnd(32)} ${(milliseconds / 1000).toFixed(1).padStart(7)} s`);
    if (title === 'The cluster') for (const phase of phasesOf(deployment)) say(`    ${phase}`);
  }
  if (again) say('The cluster was as cluster.yaml says already: nothing was changed and nothing was restarted.');
  say('Next:');
  say('  npm run lab -- kubectl get nodes       kubectl as the administrator');
  say('  npm run lab -- shell master-1          a shell on a host');
  say('  npm run lab -- power off master-2      what else it survives');
  if (!again) say(`  ${join(lab.stateDir, 'report.html')}   the failover, second by second, for a browser`);
  say('  npm run lab -- down                    takes everything away');
}

/** The lines in which a log says how long each phase took. */
function phasesOf({ lines }: ActionResult): readonly string[] {
  return lines.map(({ text }) => text).filter((text) => /^[A-Z][^:]*: [\d.]+ m?s$/.test(text));
}

try {
  await demo();
} catch (error) {
  for (const each of error instanceof AggregateError ? error.errors : [error]) {
    console.error(`error: ${messageOf(each)}`);
    if (each instanceof LabError && each.hint) console.error(`hint: ${each.hint}`);
    else if (!(each instanceof LabError) && each instanceof Error) console.error(each.stack);
  }
  process.exitCode = 1;
}
