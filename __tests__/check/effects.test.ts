import { expect, test } from '@jest/globals';
import { withoutEffects } from '../../src/check/effects.ts';
import type { Finding } from '../../src/check/finding.ts';
import { stoppedId, unknownFinding } from '../../src/check/hosts.ts';

const found = (id: string, subject: string): Finding => ({ id, severity: 'critical', subject, message: '', fix: '' });
const left = (...findings: readonly Finding[]) => withoutEffects(findings).map(({ id }) => id);
const certificate = (server: string, host: string) =>
  unknownFinding(`the certificate of ${server}`, host, new Error('no answer'));

test('a server that does not answer explains that its certificate is not known, on its own host only', () => {
  const frozen = found('etcd-member/etcd-3', 'etcd-3');
  const own = certificate('etcd, port 2379', 'etcd-3');
  const other = certificate('etcd, port 2379', 'etcd-2');
  const kubelet = certificate('kubelet, port 10250', 'etcd-3');
  expect(left(frozen, own, other, kubelet)).toEqual([frozen.id, other.id, kubelet.id]);
  const api = found('api-server-not-ready/master-1', 'master-1');
  expect(left(api, certificate('kube-apiserver, port 6443', 'master-1'))).toEqual([api.id]);
});

test('a full file system explains that there is too little room for a deployment', () => {
  const room = found('unfit/node-1/HOST_DISK', 'node-1');
  const memory = found('unfit/node-1/HOST_MEMORY', 'node-1');
  expect(left(found('disk-full/node-1', 'node-1'), room, memory)).toEqual(['disk-full/node-1', memory.id]);
  expect(left(found('disk-full/node-2', 'node-2'), room)).toEqual(['disk-full/node-2', room.id]);
});

test('no finding is left out without its cause', () => {
  const findings = [
    found('node-not-ready/node-1', 'node-1'),
    found(stoppedId('node-1', 'kube-proxy.service'), 'node-1'),
    unknownFinding('etcd', 'seed', new Error('no host of etcd answers')),
  ];
  expect(left(...findings)).toHaveLength(3);
});
