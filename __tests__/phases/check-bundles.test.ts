import { expect, test } from '@jest/globals';
import { problemsOf } from '../../src/errors.ts';
import { checkBundles } from '../../src/phases/check-bundles.ts';
import {
  authoritiesOf,
  authorityFiles,
  authorityFingerprints,
  type HostSecrets,
  type SecretFile,
} from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, type StagedRun, sceneOf } from './scene.ts';

const seed = seedCluster();
// An address without a listener, for masters without a session.
const nowhere = {
  ...seed,
  hosts: seed.hosts.map((host) => ({ ...host, ssh: { ...host.ssh, address: '127.0.0.1', port: 1 } })),
};
const made = () => authoritiesOf({ kind: 'none', kept: {} }, new Date());
const [older, newer] = await Promise.all([made(), made()]);

const contents = (files: readonly SecretFile[]) => new Map(files.map(({ path, content }) => [path, content]));
const bundle = (host: string, of = older): HostSecrets => ({
  ...{ cluster: 'seed', host, files: [] },
  authorities: authorityFingerprints(of),
});

/** A job of etcd-1, whose bundle is of the older CAs; the named masters have the given ones. */
function jobOf(own: readonly SecretFile[], masters: Readonly<Record<string, readonly SecretFile[]>>): StagedRun {
  const { run } = sceneOf(nowhere, {
    targets: new Map([['etcd', ['etcd-1']]]),
    access: { knownHosts: '', retries: 0 },
  });
  const inspected = (name: string, files: readonly SecretFile[]) =>
    inspectionOf(hostOf(seed, name), {}, { files: contents(files) });
  run.inspections.set('etcd-1', inspected('etcd-1', own));
  run.secrets.set('etcd-1', bundle('etcd-1'));
  for (const [name, files] of Object.entries(masters)) {
    const session = closable(hostOf(seed, name), async () => {});
    run.sessions.set(name, { ...session, inspect: async () => inspected(name, files) });
  }
  return run;
}

const codesOf = async (run: StagedRun) =>
  problemsOf(await errorOf(() => checkBundles.run(run, notCancelled))).map((problem) => [
    Reflect.get(problem as object, 'code'),
    Reflect.get(Reflect.get(problem as object, 'fields'), 'host'),
  ]);

test('A joined host has its CA certificates, and no master is asked', async () => {
  await checkBundles.run(jobOf(authorityFiles(older), {}), notCancelled);
  expect(await codesOf(jobOf(authorityFiles(newer), {}))).toEqual([['BUNDLE_STALE', 'etcd-1']]);
});

test('For a bare host the first master that has CAs is read', async () => {
  await checkBundles.run(jobOf([], { 'master-1': [], 'master-2': authorityFiles(older) }), notCancelled);
  const stale = jobOf([], { 'master-1': [], 'master-2': authorityFiles(newer) });
  expect(await codesOf(stale)).toEqual([['BUNDLE_STALE', 'etcd-1']]);
});

test('If no master has CAs, the bundle is accepted', async () => {
  await checkBundles.run(jobOf([], { 'master-1': [], 'master-2': [], 'master-3': [] }), notCancelled);
});

test('A bare host is not changed if the masters that may have CAs are unreachable', async () => {
  expect(await codesOf(jobOf([], { 'master-1': [] }))).toEqual([['AUTHORITIES_UNKNOWN', 'etcd-1']]);
});
