import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LabError } from '../../lab/error.ts';
import type { Lab } from '../../lab/lab.ts';
import { startWorkload } from '../../lab/workload.ts';
import { type Election, onLab, say, setStage } from '../stage.ts';
import { startPeers } from './peers.ts';
import { addTrial, readTrials } from './results.ts';
import { summaryOf } from './summary.ts';
import { type Fault, faults, type Trial, tryOnce } from './trial.ts';

const options = {
  faults: { type: 'string', default: 'poweroff' },
  election: { type: 'string', default: 'default' },
  trials: { type: 'string', default: '10' },
  hold: { type: 'string', default: '60' },
  peers: { type: 'string', default: 'yes' },
  results: { type: 'string', default: 'bench-failover.jsonl' },
  keep: { type: 'boolean', default: false },
} as const;

/** Runs the missing trials of a series, and writes its summary next to the results. */
export async function failoverSeries(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const elections = listed(values.election, ['default', 'fast'] as const);
  const chosen = listed(values.faults, faults);
  const [trials, holdSeconds] = [Number(values.trials), Number(values.hold)];
  const { results } = values;
  await onLab(values.keep, async (lab) => {
    for (const election of elections) {
      const missing = chosen.flatMap((fault) => {
        const done = readTrials(results).filter((trial) => trial.fault === fault && trial.election === election).length;
        return Array.from({ length: Math.max(0, trials - done) }, () => fault);
      });
      if (missing.length > 0)
        await runTrials({ lab, election, holdSeconds, peers: values.peers !== 'no', results }, missing);
    }
  });
}

/** After each trial, so that a killed series has a summary too. */
function summarise(results: string): void {
  const summary = results.replace(/(\.jsonl)?$/, '.md');
  const trials = readTrials(results);
  writeFileSync(summary, summaryOf(trials));
  say(`${summary}: the summary of ${trials.length} trials`);
}

interface Setting {
  readonly lab: Lab;
  readonly election: Election;
  readonly holdSeconds: number;
  readonly peers: boolean;
  readonly results: string;
}

async function runTrials(
  { lab, election, holdSeconds, peers, results }: Setting,
  wanted: readonly Fault[],
): Promise<void> {
  const stage = await setStage(lab, election);
  await startWorkload(stage.kubectl);
  const others = peers ? await startPeers(stage) : [];
  const endpoints = [{ name: 'ours', port: stage.cluster.api.localPort }, ...others];
  for (const [index, fault] of wanted.entries()) {
    say(`${fault}, election ${election}: ${index + 1} of ${wanted.length}`);
    const trial = await tryOnce(stage, { fault, election, holdSeconds, endpoints });
    addTrial(results, trial);
    say(inWords(trial));
    summarise(results);
  }
}

function inWords({ outputs, endpoints, waited, errors, target }: Trial): string {
  const each = endpoints.map(
    (endpoint) =>
      `\n    ${endpoint.name}: ${endpoint.failed} of ${endpoint.requests} failed, slowest ${endpoint.slowestMs} ms, kept connection paused ${endpoint.keptGapMs} ms, watch ${endpoint.watchGapMs} ms${endpoint.held ? '' : ' (not held by the target)'}`,
  );
  const trouble = [...waited, ...errors].map((line) => `\n    ! ${line}`);
  return `${target}: leases elsewhere after ${outputs['transfer-ms']} ms, back after ${outputs['rejoin-ms']} ms${each.join('')}${trouble.join('')}`;
}

/** @throws LabError for a word that is not one of the choices */
function listed<T extends string>(text: string, choices: readonly T[]): readonly T[] {
  return text.split(',').map((word) => {
    const choice = choices.find((each) => each === word);
    if (choice === undefined) throw new LabError(`${word} is none of ${choices.join(', ')}`);
    return choice;
  });
}
