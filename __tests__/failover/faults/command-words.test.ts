import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Host } from '../../../src/cluster/cluster.ts';
import { Problem } from '../../../src/errors.ts';
import { fillWords, secretParts, splitWords } from '../../../src/failover/faults/command-words.ts';
import { powerSecrets } from '../../../src/failover/faults/power-secrets.ts';
import { poweroff } from '../../../src/failover/faults/poweroff.ts';
import { seedCluster } from '../../fixtures/clusters.ts';

test.each([
  ['ipmitool -H bmc-{host} chassis power {action}', ['ipmitool', '-H', 'bmc-{host}', 'chassis', 'power', '{action}']],
  [`  virsh  'my host'\t"a \\"b\\" $c" d\\ e `, ['virsh', 'my host', 'a "b" $c', 'd e']],
  [`a''b "" c"d"'e'`, ['ab', '', 'cde']],
  ['a; rm -rf / && $(x) | `y` > z', ['a;', 'rm', '-rf', '/', '&&', '$(x)', '|', '`y`', '>', 'z']],
  ['', []],
])('%j becomes %j, without a shell', (command, words) => {
  expect(splitWords(command)).toEqual(words);
});

test.each([`a 'b`, 'a "b', 'a\\'])('%j is incomplete and is refused', (command) => {
  expect(() => splitWords(command)).toThrow(expect.objectContaining({ code: 'COMMAND_INVALID' }));
});

test('quoted words come back unchanged, with any text', () => {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(words.map(quote).join(' '))).toEqual(words);
    }),
  );
});

test('a value fills its placeholder within one word, and an unknown placeholder is refused', () => {
  expect(fillWords(['power-{action}', '{host}'], { action: 'off', host: 'a b' })).toEqual(['power-off', 'a b']);
  expect(fillWords(['{"json": {}}'], {})).toEqual(['{"json": {}}']);
  for (const unknown of ['{hots}', '{constructor}']) {
    expect(() => fillWords([unknown], { host: 'a' })).toThrow(expect.objectContaining({ code: 'COMMAND_INVALID' }));
  }
});

describe('A command is a secret', () => {
  const command = `ipmitool -H bmc-{host} -P 'Tr0ub4dor&3 x' --token=s3cr3t-{host}-s3cr3t https://root:hunter22@{address}/`;

  test('of which each part of a word is hidden', () => {
    expect(secretParts(command, [])).toEqual(
      expect.arrayContaining(['ipmitool', 'Tr0ub4dor&3 x', '--token=s3cr3t-', '-s3cr3t', 'https://root:hunter22@']),
    );
  });

  test('except for texts that are shown anyway: GitHub drops an output that contains a masked value', () => {
    const [one] = seedCluster().hosts as [Host];
    const text = `power ${one.name} ${one.address} poweroff {host}.example.com /tmp/report Passw0rd!`;
    const parts = powerSecrets(seedCluster(), { powerCommand: text, restoreCommand: text }, [
      '/tmp/report/report.html',
    ]);
    expect([...new Set(parts)]).toEqual(['.example.com', 'Passw0rd!']);
  });

  test('also when it can’t be split', () => {
    expect(secretParts(`lab "Passw0rd! x`, [])).toContain('Passw0rd!');
  });

  test.each([
    `lab 'Passw0rd!`,
    'lab "Passw0rd!',
    'lab Passw0rd!\\',
    'lab Passw0rd! {Passw0rd}',
    'lab Passw0rd! {hots}',
    'lab Passw0rd!',
    `{action} 'Passw0rd!`,
  ])('and %j is refused without quoting it', (powerCommand) => {
    const [host] = seedCluster().hosts as [Host];
    const run = async () => ({ status: 0, stderr: '' });
    let refusal: unknown;
    try {
      poweroff(
        host,
        { powerCommand, restoreCommand: powerCommand.includes('{action}') ? powerCommand : undefined },
        run,
      );
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Problem);
    const { message, fields, stack } = refusal as Problem;
    expect(JSON.stringify([message, fields, stack])).not.toMatch(/Passw0rd|hots/);
  });

  test('and one that fails is reported without its words, and without secrets from its output', async () => {
    const [host] = seedCluster().hosts as [Host];
    const run = async () => ({ status: 2, stderr: 'usage: Passw0rd! is no host; password=hunter2\n' });
    const fault = poweroff(host, { powerCommand: 'Passw0rd! {action}' }, run);
    await expect(fault.inject()).rejects.toMatchObject({
      message: `failed to switch off ${host.name}: the command ended with 2`,
      fields: { detail: ['usage: Passw0rd! is no host; password=[removed]'] },
    });
  });
});
