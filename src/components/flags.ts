import type { ExtraArg } from '../cluster/schema.ts';

export { strongCipherSuites } from '../cluster/settings/transport.ts';

/** Flags by name, without hyphens; `undefined` for a flag that this cluster does not need. */
export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * `--name=value` for each flag: first ours, then the user's, which replace ours of the same name (kubeadm's
 * rule for extraArgs). Feature gates are an exception: they are merged one by one.
 */
export function flagList(ours: Flags, extraArgs: readonly ExtraArg[]): string[] {
  const replaced = new Set(extraArgs.map(({ name }) => name));
  const gates = mergeGates(ours[gateFlag], extraArgs);
  const kept = Object.entries(ours).flatMap(([name, value]) =>
    value === undefined || replaced.has(name) || name === gateFlag ? [] : [`--${name}=${value}`],
  );
  const extra = extraArgs.flatMap(({ name, value }) => (name === gateFlag ? [] : [`--${name}=${value}`]));
  return [...kept, ...extra, ...(gates === '' ? [] : [`--${gateFlag}=${gates}`])];
}

const gateFlag = 'feature-gates';

function mergeGates(ours: string | undefined, extraArgs: readonly ExtraArg[]): string {
  const lists = [ours ?? '', ...extraArgs.filter(({ name }) => name === gateFlag).map(({ value }) => value)];
  const pairs = lists.flatMap((list) => list.split(',')).filter((pair) => pair !== '');
  return [...new Map(pairs.map((pair) => [pair.split('=')[0], pair])).values()].join(',');
}

/** The effective value of a flag: the user's last one, otherwise ours. */
export function flagValue(name: string, ours: string, extraArgs: readonly ExtraArg[]): string {
  return extraArgs.findLast((arg) => arg.name === name)?.value ?? ours;
}
