// An action in a process of its own, as a runner starts it, with hosts that accept connections and never answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDrCvDGvOKzDwjZ2mLT5TZl2yGfu1ZUo3RYZm2Jm8QYp';
const entry = join(import.meta.dirname, '../../src/actions/plan.ts');

const silent = (): Server => createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('an action ends before its job reaches its time limit, and names its phase and the hosts that were not done', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-job-timeout-'));
  const servers = [silent(), silent()];
  const [one, two] = await Promise.all(servers.map(portOf));
  writeFileSync(
    join(folder, 'cluster.yaml'),
    `name: slow
hosts:
  - { name: one, address: 192.0.2.1, roles: [etcd, master], ssh: { address: 127.0.0.1, port: ${one} } }
  - { name: two, address: 192.0.2.2, roles: [node], ssh: { address: 127.0.0.1, port: ${two} } }
`,
  );
  try {
    const env = {
      PATH: process.env.PATH,
      // Never asked: no host gets as far as that.
      SSH_AUTH_SOCK: join(folder, 'agent'),
      INPUT_CLUSTER: join(folder, 'cluster.yaml'),
      'INPUT_KNOWN-HOSTS': [one, two].map((port) => `[127.0.0.1]:${port} ${hostKey}`).join('\n'),
      'INPUT_TIMEOUT-MINUTES': '0.05',
    };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], { env, cwd: folder });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)));
    const [status] = await once(child, 'close');
    const errors = said
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('::error'));
    expect([status, errors]).toEqual([
      1,
      [
        expect.stringMatching(
          /^::error title=JOB_TIMEOUT in Connect to the hosts::the job would reach its time limit of 0\.05 minutes; not done: one, two%0A {2}→ Run it again/,
        ),
      ],
    ]);
  } finally {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  }
});
