import { beforeAll, expect, test } from '@jest/globals';
import { flagWarnings } from '../flag-warnings.ts';
import { onHost, standingCluster } from '../seed-lab.ts';

beforeAll(async () => {
  await standingCluster();
}, 600_000);

test.each([
  ['etcd-1', 'etcd'],
  ['master-1', 'kube-etcd-haproxy'],
  ['master-1', 'kube-apiserver'],
  ['master-1', 'kube-controller-manager'],
  ['master-1', 'kube-scheduler'],
  ['node-1', 'containerd'],
  ['node-1', 'kube-haproxy'],
  ['node-1', 'kubelet'],
  ['node-1', 'kube-proxy'],
  ['node-1', 'flanneld'],
])('on %s, %s has no warning about its flags or its configuration', async (host, unit) => {
  const journal = await onHost(host, `journalctl --no-pager --output=cat --unit=${unit}.service`);
  expect(journal.split('\n').length).toBeGreaterThan(2);
  expect(flagWarnings(journal)).toEqual([]);
});
