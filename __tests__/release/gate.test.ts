// The condition of ci's check `gate`, and the script that decides it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const workflow = (name: string) =>
  parse(readFileSync(join(import.meta.dirname, '../../.github/workflows', `${name}.yml`), 'utf8'));
const ci = workflow('ci');
const [step] = ci.jobs.gate.steps;
const gate = (results: string) =>
  spawnSync('bash', ['-e', '-c', step.run], { env: { PATH: process.env.PATH, RESULTS: results } }).status;

test('The gate waits for every other job of ci', () => {
  expect([...ci.jobs.gate.needs, 'gate'].sort()).toEqual(Object.keys(ci.jobs).sort());
});

test.each([
  ['success', 0],
  ['success success', 0],
  ['success failure', 1],
  ['success cancelled', 1],
  ['skipped', 1],
])('The results "%s" end the gate with %i', (results, status) => {
  expect(gate(results)).toBe(status);
});

test('Without any result the gate fails', () => {
  expect(gate('')).not.toBe(0);
});

test('The lab blocks neither a pull request nor a release before LAB_REQUIRED is set', () => {
  expect(ci.jobs.lab['continue-on-error']).toBe("${{ vars.LAB_REQUIRED != 'true' }}");
  expect(step.env.RESULTS).toContain("vars.LAB_REQUIRED == 'true' && join(needs.*.result, ' ') || needs.unit.result");
  expect(ci.jobs.lab.if).toBe('${{ !inputs.without-lab }}');
  expect(workflow('release').jobs.validate.with).toEqual({ 'without-lab': "${{ vars.LAB_REQUIRED != 'true' }}" });
});
