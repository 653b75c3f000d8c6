import { expect, test } from '@jest/globals';
import { hostsWith } from '../../src/cluster/cluster.ts';
import { checkRotation, refuseMemberChanges } from '../../src/phases/check-rotation.ts';
import { rotateEncryption } from '../../src/phases/rotate-encryption.ts';
import { longestTokenMs, rotateServiceAccount, whyInUse } from '../../src/phases/rotate-service-account.ts';
import { newEncryptionConfig } from '../../src/pki/encryption.ts';
import { signingWith, withNextKey } from '../../src/pki/find-service-account.ts';
import { paths } from '../../src/pki/index.ts';
import { newSigningPair } from '../../src/pki/keys.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { clusterOf, member, observe, type Simulated } from '../plan/support.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const hour = 3600 * 1000;
const places = [paths.adminConf, paths.ca.crt];

const fileOf = (path: string, content = 'text') => ({ path, content, mode: '600', owner: 'root:root', secret: true });

test('a rotation with a pending upgrade, or with a master that is to leave and serves, is refused', async () => {
  const scene = sceneOf(cluster).run;
  for (const host of hostsWith(cluster, 'master'))
    scene.inspections.set(host.name, inspectionOf(host, {}, { scopes: ['master'] }));
  const stage = { ...scene, nodes: [], forgotten: [], upgrades: false };
  const refused = { code: 'ROTATION_PENDING' };
  await expect(checkRotation(['master']).run({ ...stage, upgrades: true }, notCancelled)).rejects.toMatchObject(
    refused,
  );
  await expect(checkRotation(['master']).run(stage, notCancelled)).resolves.toBeUndefined();
  // Without a master that answers, it is unknown whether it still serves.
  const removed = hostsWith(cluster, 'master').slice(0, 1);
  const leaving = { ...stage, cluster: { ...cluster, removed } };
  await expect(checkRotation(['master']).run(leaving, notCancelled)).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
});

test('a master that has not got its role yet is not made one by a rotation', async () => {
  const { run } = sceneOf(cluster);
  const [bare, ...others] = hostsWith(cluster, 'master');
  if (!bare) throw new Error('no master');
  run.inspections.set(bare.name, inspectionOf(bare));
  for (const host of others) run.inspections.set(host.name, inspectionOf(host, {}, { scopes: ['master'] }));
  const stage = { ...run, nodes: undefined, forgotten: [], upgrades: false };
  await expect(checkRotation(['master']).run(stage, notCancelled)).rejects.toMatchObject({
    code: 'ROTATION_PENDING',
    message: expect.stringContaining(`${bare.name} is not a master yet`),
  });
});

test('etcd’s CA is not rotated while its members are to change: one that leaves would be cut off', async () => {
  const trio = clusterOf(3);
  const names = ['e1', 'e2', 'e3'];
  const voting: Simulated = {
    cluster: 'c',
    members: names.map((name) => member(trio, name, name)),
    hosts: new Map(
      names.map((name) => [name, { data: { cluster: 'c', member: name }, runs: true, unreachable: false }]),
    ),
    next: 1,
  };
  const phase = refuseMemberChanges(['master', 'etcd']);
  const rotating = (file: typeof trio) => {
    const { run } = sceneOf(file);
    const forget = new Set(file.removed.map(({ name }) => name));
    const about = {
      own: new Set(file.hosts.map(({ name }) => name)),
      hadApiServer: true,
      neverBootstrapped: false,
      forget,
    };
    return phase.run(
      { ...run, etcd: { ...run.etcd, facts: { ...about, observed: observe(trio, voting) } } },
      notCancelled,
    );
  };
  await expect(rotating(trio)).resolves.toBeUndefined();
  const leaves = ({ name }: { name: string }) => name === 'e3';
  const leaving = {
    ...trio,
    hosts: trio.hosts.filter((host) => !leaves(host)),
    removed: trio.hosts.filter(leaves),
  };
  await expect(rotating(leaving)).rejects.toMatchObject({
    code: 'ROTATION_PENDING',
    message: expect.stringContaining('remove the member'),
  });
});

test('objects in an etcd that is not counted keep the key', async () => {
  const extraArgs = [{ name: 'etcd-servers-overrides', value: '/secrets#https://10.0.0.9:2379' }];
  const { run } = sceneOf({ ...cluster, apiServer: { ...cluster.apiServer, extraArgs } });
  await expect(rotateEncryption.run(run, notCancelled)).rejects.toMatchObject({
    code: 'ROTATION_UNSUPPORTED',
    message: expect.stringContaining('etcd-servers-overrides'),
  });
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
  const extending = (value: string) => {
    const extraArgs = [{ name: 'service-account-extend-token-expiration', value }];
    return { ...cluster, apiServer: { ...cluster.apiServer, extraArgs } };
  };
  // As the API server reads it (strconv.ParseBool).
  for (const value of ['true', '1', 'T', '']) expect(longestTokenMs(extending(value), 24, 3607)).toBe(365 * 24 * hour);
  for (const value of ['false', '0']) expect(longestTokenMs(extending(value), 24, 3607)).toBe(24 * hour);
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

/** A run whose masters are as their files say, with a key pair of service accounts, and without an API server that answers. */
function settledRun({ key, pub }: { readonly key: string; readonly pub: string }) {
  const masked: string[] = [];
  const scene = sceneOf(cluster, { targets: new Map(), mask: (values) => masked.push(...values) });
  const files = [...places.map((path) => fileOf(path)), fileOf(paths.serviceAccount.key, key)];
  const pubFile = { ...fileOf(paths.serviceAccount.pub, pub), secret: false };
  for (const host of hostsWith(cluster, 'master')) {
    const secrets = { cluster: cluster.name, host: host.name, authorities: {}, files: [...files, pubFile] };
    scene.run.secrets.set(host.name, secrets);
    scene.run.inspections.set(host.name, inspectionOf(host));
    scene.run.sessions.set(host.name, { ...closable(host, async () => undefined), difference: async () => [] });
  }
  return { ...scene, masked };
}

test('a service-account key goes two stages, and the new key is masked; without an API server, a later run begins the third', async () => {
  const { run, log, masked } = settledRun(await newSigningPair());
  await expect(rotateServiceAccount(24).run(run, notCancelled)).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
  const stages = log.lines.filter((text) => text.startsWith('stage '));
  expect(stages.map((text) => text.slice(0, 12))).toEqual(['stage 1 of 3', 'stage 2 of 3']);
  expect(masked.length).toBeGreaterThan(10);
});

test('the old key stays as long as it is unknown whether its tokens are in use', async () => {
  const [old, pair] = await Promise.all([newSigningPair(), newSigningPair()]);
  const { run, log } = settledRun(signingWith(withNextKey(old, pair.pub), pair));
  await expect(rotateServiceAccount(24).run(run, notCancelled)).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
  expect(log.lines.filter((text) => text.startsWith('stage '))).toEqual([]);
});
