import type { ExtraArg } from '../schema.ts';

/**
 * The result for a value. `refused`: it would defeat a promise of SECURITY.md or break the cluster, and no host is touched.
 * `opens`: it is allowed, and every plan reports it.
 */
export type Verdict = 'refused' | 'opens';

/** The values of a setting that a rule applies to. */
export interface Values {
  /** Their name on the reference page: `true`, `other than Webhook`. */
  readonly words: string;
  readonly include: (value: string) => boolean;
  /** The type of the setting's value in a configuration file. Default: text, or any. */
  readonly type?: 'boolean' | 'number';
}

export interface Rule {
  readonly verdict: Verdict;
  /** The reason; continues "The flag … ". */
  readonly message: string;
  /** The value to write instead, or the fix; the reference page shows it. */
  readonly hint: string;
  /** The same hint for one file, from all flags of the component. */
  readonly hintFor?: (args: readonly ExtraArg[]) => string;
  /** The recommendation of the CIS benchmark 1.12 that the value violates. */
  readonly cis?: string;
  /** Default: any value. */
  readonly values?: Values;
}

/** A flag of extraArgs, a key of config, a feature gate, or several of them with the same meaning, with their rules. */
export interface Setting {
  /** Without leading hyphens. */
  readonly flag?: string;
  /** With dots between its steps: `authentication.anonymous.enabled`. `*.` at its start matches any steps. */
  readonly key?: string;
  readonly gate?: string;
  readonly rules: readonly Rule[];
}

type Details = Partial<Pick<Rule, 'values' | 'cis' | 'hint' | 'hintFor'>>;

/** A rule that refuses a value: any value, unless `values` limits it. */
export function refuse(message: string, details: Details = {}): Rule {
  return { verdict: 'refused', message, hint: 'Remove it.', ...details };
}

/** A rule that allows and reports a value. */
export function opens(message: string, details: Details = {}): Rule {
  return { verdict: 'opens', message, hint: 'Remove it, or accept it in review.', ...details };
}

/** What is said about a flag; `name` is without hyphens before it. */
export function flag(name: string, ...rules: readonly Rule[]): Setting {
  return { flag: name, rules };
}

/** What is said about a key of the configuration file; `path` has dots between its steps, and `*.` means any steps before it. */
export function key(path: string, ...rules: readonly Rule[]): Setting {
  return { key: path, rules };
}

/** A flag and the key of the configuration file with the same meaning. */
export function both(name: string, path: string, ...rules: readonly Rule[]): Setting {
  return { flag: name, key: path, rules };
}

/** What is said about a feature gate, as a flag or in the configuration file. */
export function gate(name: string, ...rules: readonly Rule[]): Setting {
  return { gate: name, rules };
}

/** Flags of earlier releases that the supported minor versions (src/cluster/versions.ts) no longer have: a component that gets one does not start. */
export function gone(flags: Readonly<Record<string, string>>): readonly Setting[] {
  const message = 'no longer exists in the supported versions of Kubernetes';
  return Object.entries(flags).map(([name, hint]) => flag(name, refuse(message, { hint })));
}

/** Flags that are derived from other keys of cluster.yaml: the values name those. */
export function madeFrom(flags: Readonly<Record<string, string>>): readonly Setting[] {
  const message = 'is made from another key of this file';
  return Object.entries(flags).map(([name, source]) => flag(name, refuse(message, { hint: `Use ${source} instead.` })));
}

/** Flags with paths of files that the product places on the host. */
export function placed(...names: readonly string[]): readonly Setting[] {
  return names.map((name) => flag(name, placedRule));
}

export const placedRule = refuse('is set by the product, which places what it names');
