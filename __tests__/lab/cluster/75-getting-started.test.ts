import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowRun } from '../../../lab/workflow/act.ts';
import { follow } from '../getting-started/follow.ts';
import { guideSteps, type Step } from '../getting-started/guide.ts';
import { gettingStartedMachine, type Machine } from '../getting-started/machine.ts';
import { bareHosts, lab } from '../seed-lab.ts';

// docs/getting-started.md, followed literally: every block of it, in order, on three bare hosts.
const steps = guideSteps();
const hosts = ['host-1', 'host-2', 'host-3'];
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-getting-started-'));
const printed = new Map<Step, string>();
let machine: Machine;

beforeAll(async () => {
  const file = steps.find((step) => step.kind === 'file' && step.path === 'cluster.yaml');
  writeFileSync(join(folder, 'hosts.yaml'), file?.text ?? '');
  await bareHosts(join(folder, 'hosts.yaml'));
  machine = await gettingStartedMachine(lab, folder);
}, 600_000);

afterAll(async () => {
  await machine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(steps.map((step) => [`${step.heading}: line ${step.line}`, step] as const))('%s', (_, step) => {
  test(`${step.text.split('\n').find((line) => !line.startsWith('#'))} …`, async () => {
    // After a failed step a reader does not try the next one.
    expect(printed.size).toBe(steps.indexOf(step));
    printed.set(step, await follow(step, machine, hosts));
  }, 600_000);
});

test('the fingerprints that the guide compares are the same', () => {
  const fingerprints = (kind: Step['kind']) =>
    [...printed]
      .filter(([step]) => step.kind === kind)
      .flatMap(([, text]) => text.match(/SHA256:\S+/g) ?? [])
      .sort();
  expect(fingerprints('commands on each host')).toHaveLength(3);
  expect(fingerprints('commands')).toEqual(fingerprints('commands on each host'));
});

test('kubectl shows three Ready nodes, to a user and to a job', () => {
  const ready = (text: string) => hosts.filter((host) => new RegExp(`^(look: )?${host} +Ready `, 'm').test(text));
  const texts = [...printed.values()].filter((text) => text.includes('STATUS'));
  expect(texts.map(ready)).toEqual([hosts, hosts]);
});

test('the nightly check moved both leases, failed no request, and left its report', () => {
  const night = runOf('nightly-failover.yml').jobs.find(({ id }) => id === 'verify-failover');
  expect(night?.summary).toMatch(/^## ✅ first: host-\d lost by stop-services/);
  const figure = (name: string) => Object.entries(night?.outputs ?? {}).find(([key]) => key.endsWith(`.${name}`))?.[1];
  expect([Number(figure('requests')) > 0, figure('failed-requests')]).toEqual([true, '0']);
  expect([Number(figure('transfer-ms')) > 0, figure('controller-manager-new-leader')]).toEqual([
    true,
    expect.stringMatching(/^host-\d$/),
  ]);
  const kept = artifacts();
  for (const name of [/^failover-report-first_host-\d_stop-services\.html$/, /^failover-history-first\.jsonl$/])
    expect(kept).toContainEqual(expect.stringMatching(name));
});

test('no part of the keys is in a log', () => {
  const key = readFileSync(join(folder, 'home/.ssh/clusters'), 'utf8').split('\n')[2] ?? '';
  const age = /AGE-SECRET-KEY-\S+/.exec(readFileSync(join(machine.github, 'secrets/AGE_KEY'), 'utf8'))?.[0] ?? '';
  expect([key.length > 20, age.length > 20]).toEqual([true, true]);
  const logs = [...printed.values(), ...runs().map(({ log }) => log)].join('\n');
  expect([logs.includes(key), logs.includes(age)]).toEqual([false, false]);
});

type KeptRun = WorkflowRun & { readonly path: string };

function runs(): readonly KeptRun[] {
  const place = join(machine.github, 'runs');
  return readdirSync(place).map((file) => JSON.parse(readFileSync(join(place, file), 'utf8')));
}

function runOf(workflow: string): KeptRun {
  const run = runs().find(({ path }) => path.endsWith(`/${workflow}`));
  if (!run) throw new Error(`the guide never ran ${workflow}`);
  return run;
}

/** The names of the runs' artifacts. */
function artifacts(): readonly string[] {
  const place = join(machine.github, 'runner/artifacts');
  return readdirSync(place).map((id) => JSON.parse(readFileSync(join(place, id, 'artifact.json'), 'utf8')).name);
}
