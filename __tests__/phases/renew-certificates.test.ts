import { beforeAll, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import type { Change, HostSession } from '../../src/host/engine.ts';
import { places } from '../../src/layout/paths.ts';
import { gatherReachedFacts, prepareRenewal, renewCertificates } from '../../src/phases/renew-certificates.ts';
import { type Issue, issue, makeAuthorities, paths } from '../../src/pki/index.ts';
import { newLeafPair } from '../../src/pki/keys.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const now = new Date();
const restart = (subject: string, path: string): Change => ({
  kind: 'restart',
  subject,
  reason: `${path} changed since its start`,
});
const peer: readonly Change[] = [
  { kind: 'file', subject: paths.etcd.peer.crt, reason: 'content differs' },
  { kind: 'file', subject: paths.etcd.peer.key, reason: 'content differs' },
  restart('etcd.service', paths.etcd.peer.crt),
];
const admin: readonly Change[] = [paths.adminConf, places.rootKubeconfig].map((subject) => ({
  kind: 'file',
  subject,
  reason: 'content differs',
}));
const dead = new Problem('cannot reach it', { code: 'HOST_UNREACHABLE', host: 'etcd-3' });
let made: Issue;
let kubeletCertificate = '';

beforeAll(async () => {
  const authorities = await makeAuthorities(now);
  made = await issue(cluster, authorities, new Map(), now);
  const subject = { commonName: `system:node:${hostOf(cluster, 'node-1').nodeName}`, organization: 'system:nodes' };
  const sign = await signerOf(authorities.kubernetes);
  kubeletCertificate = sign({ ...subject, dns: [], ips: [], usages: ['clientAuth'] }, (await newLeafPair()).pub, now);
});

/** A run that has reached all hosts but etcd-3, with what differs on each, and what applying fails with. */
function runWith(differs: Readonly<Record<string, readonly Change[]>>, fails: Readonly<Record<string, Problem>> = {}) {
  const names = cluster.hosts.map(({ name }) => name).filter((name) => name !== 'etcd-3');
  const targets = new Map((['etcd', 'master', 'node'] as const).map((role) => [role, names] as const));
  const { run, log } = sceneOf(cluster, { targets });
  const applied: string[] = [];
  for (const host of cluster.hosts.filter(({ name }) => names.includes(name))) {
    const own = made.secrets.get(host.name);
    if (!own) throw new Error(host.name);
    const files = new Map([
      ...own.files.map(({ path, content }) => [path, content] as const),
      [places.kubeletClientCert, kubeletCertificate] as const,
    ]);
    run.secrets.set(host.name, own);
    run.inspections.set(host.name, inspectionOf(host, {}, { scopes: [...host.roles], files }));
    run.etcd.bootstrap.set(host.name, '');
    const apply: HostSession['apply'] = async () => {
      if (fails[host.name]) throw fails[host.name];
      applied.push(host.name);
      return { changes: differs[host.name] ?? [], started: [], restarted: [], milliseconds: 1 };
    };
    const difference = async () => differs[host.name] ?? [];
    run.sessions.set(host.name, { ...closable(host, async () => undefined), difference, apply });
  }
  run.issued.push(`etcd-1:${paths.etcd.peer.crt}`, `etcd-2:${paths.etcd.peer.crt}`, `master-1:${paths.adminConf}`);
  const reached = cluster.hosts.filter(({ name }) => names.includes(name));
  const codes = async (stage = { ...run, reached, unreached: [dead] }) => {
    const error = await errorOf(() => renewCertificates.run(stage, notCancelled));
    return (error as AggregateError).errors.map(({ fields }: Problem) => `${fields.host} ${fields.code}`);
  };
  return { run: { ...run, reached, unreached: [] as Problem[] }, applied, codes, log };
}

test('certificates that were issued are placed, and the run fails with the hosts that it could not reach', async () => {
  const { applied, codes } = runWith({ 'etcd-1': peer, 'master-1': admin });
  expect(await codes()).toEqual(['etcd-3 HOST_UNREACHABLE']);
  expect(applied.toSorted()).toEqual(
    cluster.hosts
      .map(({ name }) => name)
      .filter((name) => name !== 'etcd-3')
      .toSorted(),
  );
});

test('with all hosts it succeeds', async () => {
  const { run } = runWith({ 'etcd-1': peer });
  await expect(renewCertificates.run(run, notCancelled)).resolves.toBeUndefined();
});

test.each<readonly [string, Change]>([
  ['another version', { kind: 'download', subject: '/usr/local/bin/etcd', reason: 'version' }],
  ['a changed unit', { kind: 'file', subject: '/etc/systemd/system/etcd.service', reason: 'content differs' }],
  [
    'a restart for another reason',
    { kind: 'restart', subject: 'etcd.service', reason: 'its unit text changed since its start' },
  ],
  ['a certificate that was not issued', { kind: 'file', subject: paths.etcd.server.crt, reason: 'content differs' }],
  ['a unit that does not run', { kind: 'start', subject: 'etcd.service', reason: 'not running' }],
])('a host that also needs %s is left as it is, and the others are renewed', async (_, change) => {
  const { applied, codes } = runWith({ 'etcd-1': [...peer, change], 'etcd-2': peer });
  expect(await codes()).toEqual(['etcd-3 HOST_UNREACHABLE', 'etcd-1 ROTATION_PENDING']);
  expect(applied).toContain('etcd-2');
  expect(applied).not.toContain('etcd-1');
});

test('a restart that an earlier run has left is made up for', async () => {
  const { applied, codes } = runWith({ 'etcd-2': [restart('etcd.service', paths.etcd.server.key)] });
  await codes();
  expect(applied).toContain('etcd-2');
});

test('a restart that is not safe keeps no other host from its turn, and one that fails ends the run after its role', async () => {
  const problem = (host: string, code: 'RESTART_REFUSED' | 'UNIT_FAILED') => new Problem('no', { code, host });
  const refused = runWith({ 'etcd-1': peer }, { 'etcd-1': problem('etcd-1', 'RESTART_REFUSED') });
  expect(await refused.codes()).toEqual(['etcd-3 HOST_UNREACHABLE', 'etcd-1 RESTART_REFUSED']);
  expect(refused.applied).toEqual(expect.arrayContaining(['etcd-2', 'master-1', 'node-1']));
  const failed = runWith({ 'master-1': admin }, { 'master-1': problem('master-1', 'UNIT_FAILED') });
  expect(await failed.codes()).toEqual(['etcd-3 HOST_UNREACHABLE', 'master-1 UNIT_FAILED']);
  expect(failed.applied).not.toContain('node-1');
});

test('a host without its role gets none', async () => {
  const { run, applied, codes } = runWith({});
  for (const name of ['master-2', 'node-1']) {
    const host = hostOf(cluster, name);
    run.inspections.set(name, inspectionOf(host, {}, { scopes: name === 'node-1' ? ['node'] : [] }));
  }
  expect(await codes()).toEqual(['etcd-3 HOST_UNREACHABLE', 'master-2 ROTATION_PENDING', 'node-1 ROTATION_PENDING']);
  expect(applied).not.toContain('node-1');
});

test('without a master no CA is known, and with masters that have none, none is made', async () => {
  const { run } = runWith({});
  const etcd = { ...run, reached: run.reached.filter(({ roles }) => !roles.includes('master')), unreached: [dead] };
  await expect(gatherReachedFacts.run(etcd, notCancelled)).rejects.toMatchObject({ errors: [dead] });
  for (const host of run.reached) run.inspections.set(host.name, inspectionOf(host));
  await expect(prepareRenewal.run(run, notCancelled)).rejects.toMatchObject({ code: 'AUTHORITIES_UNKNOWN' });
});

test('only what is due is issued, and only for hosts that have answered', async () => {
  const { run, log } = runWith({});
  run.issued.length = 0;
  expect((await prepareRenewal.run(run, notCancelled)).secrets.has('etcd-3')).toBe(false);
  expect(run.issued).toEqual([]);
  const later = { ...run, now: new Date(now.getTime() + 300 * 24 * 3600 * 1000) };
  await prepareRenewal.run(later, notCancelled);
  expect(run.issued).toContain(`etcd-1:${paths.etcd.peer.crt}`);
  expect(run.issued.join()).not.toContain('etcd-3:');
  expect(log.lines.join('\n')).toMatch(/etcd-1: issued \S+ \(ends /);
});
