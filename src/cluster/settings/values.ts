import ipaddr from 'ipaddr.js';
import type { Values } from './rule.ts';

// Values in the formats of the components, or slightly wider ones: a value that a component does not accept would stop it, so it is refused too.

/** True in Go's strconv.ParseBool; a flag without a value is true. */
const isTrue = (value: string): boolean => /^(|1|t|true)$/i.test(value.trim());
const isFalse = (value: string): boolean => /^(0|f|false)$/i.test(value.trim());

export const whenTrue: Values = { words: 'true', include: isTrue, type: 'boolean' };
export const whenFalse: Values = { words: 'false', include: isFalse, type: 'boolean' };
export const whenEmpty: Values = { words: 'empty', include: (value) => value.trim() === '' };
export const whenGiven: Values = { words: 'not empty', include: (value) => !whenEmpty.include(value) };

const isInteger = (value: string): boolean => /^\s*[+-]?\d+\s*$/.test(value);

/** The items of a list. pflag parses lists as CSV (string_slice.go), so quotes around an item do not belong to it. */
export function partsOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.replaceAll('"', '').trim())
    .filter((part) => part !== '');
}

/** Any value except these. */
export function otherThan(...known: readonly string[]): Values {
  const words = `other than ${known.join(', ')}`;
  const include = (value: string) => !known.includes(value.trim());
  return known.every(isInteger) ? { words, include, type: 'number' } : { words, include };
}

/** A list with one of these items. */
export function withAny(...names: readonly string[]): Values {
  return { words: `with ${names.join(', ')}`, include: (value) => partsOf(value).some((part) => names.includes(part)) };
}

/** A list without one of these items. */
export function withoutAll(...names: readonly string[]): Values {
  return {
    words: `without ${names.join(', ')}`,
    include: (value) => !names.every((name) => partsOf(value).includes(name)),
  };
}

/** Values that match. */
export function like(words: string, pattern: RegExp): Values {
  return { words, include: (value) => pattern.test(value.trim()) };
}

/** Values of either. */
export function anyOf(...all: readonly Values[]): Values {
  return {
    words: all.map(({ words }) => words).join(', or '),
    include: (value) => all.some(({ include }) => include(value)),
  };
}

/** Whole numbers below a limit, except 0 if that means "no limit". The component itself checks other texts. */
export function below(limit: number, { zero = false } = {}): Values {
  return {
    words: zero ? `below ${limit}, but for 0` : `below ${limit}`,
    include: (value) => isInteger(value) && Number(value) < limit && !(zero && Number(value) === 0),
    type: 'number',
  };
}

/** Whole numbers from a limit on. What is no number is left to the component. */
export function atLeast(limit: number): Values {
  const include = (value: string) => isInteger(value) && Number(value) >= limit;
  return { words: `${limit} and more`, include, type: 'number' };
}

/** A duration in Go's format that never ends a wait: `0`, `0s`, `.0h0m`, or less than that. */
export const noTime: Values = {
  words: '0 and less',
  include: (value) => /^\s*-/.test(value) || (/0/.test(value) && !/[1-9]/.test(value)),
};

/** Durations in Go's format of more hours than this. */
export function moreHoursThan(limit: number): Values {
  return { words: `more than ${limit}h`, include: (value) => hoursOf(value.trim()) > limit };
}

const hoursIn: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3.6e6 };

function hoursOf(duration: string): number {
  const parts = Array.from(duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g));
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (hoursIn[unit] ?? 0), 0);
}

/** An address, with or without a port, that only the host itself can reach. */
export function isLoopback(address: string): boolean {
  const host = hostOf(address.trim()).toLowerCase();
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback');
}

/** `::1` of `[::1]:80`, `0.0.0.0` of `0.0.0.0:80`, and a text without a port unchanged. */
function hostOf(address: string): string {
  const [, bracketed] = /^\[([^\]]*)\](:\d*)?$/.exec(address) ?? [];
  if (bracketed !== undefined) return bracketed;
  return address.split(':').length === 2 ? address.replace(/:.*$/, '') : address;
}

/** Addresses that other hosts reach. */
export const beyondLoopback: Values = {
  words: 'other than 127.0.0.0/8 and ::1',
  include: (value) => !isLoopback(value),
};

/** The same, if an empty address means 127.0.0.1 too. */
export const reachedByOthers: Values = {
  words: beyondLoopback.words,
  include: (value) => whenGiven.include(value) && !isLoopback(value),
};

/** Lists of URLs with one that is plain http and reachable by other hosts. */
export const plainBeyondLoopback: Values = {
  words: 'http beyond 127.0.0.0/8 and ::1',
  include: (value) => partsOf(value).some((url) => !/^(https|unixs?):/i.test(url) && !isLoopback(authorityOf(url))),
};

/** Lists of URLs with one that other hosts can reach. */
export const urlBeyondLoopback: Values = {
  words: 'beyond 127.0.0.0/8 and ::1',
  include: (value) => partsOf(value).some((url) => !/^unixs?:/i.test(url) && !isLoopback(authorityOf(url))),
};

/** Host and port, without a user before them. */
function authorityOf(url: string): string {
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '');
}
