import { describe, expect, test } from '@jest/globals';
import { comparedWith, pluralNames } from '../../src/kubernetes/open-compared.ts';
import { type OpenReport, readOpenReport } from '../../src/kubernetes/open-report.ts';

const lines = [
  'read v1 nodes 1',
  'read v1 services 3',
  'read serving.knative.dev/v1 services 7',
  'read events.k8s.io/v1 events 20',
  'read v1 secrets 4',
  'read example.com/v1 widgets 2',
  'read coordination.k8s.io/v1 leases 5',
  'namespace a4018fac-00a6-4341-a291-d08f545a426d',
  'secret k8s:enc:secretbox:v1:key1: 1',
  'newest 320 320',
  'memory 204800',
  'complete',
];
const objects = {
  '/registry/': 42,
  '/registry/minions/': 1,
  '/registry/services/specs/': 3,
  '/registry/serving.knative.dev/services/': 7,
  '/registry/events/': 20,
  '/registry/secrets/': 4,
  '/registry/example.com/widgets/': 2,
  '/registry/leases/': 5,
  '/registry/masterleases/': 3,
  '/registry/ranges/serviceips': 1,
};
const wanted = { objects, prefix: '/registry', namespace: 'a4018fac-00a6-4341-a291-d08f545a426d' };

function reportOf(change: (lines: readonly string[]) => readonly string[] = (all) => all): OpenReport {
  const read = readOpenReport(`${change(lines).join('\n')}\n`, '');
  if (read?.kind !== 'read') throw new Error('no report');
  return read.report;
}

const instead = (mark: string, line: string) => (all: readonly string[]) =>
  all.map((each) => (each.startsWith(mark) ? line : each));

describe('A report', () => {
  test('has the kinds, the canaries and the memory', () => {
    expect(reportOf()).toMatchObject({
      namespace: 'a4018fac-00a6-4341-a291-d08f545a426d',
      secret: { stored: 'k8s:enc:secretbox:v1:key1:', wasRead: true },
      newest: { revision: '320', read: '320' },
      memoryMiB: 200,
    });
  });

  test('says whether the backup or the host is the reason of a failure', () => {
    expect(readOpenReport('fails etcd does not start with the snapshot: panic\n', '')).toEqual({
      kind: 'fails',
      why: 'etcd does not start with the snapshot: panic',
    });
    expect(readOpenReport('read v1 nodes 1\nunasked etcd was killed\n', '')).toMatchObject({ kind: 'unasked' });
    // The unit was stopped, for example by its limit.
    expect(readOpenReport('read v1 nodes 1\n', 'no space\nleft on device\n')).toEqual({
      kind: 'unasked',
      why: 'left on device',
    });
  });

  test('that is no report is none', () => {
    expect(readOpenReport('read v1 nodes many\ncomplete\n', '')).toBeUndefined();
    expect(readOpenReport('complete\n', '')).toBeUndefined();
  });
});

describe('The comparison', () => {
  test('finds each kind under its name in the API, and leaves out those that are no objects of it', () => {
    expect(comparedWith(reportOf(), wanted)).toEqual({ differences: [], unread: [], same: 7 });
    expect(pluralNames(wanted)).toEqual([
      'events',
      'leases',
      'masterleases',
      'nodes',
      'secrets',
      'serviceips',
      'services',
      'widgets',
    ]);
  });

  test('names a kind that has other objects, or cannot be read', () => {
    const fewer = instead('read v1 secrets', 'read v1 secrets 3');
    expect(comparedWith(reportOf(fewer), wanted).differences).toEqual([
      'it reads 3 objects of /registry/secrets/, and etcd has 4',
    ]);
    const why = 'Error from server (InternalError): no matching key was found for the provided Secretbox transformer';
    const undecrypted = instead('read v1 secrets', `unread v1 secrets ${why}`);
    expect(comparedWith(reportOf(undecrypted), wanted).differences).toEqual([
      `it does not read /registry/secrets/: ${why}`,
    ]);
  });

  test('does not blame the backup for objects that another server converts', () => {
    const why = 'Error from server: conversion webhook for example.com/v1, Kind=Widget failed: no route to host';
    const converted = instead('read example.com/v1', `unread example.com/v1 widgets ${why}`);
    expect(comparedWith(reportOf(converted), wanted)).toEqual({
      differences: [],
      unread: [`/registry/example.com/widgets/: ${why}`],
      same: 6,
    });
  });

  test('looks at the namespace kube-system, a Secret and the newest Lease', () => {
    const of = (mark: string, line: string, also = {}) =>
      comparedWith(reportOf(instead(mark, line)), { ...wanted, ...also }).differences;
    expect(of('namespace', 'namespace other')).toEqual(['its namespace kube-system is another one']);
    expect(of('namespace', 'namespace other', { namespace: undefined })).toEqual([]);
    expect(of('namespace', 'namespace ')).toEqual(['it does not read the namespace kube-system']);
    expect(of('secret', 'secret k8s:enc:secretbox:v1:key1: 0')).toEqual(['it does not read a Secret']);
    expect(of('newest', 'newest 320 ')).toEqual(['it reads the newest Lease at the revision none, and etcd has 320']);
  });
});
