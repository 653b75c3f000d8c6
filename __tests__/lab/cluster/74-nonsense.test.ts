import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { memoryOf } from '../memory-of.ts';
import { initOf, inNetworkOf } from '../networks.ts';
import { type Nonsense, scripts, talkNonsense, talkSense } from '../nonsense-host.ts';
import { refused } from '../refusals.ts';
import { act, lab, onHost, succeeded } from '../seed-lab.ts';
import { standingTrio, trio, trioText } from '../trio.ts';

let file: string;

beforeAll(async () => {
  await standingTrio();
  file = join(lab.stateDir, 'nonsense.yaml');
  writeFileSync(file, trioText());
}, 900_000);

afterAll(async () => {
  await talkSense(lab, 'three');
  succeeded(await act('deploy', { cluster: file }));
}, 300_000);

/** An action's refusal, and the maximum memory of its process. */
async function refusedWithin(megabytes: number, name: string, inputs: Readonly<Record<string, string>> = {}) {
  let peak = () => 0;
  const onStart = (child: ChildProcess) => {
    peak = memoryOf(child);
  };
  const refusal = await refused(lab, { cluster: file, ...inputs }, name, { onStart });
  expect(peak()).toBeGreaterThan(30);
  expect(peak()).toBeLessThan(megabytes);
  return refusal;
}

const modeOf = (host: string) => onHost(host, 'stat -c %a /etc/kubernetes/admin.conf');

const cases: readonly (readonly [string, Nonsense])[] = [
  ['text without a line end', { script: scripts.withoutLineEnd }],
  ['1 GB', { script: scripts.gigabyte, atRequest: 1 }],
];

test.each(cases)(
  'a host that answers by %s is one problem that names it, before anything is changed',
  async (_, nonsense) => {
    await talkNonsense(lab, 'three', nonsense);
    const { codes, errors, milliseconds } = await refusedWithin(300, 'deploy');
    expect(codes).toEqual(['HOST_NONSENSE']);
    expect(errors[0]).toMatch(/^three: the host's answer makes no sense/);
    expect(milliseconds).toBeLessThan(60_000);
  },
  120_000,
);

test.each(['broken', 'withoutLineEnd'] as const)(
  'a host that begins to talk nonsense (%s) while it is changed keeps none of the others from being changed',
  async (kind) => {
    for (const { name } of trio) await onHost(name, 'chmod 644 /etc/kubernetes/admin.conf');
    await talkNonsense(lab, 'three', { script: scripts[kind], atRequest: 2 });
    const { codes, errors } = await refusedWithin(300, 'deploy');
    expect([codes, errors[0]]).toEqual([['HOST_NONSENSE'], expect.stringMatching(/^three: /)]);
    expect([await modeOf('one'), await modeOf('two')]).toEqual(['600\n', '600\n']);
    await talkSense(lab, 'three');
    succeeded(await act('deploy', { cluster: file }));
    expect(await modeOf('three')).toBe('600\n');
  },
  300_000,
);

test('an API server with an endless answer is one problem that names its host', async () => {
  await onHost('one', 'systemctl stop kube-apiserver');
  const program = join(import.meta.dirname, '../odd-api-server.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program];
  const [command, ...args] = inNetworkOf('one', [...node, `/proc/${initOf('one')}/root`, '6443']);
  const server = spawn(command ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(server.stdout, 'data');
    const { codes, errors, milliseconds } = await refusedWithin(300, 'kubeconfig', { user: 'tester' });
    expect(codes).toEqual(['API_NONSENSE']);
    expect(errors[0]).toMatch(/^one: failed to POST /);
    expect(milliseconds).toBeLessThan(60_000);
  } finally {
    server.kill();
    await onHost('one', 'systemctl start kube-apiserver');
  }
}, 120_000);
