// `npm test`: types, lint, bundles, unit tests and the end-to-end tests on lab hosts, and one line that sums them up.
// Usage: npm test [-- static|unit|lab|GROUP ...]; without a name: everything. A group of lab tests goes by its name in
// suite/groups.ts. K8S_HA_TEST_LANES: how many groups run at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareCache, prepareTools } from '../lab/prepare.ts';
import { inWords } from '../lab/progress.ts';
import { ensurePrograms } from '../lab/setup.ts';
import { type Group, groupsOf } from './suite/groups.ts';
import { type Counts, failedTests, slowestFiles } from './suite/jest-summary.ts';
import { runInLanes, type Turn } from './suite/lanes.ts';
import { listed, listedPath } from './suite/listed-path.ts';
import { type GroupResult, runGroup } from './suite/run-group.ts';

/** One for each processor of a small machine. With a third lane, two processors are never idle, and a background group gets so little that API servers miss their limits. */
const usualLanes = 2;

const root = join(import.meta.dirname, '..');
const results = mkdtempSync(join(tmpdir(), 'k8s-ha-test-'));
const began = performance.now();

/** Seconds since the tests began, at the start of each line. */
function say(text: string): void {
  console.log(`[${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s] ${text}`);
}

/** Prepares everything that tests need, before the time limit of the first one starts. */
async function prepare(kinds: ReadonlySet<string>): Promise<void> {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return;
  await ensurePrograms(say, listed);
  // From here on only programs of the list are found.
  process.env.PATH = listedPath(join(results, 'bin')) ?? process.env.PATH;
  if (kinds.has('lab')) await prepareCache(say);
  if (kinds.has('lab') || kinds.has('unit')) await prepareTools(say);
}

/** Runs one group, and shows its output at its end. */
async function run(group: Group, turn: Turn): Promise<GroupResult> {
  say(`${group.name} begins in lane ${turn.lane + 1}: ${group.files.join(' ') || group.kind}`);
  const result = await runGroup(group, turn, { root, results });
  console.log(`\n── ${group.name} ${'─'.repeat(100 - group.name.length)}\n${result.output}`);
  const { passed, failed } = result.counts;
  say(`${group.name}: ${passed} passed, ${failed} failed in ${inWords(result.seconds)}`);
  return result;
}

const asked = process.argv.slice(2);
const all = groupsOf(root);
const groups = all.filter(({ name, kind }) => asked.length === 0 || asked.includes(name) || asked.includes(kind));
const known = new Set(all.flatMap(({ name, kind }) => [name, kind]));
const unknown = asked.filter((name) => !known.has(name));
for (const name of unknown) console.error(`there is no part or group ${name}; there are ${[...known].join(', ')}`);
const done: GroupResult[] = [];
try {
  await prepare(new Set(groups.map(({ kind }) => kind)));
  const lanes = Number(process.env.K8S_HA_TEST_LANES) || usualLanes;
  const turn = async (group: Group, how: Turn) => void done.push(await run(group, how));
  // Groups that use all processors run first, alone: so they end earliest, and their time limits hold.
  await runInLanes(
    groups.filter(({ kind }) => kind !== 'lab'),
    1,
    turn,
  );
  await runInLanes(
    groups.filter(({ kind }) => kind === 'lab'),
    lanes,
    turn,
  );
} finally {
  rmSync(results, { recursive: true, force: true });
}
const summaries = done.flatMap(({ summary }) => summary ?? []);
for (const line of [...slowestFiles(summaries, root), ...failedTests(summaries, root)]) console.log(line);
const sum = (key: keyof Counts) => done.reduce((total, { counts }) => total + counts[key], 0);
const failed = sum('failed') + unknown.length;
say('the end');
console.log(`\n${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
