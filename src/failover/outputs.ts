import { figures } from './figures.ts';
import type { FailoverResult } from './result.ts';

/** The outputs of the action: the target, the leader before and now, and every figure with its own name. */
export function outputsOf(result: FailoverResult): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = { target: result.target };
  for (const { lease, from, to, transitions } of result.transfers) {
    const name = lease.replace('kube-', '');
    outputs[`${name}-old-leader`] = from ?? '';
    outputs[`${name}-new-leader`] = (transitions === 0 ? from : to) ?? '';
  }
  for (const { output, from } of figures) if (output !== undefined) outputs[output] = String(from(result) ?? '');
  return outputs;
}
