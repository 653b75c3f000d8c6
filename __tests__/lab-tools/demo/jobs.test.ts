import { expect, test } from '@jest/globals';
import { isPhase, isTelling, jobTable } from '../../../lab/demo/jobs.ts';
import type { JobResult } from '../../../lab/workflow/act-log.ts';

const job = (id: string, host: string, status: JobResult['status'], milliseconds: number): JobResult => ({
  ...{ id, matrix: host ? { hosts: host } : {}, status, milliseconds },
  ...{ began: 0, ended: 0, lines: [], outputs: {}, summary: '', annotations: [] },
});

test('each job that ran has a line with its host and seconds, and a failed one is marked', () => {
  const jobs = [
    job('plan', '', 'success', 2940),
    job('etcd', 'etcd-1', 'failure', 12_345),
    job('verify-failover', '', 'skipped', 0),
  ];
  expect(jobTable(jobs)).toEqual([
    'job               host         seconds',
    'plan                               2.9',
    'etcd              etcd-1          12.3   failure',
  ]);
});

test('of a job’s log only lines about its progress are shown', () => {
  const log = [
    'Fetch binaries: 6.1 s',
    'Check the hosts: 1 ms',
    'node-1: downloaded kubelet',
    'node-1: file /etc/kubernetes/pki/ca.crt (missing)',
    'Nodes: 75 changes, 0 restarts, 7 objects changed, 10.1 s',
    'error: node-1: kubelet.service does not come up',
    'job: success',
  ];
  expect(log.filter(isTelling)).toEqual([log[0], log[1], log[4], log[5], log[6]]);
  expect(log.filter(isPhase)).toEqual([log[0], log[1]]);
});
