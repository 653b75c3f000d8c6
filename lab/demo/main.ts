// `npm run demo`: from nothing to a cluster of seven hosts that survives the loss of master-1, with the time of each part.
// When it runs again while the lab is up, it shows that nothing changes.
import { existsSync } from 'node:fs';
import { cacheFolder } from '../binaries/cache.ts';
import { provideTool } from '../binaries/tools.ts';
import { LabError, messageOf } from '../error.ts';
import { type Lab, openLab } from '../lab.ts';
import { prepareCache } from '../prepare.ts';
import { type DemoMode, demoMode, helpText } from './arguments.ts';
import { demoDirect } from './direct.ts';
import { Parts } from './parts.ts';
import { reportFile, summaryFile } from './places.ts';
import { heading, say } from './terminal.ts';
import { demoWorkflow } from './workflow.ts';

async function demo(mode: Exclude<DemoMode, 'help'>): Promise<void> {
  const lab = openLab();
  const parts = new Parts();
  await parts.run('Binaries, packages and images', async () => {
    await prepareCache(say);
    if (mode === 'workflow') await provideTool('act', { cache: cacheFolder(), log: say });
  });
  await parts.run('Seven hosts', () => lab.up({ progress: say }));
  const unchanged = await (mode === 'workflow' ? demoWorkflow : demoDirect)(lab, parts);
  heading('Done');
  for (const line of parts.lines) say(line);
  if (unchanged) say('The cluster already matched cluster.yaml: nothing was changed and nothing was restarted.');
  sayWhatIsNext(lab);
}

function sayWhatIsNext(lab: Lab): void {
  const [report, summary] = [reportFile(lab), summaryFile(lab)];
  say('Next:');
  say('  npm run lab -- kubectl get nodes       kubectl as the administrator');
  say('  npm run lab -- shell master-1          a shell on a host');
  say('  npm run lab -- power off master-2      what else it survives');
  if (existsSync(report)) say(`  ${report}   the failover, second by second, for a browser`);
  if (existsSync(summary)) say(`  ${summary}    what the page of the workflow's run would show`);
  say('  npm run lab -- down                    takes everything away');
}

function sayWhatWentWrong(error: unknown): void {
  console.error(`error: ${messageOf(error)}`);
  if (error instanceof LabError && error.hint) console.error(`hint: ${error.hint}`);
  else if (!(error instanceof LabError) && error instanceof Error) console.error(error.stack);
}

try {
  const mode = demoMode(process.argv.slice(2));
  if (mode === 'help') process.stdout.write(helpText);
  else await demo(mode);
} catch (error) {
  for (const each of error instanceof AggregateError ? error.errors : [error]) sayWhatWentWrong(each);
  process.exitCode = 1;
}
