import { expect, test } from '@jest/globals';
import { requireLinux } from '../../src/github/supported-system.ts';

test('A Linux runner is accepted', () => {
  expect(() => requireLinux('linux')).not.toThrow();
});

test.each(['darwin', 'win32'])('A runner with %s is refused by the name of its system', (system) => {
  expect(() => requireLinux(system)).toThrow(
    expect.objectContaining({
      message: `the runner's system is ${system}`,
      fields: expect.objectContaining({ code: 'RUNNER_SYSTEM' }),
    }),
  );
});
