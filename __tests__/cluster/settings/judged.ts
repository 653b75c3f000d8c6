import { stringify } from 'yaml';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { parseCluster } from '../../../src/cluster/load.ts';
import { Problem, problemsOf } from '../../../src/errors.ts';

const hosts = [{ name: 'a', address: '10.0.0.1', roles: ['etcd', 'master', 'node'] }];

/** cluster.yaml of one host with further keys. */
export function fileWith(keys: Readonly<Record<string, unknown>>): string {
  return stringify({ name: 'lab', ...keys, hosts });
}

export function clusterWith(keys: Readonly<Record<string, unknown>>): Cluster {
  return parseCluster(fileWith(keys), 'cluster.yaml');
}

/** The result for a file: `refused`, `opens`, or neither. */
export function verdictOn(keys: Readonly<Record<string, unknown>>): 'refused' | 'opens' | 'silent' {
  return verdictOnText(fileWith(keys));
}

export function verdictOnText(text: string): 'refused' | 'opens' | 'silent' {
  if (refusalsOf(text).length > 0) return 'refused';
  return parseCluster(text, 'cluster.yaml').openings.length > 0 ? 'opens' : 'silent';
}

/** The problems of a file. @throws what is no Problem */
export function refusalsOf(text: string): readonly Problem[] {
  try {
    parseCluster(text, 'cluster.yaml');
    return [];
  } catch (error) {
    return problemsOf(error).map((part) => {
      if (part instanceof Problem) return part;
      throw part;
    });
  }
}

/** A component with these flags: `name=value`. */
export function flags(component: string, ...args: readonly string[]): Readonly<Record<string, unknown>> {
  const extraArgs = args.map((arg) => {
    const [name, ...value] = arg.split('=');
    return { name, value: value.join('=') };
  });
  return { [component]: { extraArgs } };
}

/** A component with this part of its configuration file. */
export function config(component: string, part: unknown): Readonly<Record<string, unknown>> {
  return { [component]: { config: part } };
}
