import { relative } from '../instruments/timeline.ts';
import { drained, type UpgradeStep, upgrade } from '../result.ts';

/** `350 ms`, `16.2 s`: as short as a person needs it; exact figures stand in the JSON. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `0.4 s longer than the night before`. */
export function changeInWords(change: number | undefined): string {
  if (change === undefined) return '';
  if (change === 0) return 'as the night before';
  return `${duration(Math.abs(change))} ${change > 0 ? 'longer' : 'shorter'} than the night before`;
}

/** `master-1 lost by kill`, or `upgraded to Kubernetes 1.37.2`. */
export function headline({ target, fault }: { readonly target: string; readonly fault: string }): string {
  return fault === upgrade ? `upgraded to ${target}` : `${target} lost by ${fault}`;
}

/** What a step of an upgrade did: `drain`, or `restarts kubelet, kube-proxy`. */
export const stepInWords = (what: string): string => (what === drained ? drained : `restarts ${what}`);

export const stepHead = ['host', 'what', 'began', 'took'];

/** A row of {@link stepHead} for each step of an upgrade. */
export function stepRows(steps: readonly UpgradeStep[]): readonly (readonly string[])[] {
  return steps.map(({ host, what, fromMs, toMs }) => [
    host,
    stepInWords(what),
    relative(fromMs),
    duration(toMs - fromMs),
  ]);
}

/** Why no load balancer was probed. */
export function noProbes(isUpgrade: boolean): string {
  const why = isUpgrade ? 'the cluster had no node before' : 'the cluster has no node besides the host that was hit';
  return `No node’s balancer was probed: ${why}.`;
}

/** How a probe of this kind asks. */
export function kindInWords(kind: string): string {
  const words: Readonly<Record<string, string>> = {
    new: 'new connections',
    kept: 'kept connection',
    write: 'writes, new connections',
    watch: 'a watch on what is written',
    direct: 'its own API server',
    service: 'a Service, by name',
  };
  return words[kind] ?? kind;
}
