import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import type { Problem } from '../../src/errors.ts';
import { LocalHost, shells } from './local-host.ts';

// Processes are started, and a busy machine takes its time.
jest.setTimeout(60_000);

/** Locks every directory and file below a path by flock(2), as every user can who may open them for reading. */
async function holdAll(path: string): Promise<ChildProcess> {
  const script = `import fcntl, os, sys
held = []
for folder, _, names in os.walk(sys.argv[1]):
    for place in [folder, *(os.path.join(folder, name) for name in names)]:
        held.append(os.open(place, os.O_RDONLY))
        fcntl.flock(held[-1], fcntl.LOCK_SH | fcntl.LOCK_NB)
print(len(held), flush=True)
sys.stdin.read()
`;
  const child = spawn('python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** The content of the lock's highest file. */
function lockText(host: LocalHost): string {
  const folder = host.path('run/k8s-ha-action/lock');
  const top = Math.max(...readdirSync(folder).map((name) => Number(name.split('.')[1])));
  return readFileSync(`${folder}/x.${top}`, 'utf8');
}

describe.each(shells)('the lock on a host under %s', (_, shell) => {
  test('is not blocked by another user who locks every file that can be opened', async () => {
    using host = new LocalHost(shell);
    await (await host.open({ claim: { as: 'first', waitSeconds: 1 } })).close();
    const stranger = await holdAll(host.path('run'));
    const claim = { as: 'later', holdSeconds: 1 } as const;
    await (await host.open({ lockSeconds: 1, claim })).close();
    await (await host.open({ lockSeconds: 1, dryRun: true })).close();
    stranger.stdin?.end();
    await once(stranger, 'exit');
  });

  test('is free as soon as its session was killed, and not while a process of it is running', async () => {
    using host = new LocalHost(shell);
    const session = await host.open({ holder: 'run 1' });
    const { answers } = await session.inspect({ ask: ['sleep 30 >/dev/null 2>&1 & echo $!'] });
    const left = Number(answers[0]?.stdout);
    const [leader] = lockText(host).split(' ');
    process.kill(Number(leader), 'SIGKILL');
    const refused = await host.open({ lockSeconds: 1 }).catch((error: unknown) => error);
    expect((refused as Problem).code).toBe('HOST_LOCKED');
    expect((refused as Problem).message).toMatch(/run 1 \(pid \d+ there\)$/);
    process.kill(left, 'SIGKILL');
    await (await host.open({ lockSeconds: 5 })).close();
  });

  test('is free if another process has the id of its session by now', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('run/k8s-ha-action/lock'), { recursive: true });
    mkdirSync(host.path('run/k8s-ha-action/claim-lock'));
    const other = spawn('sleep', ['30'], { detached: true });
    writeFileSync(host.path('run/k8s-ha-action/lock/x.7'), `${other.pid} 12\nrun 1\n`);
    await (await host.open({ lockSeconds: 1 })).close();
    expect(readdirSync(host.path('run/k8s-ha-action/lock'))).toEqual(['x.8']);
    other.kill();
  });

  test('admits several plans together, and a change after their end', async () => {
    using host = new LocalHost(shell);
    const plans = await Promise.all([1, 2, 3].map(() => host.open({ dryRun: true })));
    const refused = await host.open({ lockSeconds: 1 }).catch((error: unknown) => error);
    expect((refused as Problem).message).toContain('a dry run');
    const change = host.open({ lockSeconds: 20, holder: 'run 2' });
    await Promise.all(plans.map((plan) => plan.close()));
    const changing = await change;
    const late = await host.open({ lockSeconds: 1, dryRun: true }).catch((error: unknown) => error);
    expect((late as Problem).message).toContain('run 2');
    await changing.close();
  });
});

test('is held by only one of many sessions that request it at the same time', async () => {
  using host = new LocalHost('/bin/dash');
  const counter = host.path('counter');
  writeFileSync(counter, '0\n');
  const add = async () => {
    const session = await host.open({ lockSeconds: 50 });
    // Read and written without a lock: two at a time would lose one.
    await session.inspect({ ask: [`read -r n <${counter}; sleep 0.02; echo $((n + 1)) >${counter}`] });
    await session.close();
  };
  await Promise.all(Array.from({ length: 12 }, add));
  expect(readFileSync(counter, 'utf8')).toBe('12\n');
  expect(existsSync(host.path('run/k8s-ha-action/lock'))).toBe(true);
});
