/** Why a flag may not stand in extraArgs, and what to write instead. */
export interface FlagRule {
  readonly message: string;
  readonly hint: string;
  /** The rule is for these values only. */
  readonly when?: (value: string) => boolean;
}

export type FlagRules = Readonly<Record<string, FlagRule>>;

/** Flags of earlier releases that 1.34 to 1.37 no longer know: a component that gets one does not start. */
export function gone(flags: Readonly<Record<string, string>>): FlagRules {
  return mapValues(flags, (hint) => ({ message: 'no longer exists in the supported versions of Kubernetes', hint }));
}

/** Flags that are made from other keys of cluster.yaml, or from what the product places on the host. */
export function owned(flags: Readonly<Record<string, string>>): FlagRules {
  return mapValues(flags, (key) =>
    key === ''
      ? { message: 'is set by the product, which places what it names', hint: 'Remove it.' }
      : { message: 'is made from another key of this file', hint: `Use ${key} instead.` },
  );
}

/** Flags whose value would take away security or high availability. */
export function unsafe(message: string, hint: string, when?: (value: string) => boolean): FlagRule {
  return when ? { message, hint, when } : { message, hint };
}

/** As Go's strconv.ParseBool reads it; a flag without a value is true. */
export const isTrue = (value: string): boolean => /^(|1|t|true)$/i.test(value);
export const isFalse = (value: string): boolean => /^(0|f|false)$/i.test(value);
export const includesAny =
  (...names: readonly string[]) =>
  (value: string): boolean =>
    value.split(',').some((part) => names.includes(part.trim()));
export const lacks =
  (...names: readonly string[]) =>
  (value: string): boolean =>
    !names.every((name) => includesAny(name)(value));

function mapValues(flags: Readonly<Record<string, string>>, rule: (text: string) => FlagRule): FlagRules {
  return Object.fromEntries(Object.entries(flags).map(([name, text]) => [name, rule(text)]));
}
