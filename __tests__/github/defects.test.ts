import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { WorkflowCommands } from '../../lab/runner/workflow-commands.ts';

// In a separate process: an uncaught error would end the tests.
const hostile = 'no \x1b[31m##[stop-commands]x\r::add-mask::node-1\n::set-output name=a::b';

function ended(work: string) {
  const action = JSON.stringify(new URL('../../src/github/action.ts', import.meta.url).href);
  const program = `
    import { runAction } from ${action};
    const alive = setInterval(() => undefined, 1000);
    await runAction(async () => {
      ${work}
      await new Promise(() => undefined);
    });`;
  const argv = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: 30_000 });
  const commands = new WorkflowCommands();
  const shown = stdout
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => commands.read(line));
  return { status, stderr, shown, names: commands.obeyed.map(({ name }) => name) };
}

test.each([
  ['an exception in a timer', `setTimeout(() => { throw new TypeError(${JSON.stringify(hostile)}); }, 10);`],
  ['a rejection that no caller waits for', `void Promise.reject(new TypeError(${JSON.stringify(hostile)}));`],
  [
    'an exception in a listener of a stream',
    `process.nextTick(() => process.emit('hurt')); process.once('hurt', () => { throw new TypeError(${JSON.stringify(hostile)}); });`,
  ],
  ['what the work itself throws', `throw new TypeError(${JSON.stringify(hostile)});`],
  ['what is no error', `setTimeout(() => { throw ${JSON.stringify(hostile)}; }, 10);`],
  ['what is nothing', 'setTimeout(() => { throw undefined; }, 10);'],
  ['an error that can’t be read', `setTimeout(() => { throw { get message() { throw new Error('no'); } }; }, 10);`],
])('%s ends the action as a Problem, with one annotation and status 1', (_, work) => {
  const { status, stderr, shown, names } = ended(work);
  expect({ status, stderr, names }).toEqual({ status: 1, stderr: '', names: ['error'] });
  expect(shown[0]).toMatchObject({ kind: 'error', title: 'ACTION_DEFECT' });
  expect(shown[0]?.text).toContain('Report it as an issue of k8s-ha-action');
});

test('a defect has its stack trace in the log, without secrets', () => {
  const { shown } = ended(`setTimeout(() => { throw new Error('token abcdef.0123456789abcdef'); }, 10);`);
  const text = shown.map((line) => line?.text).join('\n');
  expect(text).toMatch(/^ +at /m);
  expect(text).toContain('token [removed]');
  expect(text).not.toContain('0123456789abcdef');
});
