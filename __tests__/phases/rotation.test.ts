import { expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { checkRotation } from '../../src/phases/check-rotation.ts';
import { rotateEncryption } from '../../src/phases/rotate-encryption.ts';
import { longestTokenMs, whyInUse } from '../../src/phases/rotate-service-account.ts';
import { newEncryptionConfig } from '../../src/pki/encryption.ts';
import { paths } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const hour = 3600 * 1000;
const places = [paths.adminConf, paths.ca.crt];

const fileOf = (path: string, content = 'text') => ({ path, content, mode: '600', owner: 'root:root', secret: true });

test('a rotation with a pending upgrade, or with a master that is to leave and serves, is refused', async () => {
  const scene = sceneOf(cluster).run;
  const stage = { ...scene, nodes: [], forgotten: [], upgrades: false };
  const refused = { code: 'ROTATION_PENDING' };
  await expect(checkRotation.run({ ...stage, upgrades: true }, notCancelled)).rejects.toMatchObject(refused);
  await expect(checkRotation.run(stage, notCancelled)).resolves.toBeUndefined();
  // Without a master that answers, it is unknown whether it still serves.
  const removed = hostsWith(cluster, 'master').slice(0, 1);
  const leaving = { ...stage, cluster: { ...cluster, removed } };
  await expect(checkRotation.run(leaving, notCancelled)).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
});

test.each([
  ['a configuration of another form', (text: string) => text.replace('secretbox', 'aescbc'), 'not the form'],
  ['other resources', (text: string) => text.replace('[secrets]', '[secrets, events]'), 'it encrypts events'],
])('%s is refused before a host is touched', async (_, edit, reason) => {
  const { run } = sceneOf(cluster);
  const content = edit(newEncryptionConfig());
  const file = fileOf(paths.encryptionConfig, content);
  for (const { name } of cluster.hosts)
    run.secrets.set(name, { cluster: cluster.name, host: name, authorities: {}, files: [file] });
  await expect(rotateEncryption.run(run, notCancelled)).rejects.toMatchObject({
    code: 'ROTATION_UNSUPPORTED',
    message: expect.stringContaining(reason),
  });
});

test('a master that differs after its turn is not proven, and no stage follows', async () => {
  const { run } = sceneOf(cluster, { targets: new Map() });
  const files = [...places.map((path) => fileOf(path)), fileOf(paths.encryptionConfig, newEncryptionConfig())];
  for (const host of hostsWith(cluster, 'master')) {
    run.secrets.set(host.name, { cluster: cluster.name, host: host.name, authorities: {}, files });
    run.inspections.set(host.name, inspectionOf(host));
    const difference = async () => [{ kind: 'restart' as const, subject: 'kube-apiserver.service', reason: 'changed' }];
    run.sessions.set(host.name, { ...closable(host, async () => undefined), difference });
  }
  await expect(rotateEncryption.run(run, notCancelled)).rejects.toMatchObject({
    errors: cluster.hosts.flatMap(({ name, roles }) =>
      roles.includes('master')
        ? [expect.objectContaining({ code: 'ROTATION_UNPROVEN', fields: expect.objectContaining({ host: name }) })]
        : [],
    ),
  });
});

test('a token may be valid for as long as pods and users ask for, and for a year if kubelets’ tokens are extended', () => {
  expect(longestTokenMs(cluster, 24, 3607)).toBe(24 * hour);
  expect(longestTokenMs(cluster, 24, 48 * 3600)).toBe(48 * hour);
  const extraArgs = [{ name: 'service-account-extend-token-expiration', value: 'true' }];
  const extending = { ...cluster, apiServer: { ...cluster.apiServer, extraArgs } };
  expect(longestTokenMs(extending, 24, 3607)).toBe(365 * 24 * hour);
});

test('the old key is in use until the last token has ended, and as long as a Secret has one of it', () => {
  const end = new Date('2026-11-28T00:00:00Z');
  const before = new Date(end.getTime() - 1);
  expect(whyInUse({ now: end, end, secrets: [] })).toEqual([]);
  expect(whyInUse({ now: before, end, secrets: [] })).toEqual(['tokens may be valid until 2026-11-28T00:00:00.000Z']);
  expect(whyInUse({ now: end, end, secrets: ['default/robot'] })).toEqual([
    'Secret default/robot has a token of it that never ends',
  ]);
});
