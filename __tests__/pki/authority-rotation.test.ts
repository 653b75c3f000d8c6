import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AuthorityName, authorityNames, authorityRecords } from '../../src/layout/authorities.ts';
import { makeAuthority } from '../../src/pki/authorities.ts';
import type { Authority } from '../../src/pki/authority.ts';
import {
  type Authorities,
  checkBundleFresh,
  findAuthorities,
  issue,
  makeAuthorities,
  paths,
  type SeenHost,
} from '../../src/pki/index.ts';
import { keyId } from '../../src/pki/keys.ts';
import { isAsWritten, promoted, trusted, trustOf, trustText } from '../../src/pki/trust.ts';
import { readCertificate, signedBy } from '../../src/pki/x509-read.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { applied, contents, fileAt, now, problemOf } from './hosts.ts';

const cluster = seedCluster();
const masterNames = ['master-1', 'master-2', 'master-3'];
let old: Authorities;
let next: Readonly<Record<AuthorityName, Authority>>;

beforeAll(async () => {
  const [made, ...others] = await Promise.all([
    makeAuthorities(now),
    ...authorityNames.map(async (name) => [name, await makeAuthority(name, now)] as const),
  ]);
  old = made;
  next = Object.fromEntries(others) as typeof next;
});

/** The CA in the stages 0 to 3. */
function stagesOf(name: AuthorityName): readonly Authority[] {
  const both = trustText({ ...trustOf(old[name].crt), next: [next[name].crt] });
  const signing = trustText(promoted(trustOf(both), next[name].crt));
  const alone = trustText({ ...trustOf(signing), next: [], former: [] });
  return [
    old[name],
    { key: old[name].key, crt: both },
    { key: next[name].key, crt: signing },
    { key: next[name].key, crt: alone },
  ];
}

const inStage = (name: AuthorityName, stage: number): Authorities => ({ ...old, [name]: stagesOf(name)[stage] });

/** Each host's files as a run of this stage leaves them. */
async function hostsIn(name: AuthorityName, stage: number): Promise<Map<string, Map<string, string>>> {
  return applied((await issue(cluster, inStage(name, stage), new Map(), now)).secrets);
}

const idsOf = (text: string) => trusted(trustOf(text)).map(keyId);

test.each(authorityNames)('the stages of %s: each file begins with the certificate of the key that signs', (name) => {
  const [one, two] = [keyId(old[name].key), keyId(next[name].key)];
  const stages = stagesOf(name);
  expect(stages.map(({ crt }) => idsOf(crt))).toEqual([[one], [one, two], [two, one], [two]]);
  for (const { key, crt } of stages) expect([keyId(crt), isAsWritten(crt)]).toEqual([keyId(key), true]);
});

test('a certificate that someone has added is seen', () => {
  expect(isAsWritten(`${old.etcd.crt}${next.etcd.crt}`)).toBe(false);
});

test.each(authorityNames)(
  'hosts of two neighbouring stages of %s: a run finds the later key, and trusts all that has signed',
  async (name) => {
    const hosts = await Promise.all([0, 1, 2, 3].map((stage) => hostsIn(name, stage)));
    const stages = stagesOf(name);
    const earlier = fc.nat({ max: 2 });
    const moved = fc.tuple(...cluster.hosts.map(() => fc.boolean()));
    await fc.assert(
      fc.property(earlier, moved, (from, later) => {
        const seen = cluster.hosts.map(({ name: host }, index): SeenHost => {
          const files = hosts[from + (later[index] ? 1 : 0)]?.get(host);
          return { host, files: files ?? new Map() };
        });
        const isMaster = ({ host }: SeenHost) => masterNames.includes(host);
        const found = findAuthorities(
          seen.filter(isMaster),
          seen.filter((each) => !isMaster(each)),
        );
        if (found.kind === 'none') throw new Error('no CAs');
        const { key, crt } = found.authorities[name];
        const masters = later.filter((_, index) => masterNames.includes(cluster.hosts[index]?.name ?? ''));
        const ahead = masters.includes(true) ? 1 : 0;
        const behind = masters.includes(false) ? 0 : 1;
        expect(keyId(key)).toBe(keyId(stages[from + ahead]?.key ?? ''));
        expect(keyId(crt)).toBe(keyId(key));
        const wanted = [from + ahead, from + behind].flatMap((stage) => idsOf(stages[stage]?.crt ?? ''));
        expect(new Set(idsOf(crt))).toEqual(new Set(wanted));
      }),
      { numRuns: 30 },
    );
  },
);

test('a master that was killed between the new key and the certificates has the new CA', () => {
  const [, both, signing] = stagesOf('etcd');
  if (!both || !signing) throw new Error('no stages');
  const torn = contents([]);
  for (const { path, content } of filesOf({ ...old, etcd: { key: signing.key, crt: both.crt } }))
    torn.set(path, content);
  const found = findAuthorities(
    masterNames.map((host) => ({ host, files: torn })),
    [],
  );
  expect(found).toMatchObject({ kind: 'found', authorities: { etcd: { key: signing.key } }, missingOn: masterNames });
  if (found.kind === 'found') expect(idsOf(found.authorities.etcd.crt)).toEqual(idsOf(signing.crt));
});

function filesOf(authorities: Authorities) {
  return [
    ...authorityNames.flatMap((name) => [
      { path: authorityRecords[name].key, content: authorities[name].key },
      { path: authorityRecords[name].crt, content: authorities[name].crt },
    ]),
    { path: paths.serviceAccount.key, content: authorities.serviceAccount.key },
    { path: paths.serviceAccount.pub, content: authorities.serviceAccount.pub },
    { path: paths.encryptionConfig, content: authorities.encryptionConfig },
  ];
}

test('a stage keeps what its CA has signed, and replaces what the former one has', async () => {
  const hosts = await hostsIn('etcd', 0);
  const trusting = await issue(cluster, inStage('etcd', 1), hosts, now);
  expect(trusting.issued).toEqual([]);
  const signing = await issue(cluster, inStage('etcd', 2), hosts, now);
  const own = fileAt(signing.secrets.get('etcd-1'), paths.etcd.server.crt);
  const ca = readCertificate(next.etcd.crt);
  const leaf = readCertificate(own);
  expect(ca && leaf && signedBy(leaf, ca)).toBe(true);
  expect(new Set(signing.issued.map(({ reason }) => reason))).toEqual(new Set(['not signed by the cluster’s etcd CA']));
  const after = await issue(cluster, inStage('etcd', 3), applied(signing.secrets), now);
  expect(after.issued).toEqual([]);
});

test('a bundle is of the host’s stage or the next one', async () => {
  const bundles = await Promise.all(
    [0, 1, 2, 3].map(async (stage) => (await issue(cluster, inStage('etcd', stage), new Map(), now)).secrets),
  );
  const hosts = bundles.map((secrets) => applied(secrets).get('etcd-1') ?? new Map());
  const codes = await Promise.all(
    hosts.map((files) =>
      Promise.all(
        bundles.map(async (secrets) => {
          const own = secrets.get('etcd-1');
          if (!own) throw new Error('no bundle');
          return await problemOf(() => checkBundleFresh(own, files)).then(
            ({ code }) => code,
            () => 'fresh',
          );
        }),
      ),
    ),
  );
  const stale = 'BUNDLE_STALE';
  // A row for each stage of the host, in it each stage of the bundle. A bundle that trusts a former CA in stage 3 undoes nothing that others need.
  expect(codes).toEqual([
    ['fresh', 'fresh', stale, stale],
    [stale, 'fresh', 'fresh', stale],
    [stale, stale, 'fresh', 'fresh'],
    [stale, stale, 'fresh', 'fresh'],
  ]);
});

test('the next CA’s key of Kubernetes is kept while its CA is trusted, and only then', async () => {
  const [, both] = stagesOf('kubernetes');
  const trusting: Authorities = { ...old, kubernetes: { ...(both ?? old.kubernetes), nextKey: next.kubernetes.key } };
  const { secrets } = await issue(cluster, trusting, new Map(), now);
  const hosts = applied(secrets);
  expect([...hosts].filter(([, files]) => files.has(paths.nextCaKey)).map(([host]) => host)).toEqual(masterNames);
  const found = (without: readonly string[], crt = '') =>
    findAuthorities(
      masterNames.map((host) => {
        const files = new Map(hosts.get(host));
        if (without.includes(host)) files.delete(paths.nextCaKey);
        if (crt !== '') files.set(paths.ca.crt, crt);
        return { host, files };
      }),
      [],
    );
  expect(found(['master-1'])).toMatchObject({
    authorities: { kubernetes: { nextKey: next.kubernetes.key } },
    missingOn: ['master-1'],
  });
  // Lost, or of a rotation that has begun again.
  expect(found(masterNames)).not.toHaveProperty('authorities.kubernetes.nextKey');
  expect(found([], old.kubernetes.crt)).not.toHaveProperty('authorities.kubernetes.nextKey');
});

test.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [3, 0],
])('stage %i: kube-controller-manager has %i files of the one certificate that signs', async (stage, count) => {
  const { secrets } = await issue(cluster, inStage('kubernetes', stage), new Map(), now);
  const { files = [] } = secrets.get('master-1') ?? {};
  const found = files.filter(({ path }) => path === paths.signingCa).map(({ content }) => content);
  expect(found).toHaveLength(count);
  expect(found.flatMap((text) => text.match(/BEGIN CERTIFICATE/g) ?? [])).toHaveLength(count);
  for (const text of found) expect(keyId(text)).toBe(keyId(fileAt(secrets.get('master-1'), paths.ca.key)));
});
