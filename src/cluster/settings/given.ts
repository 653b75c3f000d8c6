import { formatPath, type Path, quote } from '../finding.ts';
import type { ClusterFile, ExtraArg } from '../schema.ts';
import { type Component, settings } from './table.ts';

/** One value in cluster.yaml for a component: a flag, a key of its configuration file, or a feature gate. */
export interface Given {
  readonly component: Component;
  readonly kind: 'flag' | 'key' | 'gate';
  /** For a key: its path, with dots between the steps. */
  readonly name: string;
  /** In a flag's spelling, for any type in YAML; lists are separated by commas. */
  readonly value: string;
  /** The value as YAML parses it. */
  readonly raw: unknown;
  readonly path: Path;
  /** Its name and value in messages. */
  readonly words: string;
}

/** All values of a file for components, in the file's order. */
export function givenSettings(file: ClusterFile): readonly Given[] {
  return (Object.keys(settings) as Component[]).flatMap((component) => {
    const section = file[component];
    const args = 'extraArgs' in section ? section.extraArgs : [];
    const config = 'config' in section ? section.config : {};
    return [
      ...args.flatMap((arg, index) => givenFlag(component, arg, [component, 'extraArgs', index, 'name'])),
      ...givenKeys(component, config, [component, 'config'], []),
    ];
  });
}

/** A flag, and for --feature-gates also each of its gates. */
function givenFlag(component: Component, { name, value }: ExtraArg, path: Path): readonly Given[] {
  const base = { component, raw: value, path };
  const own: Given = { ...base, kind: 'flag', name: flagName(name), value, words: `${name}=${value}` };
  if (own.name !== 'feature-gates') return [own];
  const gates = value.split(',').map((pair): Given => {
    const [gate = '', set = ''] = pair.split('=').map((part) => part.trim());
    // Since 1.31 a gate may have its component before it: kube:AllAlpha=true (component-base, compatibility/registry.go).
    return { ...base, kind: 'gate', name: gate.replace(/^.*:/, ''), value: set, words: `${name}=${pair.trim()}` };
  });
  return [own, ...gates];
}

/** The values in a part of a configuration file. */
function givenKeys(component: Component, raw: unknown, path: Path, steps: readonly string[]): readonly Given[] {
  if (isMap(raw)) {
    return Object.entries(raw).flatMap(([step, below]) =>
      givenKeys(component, below, [...path, step], [...steps, step]),
    );
  }
  const value = textOf(raw);
  const base = { component, value, raw, path, words: `${formatPath(path)} ${quote(value)}` };
  const [first = '', ...rest] = steps;
  if (plainName(first) === 'featuregates' && rest.length > 0) return [{ ...base, kind: 'gate', name: rest.join('.') }];
  return [{ ...base, kind: 'key', name: steps.join('.') }];
}

/** A value in the form that a component would read from a flag. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return isMap(value) ? JSON.stringify(value) : String(value);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A flag's name in the component's spelling: Kubernetes treats `_` as `-` (component-base, cli/flag/flags.go). */
export function flagName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** A key without the differences that decoders may ignore: case, hyphens, underscores, and dots within or between steps. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}
