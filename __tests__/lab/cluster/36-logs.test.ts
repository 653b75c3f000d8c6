import { beforeAll, expect, test } from '@jest/globals';
import { onHost, standingCluster } from '../seed-lab.ts';

beforeAll(async () => {
  await standingCluster();
}, 5_400_000);

/** What a component says of a flag or of a configuration that it is about to drop, or no longer knows. */
const aboutFlags = /deprecated|will be removed|unknown (flag|field|shorthand)|unrecognized/i;
/** That the lab's machine may have cgroup v1 is no setting of the product's. */
const aboutMachine = /cgroup ?v1/i;

test.each([
  ['etcd-1', 'etcd'],
  ['master-1', 'kube-apiserver'],
  ['master-1', 'kube-controller-manager'],
  ['master-1', 'kube-scheduler'],
  ['node-1', 'containerd'],
  ['node-1', 'kube-haproxy'],
  ['node-1', 'kubelet'],
  ['node-1', 'kube-proxy'],
  ['node-1', 'flanneld'],
])('on %s, %s has no warning about its flags or its configuration', async (host, unit) => {
  const lines = (await onHost(host, `journalctl --no-pager --output=cat --unit=${unit}.service`)).split('\n');
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => aboutFlags.test(line) && !aboutMachine.test(line))).toEqual([]);
});
