import { beforeAll, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import {
  type Authorities,
  authoritiesOf,
  authorityFiles,
  findAuthorities,
  type Issue,
  issue,
  makeAuthorities,
  paths,
  type SecretFile,
  type SeenHost,
  secretValues,
} from '../../src/pki/index.ts';
import { newLeafPair, newSigningPair, sha256 } from '../../src/pki/keys.ts';
import { standInText } from '../../src/pki/stand-in.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { applied, contents, daysLater, now, seen } from './hosts.ts';
import { withoutSecrets } from './withheld.ts';

// A dry run reports the same about certificates and CAs as a run, although it has no key.
const seed = seedCluster();
const kept = ['master-1', 'master-2', 'etcd-1', 'node-1'];
const cluster = { ...seed, hosts: seed.hosts.filter(({ name }) => kept.includes(name)) };
let authorities: Authorities;
let others: Authorities;
let made: Issue;
let otherKey: string;
let otherLeaf: string;

beforeAll(async () => {
  [authorities, others] = await Promise.all([makeAuthorities(now), makeAuthorities(now)]);
  made = await issue(cluster, authorities, new Map(), now);
  otherKey = (await newSigningPair()).key;
  otherLeaf = (await newLeafPair()).key;
});

type Files = Map<string, Map<string, string>>;
type Change = (files: Files) => void;

/** All files in their places, with these changes. */
function hostsWith(...changes: readonly Change[]): Files {
  const files = applied(made.secrets);
  for (const change of changes) change(files);
  return files;
}

type View = (hosts: readonly SeenHost[]) => readonly SeenHost[];

/** A run's report about these hosts: certificates to issue, and files that differ; or the problem. */
async function saidOf(files: Files, at: Date, view?: View) {
  const dryRun = view !== undefined;
  const all = cluster.hosts.map(({ name }) => ({ host: name, files: files.get(name) ?? new Map<string, string>() }));
  const hosts = view?.(all) ?? all;
  const isMaster = ({ host }: SeenHost) => host.startsWith('master');
  try {
    const found = findAuthorities(
      hosts.filter(isMaster),
      hosts.filter((host) => !isMaster(host)),
    );
    const given = await authoritiesOf(found, at, dryRun);
    const existing = new Map(hosts.map((host) => [host.host, host.files]));
    const { issued, secrets } = await issue(cluster, given, existing, at, dryRun);
    const differing = [...secrets].flatMap(([host, own]) => own.files.flatMap((file) => difference(host, file, files)));
    return { kind: found.kind, issued, differing };
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, message: error.message, fields: error.fields };
    throw error;
  }
}

function difference(host: string, file: SecretFile, files: Files): readonly string[] {
  const has = files.get(host)?.get(file.path);
  if (has === undefined) return [`${host}: ${file.path} missing`];
  return (file.sha256 ?? sha256(file.content)) === sha256(has) ? [] : [`${host}: ${file.path} differs`];
}

function remove(host: string, path: string): Change {
  return (files) => void files.get(host)?.delete(path);
}

function removeEverywhere(...gone: readonly string[]): Change {
  return (files) => {
    for (const own of files.values()) for (const path of gone) own.delete(path);
  };
}

function put(host: string, path: string, text: (has: string) => string): Change {
  return (files) => void files.get(host)?.set(path, text(files.get(host)?.get(path) ?? ''));
}

function all(...changes: readonly Change[]): Change {
  return (files) => {
    for (const change of changes) change(files);
  };
}

const withKey = (conf: string, key: string) =>
  conf.replace(/(client-key-data: ).*/, `$1${Buffer.from(key).toString('base64')}`);

type Scene = readonly [title: string, change: Change, at?: Date];

const scenes: readonly Scene[] = [
  ['all is in its place', all()],
  ['nothing is there', (files) => files.clear()],
  ['a master is new', (files) => void files.delete('master-2')],
  ['a node is new', (files) => void files.delete('node-1')],
  ['a leaf’s key is missing', remove('master-1', paths.apiserver.key)],
  ['a leaf’s certificate is missing', remove('etcd-1', paths.etcd.peer.crt)],
  ['a kubeconfig is missing', remove('master-1', paths.adminConf)],
  ['a kubeconfig is damaged', put('master-1', paths.schedulerConf, () => 'kind: Config\n')],
  ['a kubeconfig names another server', put('node-1', paths.proxyConf, (has) => has.replace('5002', '5003'))],
  ['certificates are near their end', all(), daysLater(350)],
  ['certificates have ended', all(), daysLater(400)],
  ['authorities have ended', all(), daysLater(3700)],
  ['a master lacks an authority’s key', remove('master-1', paths.ca.key)],
  ['a master lacks a public half', remove('master-2', paths.serviceAccount.pub)],
  ['no master has the public half', removeEverywhere(paths.serviceAccount.pub)],
  ['a line end is missing', put('master-1', paths.ca.key, (has) => has.trim())],
  ['an authority’s key is lost', removeEverywhere(paths.ca.key)],
  ['an authority is lost', removeEverywhere(paths.etcdCa.key, paths.etcdCa.crt)],
  ['the service account’s key is lost', removeEverywhere(paths.serviceAccount.key)],
  ['the encryption key is lost', removeEverywhere(paths.encryptionConfig)],
  ['masters have different authorities', (files) => files.set('master-2', contents(authorityFiles(others)))],
  [
    'masters have different service-account keys',
    all(
      put('master-2', paths.serviceAccount.key, () => others.serviceAccount.key),
      put('master-2', paths.serviceAccount.pub, () => others.serviceAccount.pub),
    ),
  ],
  ['masters have different encryption keys', put('master-2', paths.encryptionConfig, () => others.encryptionConfig)],
  ['an authority’s key is empty', put('master-1', paths.ca.key, () => '')],
  ['an authority’s certificate is damaged', put('master-1', paths.ca.crt, (has) => has.slice(0, 300))],
  ['the encryption key is none', put('master-1', paths.encryptionConfig, () => '')],
  ['a node is of another cluster', put('node-1', paths.ca.crt, () => others.kubernetes.crt)],
  [
    'a first run was killed',
    (files) => {
      files.clear();
      files.set('master-1', contents(authorityFiles(authorities).slice(0, 5)));
    },
  ],
];

/** Changes that only a host with openssl can detect. */
const withOpenssl: readonly Scene[] = [
  ['a leaf’s key does not fit', put('master-2', paths.apiserver.key, () => otherLeaf)],
  ['a leaf’s key is damaged', put('node-1', paths.kubeletServing.key, (has) => has.slice(0, 80))],
  ['a kubeconfig’s key does not fit', put('node-1', paths.proxyConf, (has) => withKey(has, otherLeaf))],
  ['an authority’s key does not fit', put('master-1', paths.etcdCa.key, () => otherKey)],
  ['an authority’s key is damaged', put('master-1', paths.frontProxyCa.key, (has) => has.slice(0, 200))],
  ['a leaf’s key has text before it', put('master-1', paths.apiserver.key, (has) => `# of master-1\n${has}`)],
  [
    'an authority’s key has a certificate beside it',
    put('master-1', paths.ca.key, (has) => has + authorities.kubernetes.crt),
  ],
  [
    'the encryption configuration has no key',
    put('master-1', paths.encryptionConfig, () => 'kind: EncryptionConfiguration\n'),
  ],
];

test.each([...scenes, ...withOpenssl])('if %s, a dry run reports the same as a run', async (_, change, at = now) => {
  const clear = await saidOf(hostsWith(change), at);
  expect(await saidOf(hostsWith(change), at, (hosts) => withoutSecrets(hosts))).toEqual(clear);
});

const blind: View = (hosts) => withoutSecrets(hosts, false);

test.each(scenes)('if %s, a dry run reports it without openssl on the host', async (_, change, at = now) => {
  // Then another one of two differing keys is named.
  const loose = (said: Awaited<ReturnType<typeof saidOf>>) => ('code' in said ? said.code : said);
  const clear = await saidOf(hostsWith(change), at);
  expect(loose(await saidOf(hostsWith(change), at, blind))).toEqual(loose(clear));
});

test.each(withOpenssl)(
  'where %s, a dry run without openssl on the host says nothing that is not so',
  async (_, change) => {
    const said = await saidOf(hostsWith(change), now, blind);
    expect('code' in said ? said.code : said.issued).toEqual(_.includes('configuration') ? 'AUTHORITIES_DIFFER' : []);
  },
);

test('a dry run has no secret', async () => {
  const hosts = withoutSecrets([...hostsWith()].map(([host, files]) => ({ host, files })));
  const masters = hosts.filter(({ host }) => host.startsWith('master'));
  const found = findAuthorities(masters, []);
  const existing = new Map(hosts.map(({ host, files }) => [host, files]));
  const { secrets } = await issue(cluster, await authoritiesOf(found, now, true), existing, now, true);
  const held = JSON.stringify([found, ...secrets.values(), ...hosts.map(({ files }) => [...files])]);
  const values = [...made.secrets.values()].flatMap(secretValues);
  expect(values.length).toBeGreaterThan(50);
  expect(values.filter((value) => held.includes(value))).toEqual([]);
});

test('no text of a host counts as a placeholder', () => {
  const standIn = standInText({ sha256: 'a', withoutKey: 'b', publicHalf: 'c', isAlone: true, certificate: '' });
  const files = contents(authorityFiles(authorities)).set(paths.ca.key, standIn.replace(/[0-9a-f]{8}/, '00000000'));
  expect(() => findAuthorities([{ host: 'master-1', files }], [seen('node-1')])).toThrow(/can’t be read/);
});
