import { expect, test } from '@jest/globals';
import {
  certificateFindings,
  expiresInDays,
  type SeenCertificate,
  seenCertificate,
} from '../../src/check/certificates.ts';
import { components } from '../../src/layout/components.ts';
import { paths, places } from '../../src/layout/paths.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { hostOf } from '../phases/scene.ts';

const now = new Date('2026-11-27T21:00:00Z');
const master = hostOf(seedCluster(), 'master-1');
const at = (days: number) => new Date(now.getTime() + days * 24 * 3600 * 1000);
/** With `left` of its `days`. */
const seen = (path: string, left: number, days = 365, served?: string): SeenCertificate => ({
  path,
  from: at(left - days),
  until: at(left),
  ...(served !== undefined && { served }),
});
const serving = components.apiServer.certificates.serving.crt;
const found = (...certificates: readonly SeenCertificate[]) =>
  certificateFindings(master, certificates, now).map(({ id, severity }) => `${severity} ${id}`);

test.each([
  ['30 days', 30, 365, []],
  ['a second less than 30 days', 30 - 1 / 86_400, 365, ['warning certificates-end/master-1']],
  ['a week', 7, 365, ['critical certificates-end/master-1']],
  ['no time', -1, 365, ['critical certificates-end/master-1']],
  ['20 days of 45', 20, 45, []],
  ['14 days of 45', 14, 45, ['warning certificates-end/master-1']],
])('a certificate with %s left', (_, left, days, expected) => {
  expect(found(seen(serving, left, days))).toEqual(expected);
});

test('a kubelet renews its own certificate when 10 to 30% are left, so that is no finding', () => {
  expect(found(seen(places.kubeletClientCert, 4, 30))).toEqual([]);
  expect(found(seen(places.kubeletClientCert, 2, 30))).toEqual(['warning certificates-end/master-1']);
});

test('one host has one finding for all its files, and it names the first end', () => {
  const [finding, ...more] = certificateFindings(master, [seen(serving, 12), seen(paths.adminConf, 11)], now);
  expect(more).toEqual([]);
  expect(finding?.message).toBe(`${serving}, ${paths.adminConf}: ends 2026-12-08T21:00:00.000Z, in 11 days`);
});

test('a CA is a finding of its own, the same on each host', () => {
  const copies = [paths.etcdCa.crt, paths.etcd.ca].map((path) => seen(path, 20, 3650));
  expect(found(...copies)).toEqual(['warning ca-ends/etcd']);
});

test('what ends with its CA is part of the finding of the CA', () => {
  const authority = seen(paths.etcdCa.crt, 20, 3650);
  const [ends, endsEarlier] = [seen(paths.etcd.server.crt, 20), seen(paths.etcd.peer.crt, 19)];
  expect(found(authority, ends)).toEqual(['warning ca-ends/etcd']);
  expect(found(authority, ends, endsEarlier)).toEqual(['warning ca-ends/etcd', 'warning certificates-end/master-1']);
});

test('what a server presents is a finding where its file is newer', () => {
  const served = seen(serving, 3, 365, 'kube-apiserver, port 6443');
  expect(found(seen(serving, 300), served)).toEqual(['critical served-certificates-end/master-1']);
  expect(found(seen(serving, 3), served)).toEqual(['critical certificates-end/master-1']);
});

test('the first end of all counts, and a text without a certificate none', async () => {
  expect(expiresInDays([seen(serving, 3.9), seen(serving, 300)], now)).toBe(3);
  expect(expiresInDays([seen(serving, -0.5)], now)).toBe(-1);
  // A kubelet renews its own when 3 to 9 days are left.
  const own = (left: number) => seen(places.kubeletClientCert, left, 30);
  expect(expiresInDays([own(8), seen(serving, 300.5)], now)).toBe(300);
  expect(expiresInDays([own(2.5), seen(serving, 300)], now)).toBe(2);
  expect(expiresInDays([own(8)], now)).toBeUndefined();
  expect(expiresInDays(seenCertificate(serving, 'no certificate'), now)).toBeUndefined();
  const { etcd } = await makeAuthorities(now);
  expect(expiresInDays(seenCertificate(paths.etcdCa.crt, etcd.crt), now)).toBeGreaterThan(3000);
});
