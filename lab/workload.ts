import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './error.ts';
import type { Kubectl } from './kubectl.ts';

/** The pause between attempts of a client that expects an answer soon. */
const pauseMs = 250;

/** The Service of the workload, as its clients call it. */
export const workloadUrl = 'http://web.default.svc.cluster.local/';
/** The command of the client pod. */
export const clientCommand: readonly string[] = ['/web', 'sleep'];

/** Runs two web servers behind a Service and a client pod, and waits until they run and kube-proxy has their rules. */
export async function startWorkload(kubectl: Kubectl): Promise<void> {
  const input = readFileSync(join(import.meta.dirname, 'workload.yaml'), 'utf8');
  await kubectl.must(['apply', '-f', '-'], { input });
  await kubectl.must(['rollout', 'status', 'deployment/web', '--timeout=90s'], { timeout: 100_000 });
  await kubectl.must(['wait', '--for=condition=Ready', 'pod/client', '--timeout=60s'], { timeout: 70_000 });
  await askWorkload(kubectl);
}

/** The Service's answer to a pod that requests it by its DNS name. */
export async function askWorkload(kubectl: Kubectl): Promise<string> {
  return await eventually(kubectl, ['exec', 'client', '--', '/web', 'get', workloadUrl], 60_000);
}

/** The output of `kubectl top` when metrics-server has its first samples (it takes them every 15 s). */
export async function nodeMetrics(kubectl: Kubectl): Promise<string> {
  return await eventually(kubectl, ['top', 'nodes'], 120_000);
}

async function eventually(kubectl: Kubectl, args: readonly string[], limitMs: number): Promise<string> {
  const end = performance.now() + limitMs;
  for (;;) {
    const { status, stdout, stderr } = await kubectl.run(args, { timeout: 10_000 });
    if (status === 0) return stdout.trim();
    if (performance.now() > end)
      throw new LabError(`no answer after ${limitMs / 1000} s: ${stderr.trim() || stdout.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
