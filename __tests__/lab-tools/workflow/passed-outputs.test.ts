import { expect, test } from '@jest/globals';
import { WorkflowCommands } from '../../../lab/runner/workflow-commands.ts';

test('the runner passes on no output that contains a masked value, also if it was masked after the output was set', () => {
  const commands = new WorkflowCommands();
  commands.read('::set-output name=early::["node-1"]');
  commands.read('::add-mask::node-1%0Asecond line');
  commands.read('::set-output name=whole::etcd-1');
  commands.read('::set-output name=line::a second line');
  expect(commands.passedOn({ ...commands.outputs, file: '[]' })).toEqual({
    outputs: { whole: 'etcd-1', file: '[]' },
    dropped: ['early', 'line'],
  });
});
