import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditPolicy } from '../../src/components/audit-policy.ts';
import type { ApiClient } from '../../src/kubernetes/index.ts';
import { type ControlPlane, startControlPlane } from './local-control-plane.ts';

// What a real API server logs by our policy: who changed leases, events and rights, and no noise.

const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
let plane: ControlPlane;
let scheduler: ApiClient;
let other: ApiClient;

beforeAll(async () => {
  plane = await startControlPlane({ audit: auditPolicy });
  // With the rights that Kubernetes grants it, and by its group: both are components.
  scheduler = plane.apiAs('/O=system:masters/CN=system:kube-scheduler');
  other = plane.apiAs('/O=system:masters/CN=someone');
}, 240_000);

afterAll(async () => await plane?.[Symbol.asyncDispose]());

interface Line {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly name?: string };
  readonly requestObject?: unknown;
  readonly level: string;
}

/** The log's entries of a user and a resource, as `verb name`. */
function logged(user: string, resource: string): readonly string[] {
  const lines = readFileSync(join(plane.dir, 'audit.log'), 'utf8').split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as Line);
  const own = events.filter((event) => event.user.username === user && event.objectRef?.resource === resource);
  return own.map(({ verb, objectRef }) => `${verb} ${objectRef?.name ?? ''}`.trim());
}

const lease = (name: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: { holderIdentity: 'x' },
});
const event = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'x' },
  reason: 'Tested',
});

test('a component’s renewals are not logged, and the deletion of a lease is', async () => {
  await scheduler.create(leases, lease('mine'));
  await scheduler.patch(`${leases}/mine`, { spec: { holderIdentity: 'y' } });
  await scheduler.get(`${leases}/mine`);
  await scheduler.delete(`${leases}/mine`);
  expect(logged('system:kube-scheduler', 'leases')).toEqual(['create mine', 'delete mine']);
});

test('every request of another user for a lease is logged: taking one over is an outage', async () => {
  await other.create(leases, lease('theirs'));
  await other.patch(`${leases}/theirs`, { spec: { holderIdentity: 'thief' } });
  await other.get(`${leases}/theirs`);
  await other.delete(`${leases}/theirs`);
  expect(logged('someone', 'leases')).toEqual(['create theirs', 'patch theirs', 'get theirs', 'delete theirs']);
});

test('events of components are not logged, and their removal is', async () => {
  const place = '/api/v1/namespaces/default/events';
  await scheduler.create(place, event('one'));
  await scheduler.delete(`${place}/one`);
  await other.create(place, event('two'));
  expect(logged('system:kube-scheduler', 'events')).toEqual(['delete one']);
  expect(logged('someone', 'events')).toEqual(['create two']);
});

test('changes of rights are logged with the rights', async () => {
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reads-secrets' },
    rules,
  };
  await other.create(roles, role);
  await other.get(`${roles}/reads-secrets`);
  const text = readFileSync(join(plane.dir, 'audit.log'), 'utf8');
  const lines = text.split('\n').filter((line) => line.includes('"reads-secrets"'));
  const [created, read] = lines.map((line) => JSON.parse(line) as Line);
  expect(created).toMatchObject({ verb: 'create', level: 'Request', requestObject: { rules } });
  expect(read).toMatchObject({ verb: 'get', level: 'Metadata' });
  expect(read).not.toHaveProperty('requestObject');
});

test('access to secrets is logged without their contents', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password: 'hunter2' } };
  await other.create('/api/v1/namespaces/default/secrets', secret);
  expect(logged('someone', 'secrets')).toEqual(['create s']);
  expect(readFileSync(join(plane.dir, 'audit.log'), 'utf8')).not.toMatch(/hunter2|aHVudGVyMg/);
});
