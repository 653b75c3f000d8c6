import type * as z from 'zod';
import type { SourceDocument } from './document.ts';
import { alternatives, type Finding, formatPath, type Path, quote } from './finding.ts';
import { hintForKey, nearestValue } from './known-keys.ts';
import { wrongType } from './wrong-type.ts';

type Issue = z.core.$ZodIssue;

/** The schema's issues as sentences, with the value in its own spelling and the fix. */
export function schemaFindings(issues: readonly Issue[], document: SourceDocument): readonly Finding[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
    return [describeIssue(issue, path, document)];
  });
}

function unknownKey(parent: Path, key: string): Finding {
  const place = parent.length === 0 ? '' : ` in ${formatPath(parent)}`;
  return {
    code: 'CLUSTER_UNKNOWN_KEY',
    path: [...parent, key],
    atKey: true,
    message: `There is no key ${quote(key)}${place}.`,
    hint: hintForKey(parent, key),
  };
}

function describeIssue(issue: Issue, path: Path, document: SourceDocument): Finding {
  const name = path.length === 0 ? 'The file' : formatPath(path);
  const source = document.source(path);
  const shown = source === undefined ? name : `${name} ${quote(source)}`;
  const invalid = (message: string, hint: string): Finding => ({ code: 'CLUSTER_INVALID', path, message, hint });
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, path, document);
    case 'invalid_value': {
      const near = nearestValue(source ?? '', issue.values.map(String));
      const choice = `Write ${alternatives(issue.values)}.`;
      return invalid(
        `${shown} is not one of the known values.`,
        near === undefined ? choice : `Did you mean ${near}? ${choice}`,
      );
    }
    case 'invalid_key':
      return {
        ...invalid(
          `${formatPath(path)} has a key that is not allowed.`,
          `${issue.issues[0]?.message ?? issue.message}.`,
        ),
        atKey: true,
      };
    case 'too_small':
      if (issue.origin === 'array') return invalid(`${name} is an empty list.`, 'List at least one.');
      if (issue.origin === 'string') return invalid(`${name} is an empty text.`, 'Write a value, or remove the key.');
      return invalid(`${shown} is too small.`, `Write a number from ${issue.minimum} up.`);
    case 'too_big':
      if (issue.origin === 'string') return invalid(`${shown} is too long.`, `Use up to ${issue.maximum} characters.`);
      return invalid(`${shown} is too large.`, `Write a number up to ${issue.maximum}.`);
    case 'invalid_format':
      if (issue.format === 'url') return invalid(`${shown} is not a URL.`, 'Write it as https://host/path.');
      return invalid(`${shown} is not valid.`, sentence(issue.message));
    default:
      return invalid(`${shown} is not valid.`, sentence(issue.message));
  }
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
