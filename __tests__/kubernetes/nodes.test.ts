import { expect, test } from '@jest/globals';
import { withQuery } from '../../src/kubernetes/api-client.ts';
import { refused, unanswered } from '../../src/kubernetes/api-problem.ts';
import { failedChecks } from '../../src/kubernetes/apiserver-health.ts';
import { labelsOf, whyNotReady } from '../../src/kubernetes/nodes.ts';
import type { Condition } from '../../src/kubernetes/objects.ts';
import { smallCluster } from '../fixtures/clusters.ts';

const node = (conditions: readonly Condition[]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { conditions },
});

test('a node that is not Ready is reported with its reason and every further problem', () => {
  expect(whyNotReady(node([{ type: 'Ready', status: 'True' }]))).toBeUndefined();
  expect(whyNotReady(node([]))).toBe('its kubelet has not reported yet');
  const troubles = [
    { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
    { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory' },
    { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' },
  ];
  expect(whyNotReady(node(troubles))).toBe(
    'NodeStatusUnknown: Kubelet stopped posting node status.; KubeletHasDiskPressure: kubelet has disk pressure',
  );
});

test('masters that are nodes get the labels of both roles, and those of cluster.yaml', () => {
  const [master, , , , last] = smallCluster().hosts;
  expect(master && labelsOf(master)).toEqual({
    'node-role.kubernetes.io/control-plane': '',
    'node-role.kubernetes.io/node': '',
  });
  expect(last && labelsOf(last)).toEqual({ 'node-role.kubernetes.io/node': '', disk: 'ssd' });
});

test('only failed checks of /readyz are reported', () => {
  const text = '[+]ping ok\n[-]etcd failed: reason withheld\n[+]log ok\nreadyz check failed\n';
  expect(failedChecks(text, 500)).toBe('etcd failed: reason withheld');
  expect(failedChecks('gone', 503)).toBe('status 503: gone');
});

const attempt = { host: 'master-1', method: 'GET', path: '/api/v1/nodes' };

test('a refusal is reported with the server’s own reason, also if a proxy answers in its own words', () => {
  const status = JSON.stringify({ kind: 'Status', reason: 'AlreadyExists', message: 'nodes "a" already exists' });
  expect(refused(attempt, 409, status)).toMatchObject({ code: 'API_ALREADY_EXISTS', temporary: false });
  expect(refused(attempt, 503, '<html>')).toMatchObject({ code: 'API_SERVICE_UNAVAILABLE', temporary: true });
  expect(refused(attempt, 429, '')).toMatchObject({ code: 'API_TOO_MANY_REQUESTS', temporary: true });
  expect(refused(attempt, 418, '').message).toContain('status 418');
});

test('a wrong certificate is never retried, a lost connection is', () => {
  const error = (code: string) => Object.assign(new Error('x'), { code });
  expect(unanswered(attempt, error('UNABLE_TO_VERIFY_LEAF_SIGNATURE'))).toMatchObject({
    code: 'API_UNTRUSTED',
    temporary: false,
  });
  expect(unanswered(attempt, error('ERR_TLS_CERT_ALTNAME_INVALID'))).toMatchObject({ temporary: false });
  expect(unanswered(attempt, error('ECONNRESET'))).toMatchObject({ code: 'API_UNREACHABLE', temporary: true });
});

test('query parameters are added to those of the path', () => {
  expect(withQuery('/a', { b: undefined })).toBe('/a');
  expect(withQuery('/a?x=1', { force: true, name: 'a b' })).toBe('/a?x=1&force=true&name=a+b');
});
