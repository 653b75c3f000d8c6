import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { Problem } from '../../src/errors.ts';
import { gateCommand } from '../../src/github/upgrade-gate.ts';
import { hostOf } from '../phases/scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-gate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clusterWith = (gate: string | undefined, seconds = 10) =>
  parseCluster(
    `name: gated
kubernetesVersion: 1.37.2
${gate === undefined ? '' : `upgrade: ${JSON.stringify({ gate, gateSeconds: seconds })}`}
hosts:
  - { name: one, address: 192.168.1.11, roles: [etcd, master, node], hostname: one.example.com }
`,
    'cluster.yaml',
  );
const notCancelled = new AbortController().signal;
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  'INPUT_SSH-KEY': 'x',
  GITHUB_TOKEN: 'x',
  ACTIONS_RUNTIME_TOKEN: 'x',
};

/** What the command gives for the host one. */
async function outcomeOf(gate: string, { seconds = 10, signal = notCancelled } = {}) {
  const cluster = clusterWith(gate, seconds);
  return await gateCommand(cluster, false, env)?.(cluster, hostOf(cluster, 'one'), 'node', signal);
}

test('the command is a line of sh, and its exit status and all its output are returned', async () => {
  expect(await outcomeOf('true')).toEqual({ status: 0, output: '' });
  expect(await outcomeOf('echo one; echo two >&2; false || exit 3')).toEqual({ status: 3, output: 'one\ntwo\n' });
  expect(await outcomeOf('if')).toMatchObject({ status: 2, output: expect.stringContaining('yntax') });
});

test('its environment says which host is done, and has no secret and no token', async () => {
  const place = join(folder, 'environment');
  await outcomeOf(`env >${place}`);
  const lines = readFileSync(place, 'utf8').split('\n');
  const about = lines.filter((line) => line.startsWith('UPGRADE_'));
  expect(about.sort()).toEqual([
    'UPGRADE_HOST=one',
    'UPGRADE_NODE=one.example.com',
    'UPGRADE_ROLE=node',
    'UPGRADE_VERSION=1.37.2',
  ]);
  const names = lines.map((line) => line.replace(/=.*/, ''));
  const ofShells = ['', '_', 'PWD', 'OLDPWD', 'SHLVL'];
  expect(names.filter((name) => !name.startsWith('UPGRADE_') && !ofShells.includes(name)).sort()).toEqual([
    'HOME',
    'PATH',
  ]);
});

test('a command without an end is ended at its time limit, and with a cancelled run', async () => {
  expect(await outcomeOf('echo begun; sleep 60', { seconds: 1 })).toEqual({
    status: 124,
    output: 'begun\n\nno end after 1 s',
  });
  const controller = new AbortController();
  const begin = performance.now();
  const running = outcomeOf(`trap '' TERM; echo $$ >${folder}/pid; sleep 60`, { signal: controller.signal });
  setTimeout(() => controller.abort(), 300);
  expect(await running).not.toMatchObject({ status: 0 });
  expect(performance.now() - begin).toBeLessThan(2500);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a dry run has no command, and neither has a file without one', () => {
  expect(gateCommand(clusterWith('true'), true, { GITHUB_EVENT_NAME: 'pull_request_target' })).toBeUndefined();
  expect(gateCommand(clusterWith(undefined), false, { GITHUB_EVENT_NAME: 'pull_request_target' })).toBeUndefined();
});

describe('A run that may have a stranger’s cluster.yaml is refused before it begins:', () => {
  const events = ['pull_request', 'pull_request_target', 'pull_request_review', 'issue_comment', 'workflow_run'];
  test.each([...events, 'an_event_of_later_years'])('%s', (event) => {
    const make = () => gateCommand(clusterWith('true'), false, { GITHUB_EVENT_NAME: event });
    expect(make).toThrow(Problem);
    expect(make).toThrow(expect.objectContaining({ code: 'UPGRADE_UNTRUSTED' }));
  });

  test.each(['push', 'workflow_dispatch', 'schedule', undefined])('not %s', (event) => {
    expect(gateCommand(clusterWith('true'), false, { GITHUB_EVENT_NAME: event })).toBeDefined();
  });
});
