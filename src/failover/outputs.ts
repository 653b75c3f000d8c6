import { upgradeFigures } from './figure-groups.ts';
import { type FigureRow, figures } from './figures.ts';
import type { FailoverResult } from './result.ts';

/** The outputs of the action: the target, the leader before and now, and every figure with its own name. */
export function outputsOf(result: FailoverResult): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = { target: result.target };
  for (const { lease, from, to, transitions } of result.transfers) {
    const name = lease.replace('kube-', '');
    outputs[`${name}-old-leader`] = from ?? '';
    outputs[`${name}-new-leader`] = (transitions === 0 ? from : to) ?? '';
  }
  return { ...outputs, ...valuesOf(figures, result) };
}

/** The outputs of an upgrade: each of its figures. */
export function upgradeOutputsOf(result: FailoverResult): Readonly<Record<string, string>> {
  return valuesOf(upgradeFigures, result);
}

function valuesOf(rows: readonly FigureRow[], result: FailoverResult): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rows.flatMap(({ output, from }) => (output === undefined ? [] : [[output, String(from(result) ?? '')]])),
  );
}
