import { expect, test } from '@jest/globals';
import { ActLog } from '../../../lab/workflow/act-log.ts';

const line = (fields: object) =>
  JSON.stringify({ job: 'cluster/etcd b-2', jobID: 'etcd', matrix: { hosts: 'b' }, ...fields });

test("a job's lines, outputs, summary, annotations and result are distinguished from act's own output", () => {
  const log = new ActLog();
  expect(log.read(line({ msg: 'preparing' }))).toBeUndefined();
  expect(log.read(line({ msg: 'hello\n', raw_output: true }))).toEqual({ job: 'etcd b', text: 'hello' });
  log.read(line({ command: 'set-output', stepID: ['apply'], name: 'changed', arg: '3' }));
  log.read(line({ command: 'summary', content: '## done\n' }));
  log.read(line({ command: 'error', arg: 'down%0Aand out', kvPairs: { file: 'cluster.yaml', line: '3' } }));
  log.read(line({ stepResult: 'success', stage: 'Main' }));
  log.read(line({ jobResult: 'success' }));
  expect(log.jobs).toMatchObject([
    {
      ...{ id: 'etcd', matrix: { hosts: 'b' }, status: 'success', lines: ['hello'] },
      ...{ outputs: { 'apply.changed': '3' }, summary: '## done\n' },
      annotations: [{ kind: 'error', message: 'down\nand out', file: 'cluster.yaml', line: 3 }],
    },
  ]);
});

test('an output that contains a masked value or a secret is dropped with the runner’s warning', () => {
  const log = new ActLog(['line one\nline two\n']);
  log.read(line({ command: 'add-mask', arg: 'hidden-word' }));
  for (const [name, arg] of Object.entries({ etcd: '["one"]', master: '["hidden-word"]', node: 'a line two b' }))
    log.read(line({ command: 'set-output', stepID: ['plan'], name, arg }));
  expect(log.jobs[0]?.outputs).toEqual({ 'plan.etcd': '["one"]' });
  expect(log.jobs[0]?.annotations.map(({ message }) => message)).toEqual([
    "Skip output 'master' since it may contain secret.",
    "Skip output 'node' since it may contain secret.",
  ]);
});

test("a leg's result is that of its own steps: act reports the legs after a failed one as failures too", () => {
  const log = new ActLog();
  log.read(line({ stepResult: 'failure', stage: 'Main' }));
  log.read(line({ jobResult: 'failure' }));
  log.read(line({ job: 'cluster/etcd c-3', matrix: { hosts: 'c' }, stepResult: 'success' }));
  log.read(line({ job: 'cluster/etcd c-3', matrix: { hosts: 'c' }, jobResult: 'failure' }));
  log.read(line({ job: 'cluster/etcd d-4', matrix: { hosts: 'd' }, stepResult: 'success' }));
  expect(log.jobs.map(({ status }) => status)).toEqual(['failure', 'success', 'unfinished']);
});

test('a job that reached its time limit is cancelled, with the reason as an annotation', () => {
  const log = new ActLog();
  log.read(line({ stepResult: 'failure', stage: 'Main' }));
  log.read(line({ jobLimit: true, msg: 'too long' }));
  log.read(line({ jobResult: 'cancelled' }));
  expect(log.jobs).toMatchObject([{ status: 'cancelled', annotations: [{ kind: 'error', message: 'too long' }] }]);
});

test('a line that is not JSON is shown unchanged', () => {
  const log = new ActLog();
  expect(log.read('Error: workflow is not valid')).toEqual({ job: '', text: 'Error: workflow is not valid' });
  expect(log.jobs).toEqual([]);
});
