import { expect, test } from '@jest/globals';
import { readActionManifests } from '../../docs/action-manifests.ts';
import { secretInput, takeSecretInputs } from '../../src/github/secret-inputs.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

test('every secret input is masked and removed from the environment in each spelling, before anything else', async () => {
  const secret = readActionManifests().flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([name, { description }]) =>
      /\bsecret\b|\btoken \(/i.test(description.replace(/(no|not a|without a) secret/g, '')) ? [name] : [],
    ),
  );
  const names = [...new Set(secret)].sort();
  expect(names).toEqual([
    ...['age-key', 'power-command', 'restore-command'],
    ...['s3-access-key-id', 's3-secret-access-key', 'ssh-key', 'token'],
  ]);
  const spellings = (name: string) => [name, name.replaceAll('-', '_'), name.toUpperCase().replaceAll('-', '_')];
  const values = names.flatMap(spellings).map((name): [string, string] => [name, `value-of-${name}`]);
  for (const [name, value] of values) process.env[`INPUT_${name}`] = value;
  await withInputs(Object.fromEntries(names.map((name) => [name, `value-of-${name}`])), async () => {
    const lines = await linesOf(takeSecretInputs);
    expect(Object.entries(process.env).filter(([, value]) => value?.startsWith('value-of-'))).toEqual([]);
    expect(lines).toEqual(
      expect.arrayContaining(['age-key', 'ssh-key', 'token'].map((name) => `::add-mask::value-of-${name}`)),
    );
  });
  await linesOf(() => expect(secretInput('ssh-key')).toBe('value-of-ssh-key'));
});
