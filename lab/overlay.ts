import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cgroupVersion } from './hosts/cgroups.ts';

type Mapping = Record<string, unknown>;

/** The properties of this machine that determine the settings of the lab's hosts. */
export interface MachineFacts {
  readonly cgroupV1: boolean;
  readonly withoutSysResource: boolean;
}

const CAP_SYS_RESOURCE = 24n;

/** Whether a process may raise its own limits, from the text of its /proc/PID/status. */
export function hasSysResource(status: string): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounding !== undefined && ((BigInt(`0x${bounding}`) >> CAP_SYS_RESOURCE) & 1n) === 1n;
}

/** Looks at this machine. */
function machineFacts(): MachineFacts {
  return {
    cgroupV1: cgroupVersion() === 'v1',
    withoutSysResource: !hasSysResource(readFileSync('/proc/self/status', 'utf8')),
  };
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Merges one tree of settings into another: mappings are merged key by key, everything else is replaced. */
export function merge(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) return above === undefined ? below : above;
  const merged: Mapping = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = merge(below[key], value);
  return merged;
}

/** The lab's settings for a machine, from the text of overlay.yaml. */
export function overlayFor(source: string, facts: MachineFacts): unknown {
  const parts = parse(source) as { always: unknown; cgroupV1: unknown; withoutSysResource: unknown };
  let overlay = parts.always;
  if (facts.cgroupV1) overlay = merge(overlay, parts.cgroupV1);
  if (facts.withoutSysResource) overlay = merge(overlay, parts.withoutSysResource);
  return overlay;
}

/** The settings of a cluster file that this machine's hosts need. */
function labSettings(): unknown {
  return overlayFor(readFileSync(join(import.meta.dirname, 'overlay.yaml'), 'utf8'), machineFacts());
}

/** Writes the cluster file that the lab's hosts are built from: the given one, with the lab's settings over it. */
export function writeClusterFile(source: string, target: string): void {
  const merged = merge(parse(readFileSync(source, 'utf8')), labSettings());
  writeFileSync(target, `# Made from ${source} and lab/overlay.yaml: change those, not this.\n${stringify(merged)}`);
}

/** A cluster file's text, with the lab's settings wherever it has none. */
export function withLabSettings(text: string): string {
  return stringify(merge(labSettings(), parse(text)));
}
