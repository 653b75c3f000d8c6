import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { type ActionManifest, readActionManifests } from '../../../docs/action-manifests.ts';
import { runWorkflow, type WorkflowOptions, type WorkflowRun } from '../../../lab/workflow/act.ts';
import { scratchFolder } from '../scratch.ts';

// Which jobs run for which trigger, and with which inputs: the real workflows by act, with actions that only print their inputs.
const root = join(import.meta.dirname, '../../..');
let place: AsyncDisposable & { path: string };

beforeAll(async () => {
  place = await scratchFolder();
  for (const folder of ['examples', '.github/workflows'])
    cpSync(join(root, folder), join(place.path, 'project', folder), { recursive: true });
  const form = readFileSync(join(root, 'examples/rebuild.yml'), 'utf8').replace('on:\n', 'on:\n  push:\n');
  writeFileSync(join(place.path, 'project/examples/rebuild-on-push.yml'), form);
  symlinkSync(join(root, 'node_modules'), join(place.path, 'project/node_modules'));
  for (const manifest of readActionManifests()) layPrintingAction(manifest);
});

afterAll(async () => await place[Symbol.asyncDispose]());

const matrices: Readonly<Record<string, string>> = { name: 'some', etcd: '["one"]', master: '["one"]', node: '[]' };

/** An action with the same inputs, whose plan has one host with etcd and a master. */
function layPrintingAction({ folder, inputs, outputs }: ActionManifest): void {
  const given = Object.keys(inputs).map((name) => `${name}=<\${{ inputs.${name} }}>`);
  const manifest = {
    ...{ name: 'printing', description: 'Prints its inputs', inputs },
    outputs: Object.fromEntries(
      Object.keys(outputs).map((name) => [name, { description: name, value: matrices[name] ?? '' }]),
    ),
    runs: {
      using: 'composite',
      steps: [{ shell: 'sh', env: { GIVEN: given.join(' ') }, run: 'echo "inputs $GIVEN"' }],
    },
  };
  mkdirSync(join(place.path, 'project', folder), { recursive: true });
  writeFileSync(join(place.path, 'project', folder, 'action.yml'), stringify(manifest));
}

async function run(example: string, options: Partial<WorkflowOptions> = {}): Promise<WorkflowRun> {
  const project = join(place.path, 'project');
  const [stateDir, clusterFile] = [place.path, join(place.path, 'none.yaml')];
  const lab = { id: 'none', root: project, netns: '', stateDir, clusterFile };
  const secrets = { SSH_KEY: 'the key', AGE_KEY: 'the identity', POWER_COMMAND: 'the switch' };
  const variables = { KNOWN_HOSTS: 'the hosts' };
  return await runWorkflow(lab, { workflow: join(project, 'examples', example), secrets, variables, ...options });
}

function results({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ id, matrix, status }) => [[id, ...Object.values(matrix)].join(' '), status]));
}

/** The inputs that a job gave to its action. */
function inputsOf({ jobs }: WorkflowRun, id: string): string {
  const lines = jobs.find((job) => job.id === id)?.lines ?? [];
  return lines.find((line) => line.startsWith('inputs ')) ?? '';
}

const applied = {
  ...{ plan: 'success', pki: 'success', 'etcd one': 'success', 'master one': 'success', node: 'skipped' },
  ...{ addons: 'success', 'verify-failover': 'skipped', gate: 'success' },
};

const skipped = Object.fromEntries(Object.keys(applied).map((job) => [job.split(' ')[0] ?? '', 'skipped']));

test.each([
  ['the own-jobs workflow by hand', 'cluster.yml', 'workflow_dispatch', {}],
  ['a push', 'apply.yml', 'push', {}],
  ['the monthly renewal', 'renew.yml', 'schedule', { others: 'skipped' }],
  ['the form by a trigger without a form', 'rebuild-on-push.yml', 'push', {}],
])('%s applies the file, without any input, and tests no failover', async (_, example, event, more) => {
  const outcome = await run(example, { event });
  expect([results(outcome), outcome.success]).toEqual([{ ...applied, ...more }, true]);
  expect(inputsOf(outcome, 'etcd')).toMatch(/ known-hosts=<the hosts> .*hosts=<one>/);
});

test('a pull request only gets its plan', async () => {
  const head = { repo: { full_name: 'someone/clusters' } };
  const event = { event: 'pull_request', payload: { number: 7, pull_request: { number: 7, head } } };
  const outcome = await run('pull-request.yml', event);
  expect([results(outcome), outcome.success]).toEqual([
    { ...skipped, plan: 'success', gate: 'success', file: 'skipped' },
    true,
  ]);
});

test('a pull request of a fork gets its file checked, without a secret', async () => {
  const head = { repo: { full_name: 'stranger/clusters' } };
  const payload = { number: 7, pull_request: { number: 7, head } };
  const outcome = await run('pull-request.yml', { event: 'pull_request', payload, secrets: {}, variables: {} });
  expect([results(outcome), outcome.success]).toEqual([{ ...skipped, file: 'success' }, true]);
  expect(inputsOf(outcome, 'file')).toMatch(/ ssh-key=<> known-hosts=<> .* file-only=<true>/);
});

test('a fault that is named is tested after the changes, with the power command', async () => {
  const outcome = await run('rebuild.yml', { inputs: { fault: 'poweroff', target: 'one' } });
  expect(results(outcome)).toEqual({ ...applied, 'verify-failover': 'success' });
  expect(inputsOf(outcome, 'verify-failover')).toMatch(/ fault=<poweroff> power-command=<\*\*\*> .* target=<one> /);
});

test.each(['self-hosted', '["self-hosted"]', '"self-hosted"'])('RUNNER is a label or JSON: %s', async (label) => {
  const outcome = await run('cluster.yml', { variables: { RUNNER: label } });
  expect([results(outcome), outcome.success]).toEqual([applied, true]);
});

test('the user’s own action connects each job that reaches hosts, before ours', async () => {
  const action = {
    ...{ name: 'connect', description: 'Connects', inputs: { secret: { description: 'A secret' } } },
    runs: {
      using: 'composite',
      steps: [
        { shell: 'sh', env: { SECRET: '${{ inputs.secret }}' }, run: 'echo "connected by ${#SECRET} characters"' },
      ],
    },
  };
  const outcome = await run('rebuild.yml', {
    inputs: { fault: 'kill' },
    secrets: { CONNECT: 'seven11' },
    files: { '.github/actions/connect/action.yml': stringify(action) },
  });
  const logs = outcome.jobs.filter(({ status, id }) => status === 'success' && id !== 'gate').map(({ lines }) => lines);
  expect(logs).toHaveLength(6);
  for (const lines of logs) expect(lines).toEqual(['connected by 7 characters', expect.stringMatching(/^inputs /)]);
});

test('the night only tests the failover', async () => {
  const outcome = await run('nightly-failover.yml', { event: 'schedule' });
  expect([results(outcome), outcome.success]).toEqual([
    { ...skipped, 'verify-failover': 'success', gate: 'success' },
    true,
  ]);
  expect(inputsOf(outcome, 'verify-failover')).toMatch(
    / fault=<stop-services> .* target=<leader> .* history=<artifact> /,
  );
});

/** Calls the reusable workflow, as docs/runners.md shows it. */
function reusable(runner: string): string {
  const secrets = { SSH_KEY: '${{ secrets.SSH_KEY }}', AGE_KEY: '${{ secrets.AGE_KEY }}' };
  const uses = 'org/k8s-ha-action/.github/workflows/cluster.yml@v1';
  const call = { uses, with: { runner, 'known-hosts': 'the hosts' }, secrets };
  const permissions = { contents: 'read', actions: 'read' };
  const file = join(place.path, 'project/examples/reusable.yml');
  writeFileSync(file, stringify({ on: 'push', permissions: {}, jobs: { cluster: { permissions, ...call } } }));
  return 'reusable.yml';
}

test('the reusable workflow runs for everyone on GitHub’s runners, and on self-hosted ones for its own owner', async () => {
  for (const [runner, repository] of [
    ['ubuntu-latest', 'someone/clusters'],
    ['["self-hosted"]', 'org/clusters'],
  ] as const) {
    const outcome = await run(reusable(runner), { event: 'push', repository });
    expect([results(outcome), outcome.success]).toEqual([applied, true]);
  }
  await expect(run(reusable('${{ vars.RUNNER }}'), { variables: { RUNNER: 'self-hosted' } })).rejects.toThrow(
    'Called workflows cannot be queued onto self-hosted runners across organizations/enterprises',
  );
});
