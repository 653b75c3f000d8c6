import type { ExtraArg } from '../schema.ts';

/**
 * The result for a value. `refused`: it would defeat a promise of SECURITY.md or break the cluster, and no host is touched.
 * `opens`: it is allowed, and every plan reports it.
 */
export type Verdict = 'refused' | 'opens';

/** The values of a setting that a rule is about. */
export interface Values {
  /** As the reference page names them: `true`, `other than Webhook`. */
  readonly words: string;
  readonly include: (value: string) => boolean;
  /** Of the setting's value in a configuration file; absent: text, or anything. */
  readonly type?: 'boolean' | 'number';
}

export interface Rule {
  readonly verdict: Verdict;
  /** Continues "The flag … ". */
  readonly message: string;
  /** What to write instead; the reference page shows it. */
  readonly hint: string;
  /** The same hint for one file, from all flags of the component. */
  readonly hintFor?: (args: readonly ExtraArg[]) => string;
  /** The recommendation of the CIS benchmark 1.12 that the value departs from. */
  readonly cis?: string;
  /** Absent: any value. */
  readonly values?: Values;
}

/** A flag of extraArgs, a key of config, a feature gate, or several of them that mean the same, with their rules. */
export interface Setting {
  /** Without hyphens before it. */
  readonly flag?: string;
  /** With dots between its steps: `authentication.anonymous.enabled`. `*.` at its start matches any steps. */
  readonly key?: string;
  readonly gate?: string;
  readonly rules: readonly Rule[];
}

type Details = Partial<Pick<Rule, 'values' | 'cis' | 'hint' | 'hintFor'>>;

/** A rule by which a value is refused; any value unless `values` names some. */
export function refuse(message: string, details: Details = {}): Rule {
  return { verdict: 'refused', message, hint: 'Remove it.', ...details };
}

/** A rule by which a value is allowed and reported. */
export function opens(message: string, details: Details = {}): Rule {
  return { verdict: 'opens', message, hint: 'Remove it, or accept it in review.', ...details };
}

export function flag(name: string, ...rules: readonly Rule[]): Setting {
  return { flag: name, rules };
}

export function key(path: string, ...rules: readonly Rule[]): Setting {
  return { key: path, rules };
}

/** A flag and the key of the configuration file that means the same. */
export function both(name: string, path: string, ...rules: readonly Rule[]): Setting {
  return { flag: name, key: path, rules };
}

export function gate(name: string, ...rules: readonly Rule[]): Setting {
  return { gate: name, rules };
}

/** Flags of earlier releases that the supported minor versions (src/cluster/versions.ts) no longer have: a component that gets one does not start. */
export function gone(flags: Readonly<Record<string, string>>): readonly Setting[] {
  const message = 'no longer exists in the supported versions of Kubernetes';
  return Object.entries(flags).map(([name, hint]) => flag(name, refuse(message, { hint })));
}

/** Flags that are made from other keys of cluster.yaml: the values name those. */
export function madeFrom(flags: Readonly<Record<string, string>>): readonly Setting[] {
  const message = 'is made from another key of this file';
  return Object.entries(flags).map(([name, source]) => flag(name, refuse(message, { hint: `Use ${source} instead.` })));
}

/** Flags that name what the product places on the host. */
export function placed(...names: readonly string[]): readonly Setting[] {
  return names.map((name) => flag(name, placedRule));
}

export const placedRule = refuse('is set by the product, which places what it names');
