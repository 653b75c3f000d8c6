import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../error.ts';
import type { Kubectl } from '../kubectl.ts';
import { say } from './terminal.ts';

/** How often a client that should soon get an answer asks again. */
const pauseMs = 250;

/** Runs two web servers behind a Service and asks them by DNS name from a pod; then asks metrics-server. */
export async function showWorkload(kubectl: Kubectl): Promise<void> {
  await kubectl.must(['apply', '-f', '-'], { input: readFileSync(join(import.meta.dirname, 'workload.yaml'), 'utf8') });
  await kubectl.must(['rollout', 'status', 'deployment/web', '--timeout=90s'], { timeout: 100_000 });
  await kubectl.must(['wait', '--for=condition=Ready', 'pod/client', '--timeout=60s'], { timeout: 70_000 });
  const answer = await eventually(60_000, () =>
    kubectl.run(['exec', 'client', '--', '/web', 'get', 'http://web.default.svc.cluster.local/'], { timeout: 10_000 }),
  );
  say(`a pod asked http://web.default.svc.cluster.local/ and got: ${answer.trim()}`);
}

/** What `kubectl top` says once metrics-server has its first samples (it takes them every 15 s). */
export async function showMetrics(kubectl: Kubectl): Promise<void> {
  say(`kubectl top nodes:\n${(await eventually(120_000, () => kubectl.run(['top', 'nodes']))).trimEnd()}`);
}

async function eventually(
  limitMs: number,
  attempt: () => Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>,
): Promise<string> {
  const end = performance.now() + limitMs;
  for (;;) {
    const { status, stdout, stderr } = await attempt();
    if (status === 0) return stdout;
    if (performance.now() > end)
      throw new LabError(`no answer after ${limitMs / 1000} s: ${stderr.trim() || stdout.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
