/** A command to GitHub's runner, as the runner parses it from a line of a step's output. */
export interface RunnerCommand {
  /** In the spelling of the line; names are compared without case. */
  readonly name: string;
  /** By their lower-case names. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/** Whether there is a command of this name, in lower case. */
export type IsRegistered = (name: string) => boolean;

// From actions/runner, src/Runner.Common/ActionCommand.cs: the same steps in the same order, defects included, because a line that
// is only text for this parser must never be a command for the runner.

/** Char.IsWhiteSpace of .NET, which TrimStart uses. */
const blanks = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The command of a line: `::name key=value::data` after any blanks, otherwise `##[name key=value]data` anywhere in it. */
export function parseCommand(line: string, isRegistered: IsRegistered): RunnerCommand | undefined {
  return tryParseV2(line, isRegistered) ?? tryParse(line, isRegistered);
}

function tryParseV2(line: string, isRegistered: IsRegistered): RunnerCommand | undefined {
  const message = line.replace(blanks, '');
  const end = message.startsWith('::') ? message.indexOf('::', 2) : -1;
  if (end < 0) return undefined;
  const { name, rest } = split(message.slice(2, end));
  if (!isRegistered(name.toLowerCase())) return undefined;
  const properties = propertiesOf(rest.trim(), ',', unescapeProperty);
  return { name, properties, data: unescapeData(message.slice(end + 2)) };
}

function tryParse(message: string, isRegistered: IsRegistered): RunnerCommand | undefined {
  const start = message.indexOf('##[');
  const end = start < 0 ? -1 : message.indexOf(']', start);
  if (end < 0) return undefined;
  const { name, rest } = split(message.slice(start + 3, end));
  if (!isRegistered(name.toLowerCase())) return undefined;
  return { name, properties: propertiesOf(rest, ';', unescapeOld), data: unescapeOld(message.slice(end + 1)) };
}

function split(info: string): { readonly name: string; readonly rest: string } {
  const blank = info.indexOf(' ');
  return blank < 0 ? { name: info, rest: '' } : { name: info.slice(0, blank), rest: info.slice(blank + 1) };
}

function propertiesOf(text: string, separator: string, decode: (text: string) => string): ReadonlyMap<string, string> {
  const pairs = text.split(separator).flatMap((part): [string, string][] => {
    // Split into at most two parts, without empty ones, as the runner does.
    const [, key, value] = /^=*([^=]+)=+(.+)$/s.exec(part) ?? [];
    return key !== undefined && value !== undefined ? [[key.toLowerCase(), decode(value)]] : [];
  });
  return new Map(pairs);
}

const replacing = (pairs: readonly (readonly [code: string, sign: string])[]) => (text: string) =>
  pairs.reduce((rest, [code, sign]) => rest.replaceAll(code, sign), text);

const ends = [
  ['%0D', '\r'],
  ['%0A', '\n'],
] as const;
const unescapeData = replacing([...ends, ['%25', '%']]);
const unescapeProperty = replacing([...ends, ['%3A', ':'], ['%2C', ','], ['%25', '%']]);
const unescapeOld = replacing([['%3B', ';'], ...ends, ['%5D', ']'], ['%25', '%']]);
