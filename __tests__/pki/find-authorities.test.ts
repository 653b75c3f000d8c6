import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Authorities,
  type AuthorityName,
  authoritiesOf,
  authorityFiles,
  findAuthorities,
  type Issue,
  issue,
  makeAuthorities,
  paths,
  type SeenHost,
} from '../../src/pki/index.ts';
import { keyId } from '../../src/pki/keys.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { applied, contents, daysLater, now, problemOf, seen } from './hosts.ts';

const cluster = seedCluster();
const masterNames = ['master-1', 'master-2', 'master-3'];
let authorities: Authorities;
let others: Authorities;
let secrets: Issue['secrets'];
let first: Issue['issued'];
const bare = masterNames.map((name) => seen(name));

beforeAll(async () => {
  [authorities, others] = await Promise.all([makeAuthorities(now), makeAuthorities(now)]);
  ({ secrets, issued: first } = await issue(cluster, authorities, new Map(), now));
});

test('bare hosts have no CAs, and nothing to keep', () => {
  expect(findAuthorities(bare, [seen('etcd-1'), seen('node-1')])).toEqual({ kind: 'none', kept: {} });
});

test('a running cluster’s CAs are read unchanged', () => {
  const found = findAuthorities(running(['master-1', 'master-2', 'master-3']), running(['etcd-1', 'node-1']));
  expect(found).toEqual({ kind: 'found', authorities, missingOn: [] });
});

test('a new master gets a copy', () => {
  const found = findAuthorities([...running(['master-1', 'master-2']), seen('master-3')], running(['node-1']));
  expect(found).toEqual({ kind: 'found', authorities, missingOn: ['master-3'] });
});

test('an ended CA’s new certificate for the same key is its own, while other hosts have the former one; then every certificate is issued again', async () => {
  const late = daysLater(3651);
  // As docs/rotation.md says.
  const renewed = (name: AuthorityName) => {
    const { key, crt } = authorities[name];
    const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-ended-'));
    for (const [file, text] of Object.entries({ 'ca.crt.ended': crt, 'ca.key': key }))
      writeFileSync(join(folder, file), text);
    const argv = ['x509', '-in', 'ca.crt.ended', '-signkey', 'ca.key', '-days', '7300', '-out', 'ca.crt'];
    execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' });
    const made = readFileSync(join(folder, 'ca.crt'), 'utf8');
    rmSync(folder, { recursive: true });
    return { key, crt: made };
  };
  const all: Authorities = {
    ...authorities,
    ...{ kubernetes: renewed('kubernetes'), etcd: renewed('etcd'), 'front-proxy': renewed('front-proxy') },
  };
  const files = contents(authorityFiles(all));
  const masters = running(masterNames).map((host) => ({ ...host, files: new Map([...host.files, ...files]) }));
  const found = findAuthorities(masters, running(['etcd-1', 'node-1']));
  expect(found).toMatchObject({ kind: 'found', authorities: all, missingOn: [] });
  const { issued } = await issue(cluster, all, applied(secrets), late);
  expect(issued.map(({ host, path }) => `${host} ${path}`).toSorted()).toEqual(
    first.map(({ host, path }) => `${host} ${path}`).toSorted(),
  );
});

test('a missing line end at the end of a file makes no difference', () => {
  const trimmed = {
    host: 'master-2',
    files: new Map([...whole('master-2').files].map(([path, text]) => [path, text.trim()])),
  };
  expect(findAuthorities([whole('master-1'), trimmed], [])).toMatchObject({ kind: 'found', missingOn: [] });
});

test('files on different masters are combined', () => {
  const files = authorityFiles(authorities);
  const masters = masterNames.map((name, index) =>
    seen(
      name,
      files.filter((_, at) => at % 3 === index),
    ),
  );
  expect(findAuthorities(masters, [])).toEqual({ kind: 'found', authorities, missingOn: masterNames });
});

test('a first run may be killed at any moment: the next one keeps each written key, and all masters end with the same files', async () => {
  const files = authorityFiles(authorities);
  const written = fc.tuple(...masterNames.map(() => fc.nat({ max: files.length })));
  await fc.assert(
    fc.asyncProperty(written, async (counts) => {
      const masters = masterNames.map((name, index) => seen(name, files.slice(0, counts[index])));
      const found = findAuthorities(masters, [seen('etcd-1')]);
      const completed = authorityFiles(await authoritiesOf(found, now));
      const kept = files.slice(0, Math.max(...counts)).filter(({ path }) => path.endsWith('.key'));
      for (const file of kept) expect(completed).toContainEqual(file);
      // The next run is killed too, having written the first n files on the masters over what was there.
      const again = masterNames.map((name, index) => ({
        host: name,
        files: new Map([...(masters[index]?.files ?? []), ...contents(completed.slice(0, 1 + (counts[index] ?? 0)))]),
      }));
      const next = findAuthorities(again, []);
      const last = authorityFiles(await authoritiesOf(next, now));
      const keys = (all: typeof files) =>
        all.filter(({ path }) => path.endsWith('.key')).slice(0, 1 + Math.max(...counts) / 2);
      expect(keys(last)).toEqual(keys(completed));
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('a certificate is made for a lone key of an interrupted run', async () => {
  const masters = [seen('master-1', [{ ...fileOf(paths.ca.key) }]), seen('master-2')];
  const completed = await authoritiesOf(findAuthorities(masters, []), now);
  expect(completed.kubernetes.key).toBe(authorities.kubernetes.key);
  expect(keyId(completed.kubernetes.crt)).toBe(keyId(authorities.kubernetes.key));
  expect(completed.etcd.key).not.toBe(authorities.etcd.key);
});

test('a certificate without a key, from which no file came, is not a CA', () => {
  expect(findAuthorities([seen('master-1', [fileOf(paths.ca.crt)]), seen('master-2')], [])).toEqual({
    kind: 'none',
    kept: {},
  });
  const masters = [seen('master-1', [fileOf(paths.ca.crt)]), seen('master-2', authorityFiles(others))];
  expect(findAuthorities(masters, [])).toEqual({ kind: 'found', authorities: others, missingOn: ['master-1'] });
});

test('masters that disagree are named with their fingerprints', async () => {
  const problem = await problemOf(() =>
    findAuthorities([whole('master-1'), seen('master-2', authorityFiles(others)), whole('master-3')], []),
  );
  expect(problem.code).toBe('AUTHORITIES_DIFFER');
  expect(problem.fields.detail?.map((line) => line.replace(/[0-9a-f]{16}…$/, '…'))).toEqual([
    `master-1, master-3: ${paths.ca.key} …`,
    `master-2: ${paths.ca.key} …`,
  ]);
});

test.each([paths.frontProxyCa.key, paths.serviceAccount.key, paths.encryptionConfig])(
  'masters that disagree only about %s are refused',
  async (path) => {
    const files = contents(authorityFiles(authorities));
    for (const file of authorityFiles(others)) if (stem(file.path) === stem(path)) files.set(file.path, file.content);
    const problem = await problemOf(() => findAuthorities([whole('master-1'), { host: 'master-2', files }], []));
    expect([problem.code, problem.message.includes('master-2')]).toEqual(['AUTHORITIES_DIFFER', true]);
  },
);

test('a CA certificate in use whose key is lost is not replaced by another CA', async () => {
  const masters = [seen('master-1', [fileOf(paths.ca.crt)]), seen('master-2', authorityFiles(others))];
  expect((await problemOf(() => findAuthorities(masters, running(['node-1'])))).code).toBe('AUTHORITIES_DIFFER');
});

test.each([
  ['a key of another certificate', paths.etcdCa.key, () => others.etcd.key],
  ['a damaged certificate', paths.ca.crt, () => authorities.kubernetes.crt.slice(0, 300)],
  ['an empty key', paths.ca.key, () => ''],
  ['a public key of another key', paths.serviceAccount.pub, () => others.serviceAccount.pub],
  ['a configuration without a key', paths.encryptionConfig, () => 'kind: EncryptionConfiguration\n'],
])('%s is refused on the master that has it', async (_, path, content) => {
  const files = new Map(whole('master-2').files).set(path, content());
  const problem = await problemOf(() => findAuthorities([whole('master-1'), { host: 'master-2', files }], []));
  expect([problem.code, problem.fields.host]).toEqual(['AUTHORITY_BROKEN', 'master-2']);
});

test.each([
  ['may not sign', ['-newkey', 'rsa:2048', '-addext', 'basicConstraints=critical,CA:FALSE'], 'is not a CA certificate'],
  ['is not RSA', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'not RSA'],
])(
  'an authority of the user’s own that %s is refused before anything is signed with it',
  async (_, options, reason) => {
    const { crt, key } = opensslPair(...options);
    const files = new Map(whole('master-1').files).set(paths.ca.crt, crt).set(paths.ca.key, key);
    const problem = await problemOf(() => findAuthorities([{ host: 'master-1', files }], []));
    expect([problem.code, problem.fields.host]).toEqual(['AUTHORITY_BROKEN', 'master-1']);
    expect(problem.message).toContain(reason);
  },
);

test('the user’s own CA is used unchanged, also without a key identifier', async () => {
  const own = opensslPair(
    '-newkey',
    'rsa:2048',
    '-days',
    '3650',
    '-addext',
    'subjectKeyIdentifier=none',
    '-subj',
    '/O=Öl AG/CN=our root',
    '-utf8',
  );
  const files = new Map([
    [paths.ca.crt, own.crt],
    [paths.ca.key, own.key],
  ]);
  const mixed = await authoritiesOf(findAuthorities([{ host: 'master-1', files }, seen('master-2')], []), now);
  expect(mixed.kubernetes).toEqual(own);
  const later = new Date();
  const made = await issue(cluster, mixed, new Map(), later);
  expect((await issue(cluster, mixed, applied(made.secrets), later)).issued).toEqual([]);
});

test.each(['master-1', 'etcd-2', 'node-1'])(
  'authorities that %s came from are lost, not created again',
  async (name) => {
    const isMaster = name.startsWith('master');
    const files = secrets
      .get(name)
      ?.files.filter(({ path }) => !authorityFiles(authorities).some((file) => isMaster && file.path === path));
    const witness = seen(name, files);
    const masters = bare.map((master) => (master.host === name ? witness : master));
    const problem = await problemOf(() => findAuthorities(masters, isMaster ? [] : [witness]));
    expect(problem.code).toBe('AUTHORITIES_LOST');
    expect(problem.message).toContain(
      'kubernetes CA, etcd CA, front-proxy CA, service-account key pair, encryption-at-rest key',
    );
    expect(problem.fields.detail?.every((line) => line.startsWith(`${name}: /etc/`))).toBe(true);
  },
);

test.each([paths.ca.key, paths.etcdCa.crt, paths.serviceAccount.key, paths.encryptionConfig])(
  'in a running cluster, %s missing on all masters is a loss',
  async (path) => {
    const masters = running(masterNames).map(({ host, files }) => ({
      host,
      files: new Map([...files].filter(([each]) => each !== path)),
    }));
    const problem = await problemOf(() => findAuthorities(masters, running(['node-1'])));
    expect(problem.code).toBe('AUTHORITIES_LOST');
  },
);

test.each([
  ['a comment before it', (key: string) => `# kept by hand\n${key}`],
  ['a byte order mark', (key: string) => `\ufeff${key}`],
  ['text behind it', (key: string) => `${key}controller-manager\n`],
  ['another key behind it', (key: string) => key + others.serviceAccount.key],
])('a file of a CA key with %s is refused, with a hint', async (_, changed) => {
  for (const path of [paths.ca.key, paths.etcdCa.key, paths.serviceAccount.key]) {
    const files = new Map(whole('master-2').files);
    files.set(path, changed(files.get(path) ?? ''));
    const problem = await problemOf(() => findAuthorities([whole('master-1'), { host: 'master-2', files }], []));
    expect(problem.fields).toMatchObject({ code: 'AUTHORITY_BROKEN', host: 'master-2' });
    expect(`${problem.message} ${problem.fields.hint}`).toMatch(
      new RegExp(`^${path}: .* holds more than one unencrypted private key Remove everything before and after `),
    );
  }
});

test('blank lines around a CA key, and Windows line ends, are accepted', () => {
  const files = new Map(
    [...whole('master-2').files].map(([path, text]) => [
      path,
      path.endsWith('.key') ? `\n${text.replaceAll('\n', '\r\n')}\n` : text,
    ]),
  );
  expect(findAuthorities([whole('master-1'), { host: 'master-2', files }], [])).toMatchObject({ kind: 'found' });
});

test('the public half of the service-account key is derived again from the key', () => {
  const masters = running(masterNames).map(({ host, files }) => ({
    host,
    files: new Map([...files].filter(([path]) => path !== paths.serviceAccount.pub)),
  }));
  expect(findAuthorities(masters, running(['node-1']))).toEqual({ kind: 'found', authorities, missingOn: masterNames });
});

test('a host of another cluster is refused', async () => {
  const theirs = await issue(cluster, others, new Map(), now);
  const node = seen('node-1', theirs.secrets.get('node-1')?.files);
  const problem = await problemOf(() => findAuthorities([whole('master-1')], [node]));
  expect([problem.code, problem.fields.host]).toEqual(['AUTHORITIES_FOREIGN', 'node-1']);
});

test('no problem reveals a secret', async () => {
  const text = async (masters: SeenHost[]) =>
    JSON.stringify((await problemOf(() => findAuthorities(masters, []))).fields);
  const secret = authorities.encryptionConfig.match(/secret: (\S+)/)?.[1] ?? '';
  const files = contents(authorityFiles(others));
  const said = await text([
    whole('master-1'),
    {
      host: 'master-2',
      files: new Map(whole('m').files).set(paths.encryptionConfig, files.get(paths.encryptionConfig) ?? ''),
    },
  ]);
  expect(said).not.toContain(secret);
  expect(said).not.toContain('PRIVATE');
});

test('openssl reads the service-account key and the CAs as RSA 2048, the CAs valid for ten years', () => {
  const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: authorities.etcd.crt }).toString();
  expect(text).toContain('Subject: CN = etcd-ca');
  expect(text).toContain('Public-Key: (2048 bit)');
  expect(text).toMatch(/CA:TRUE/);
  expect(text).toContain('Not After : Nov 20 12:00:00 2036 GMT');
  expect(text).toContain('sha256WithRSAEncryption');
});

function running(names: readonly string[]): readonly SeenHost[] {
  return names.map((name) => seen(name, secrets.get(name)?.files));
}

function whole(name: string): SeenHost {
  return seen(name, authorityFiles(authorities));
}

function fileOf(path: string) {
  const file = authorityFiles(authorities).find((each) => each.path === path);
  if (!file) throw new Error(path);
  return file;
}

function stem(path: string): string {
  return path.replace(/\.\w+$/, '');
}

/** A self-signed pair from openssl, for kinds that this project never makes. */
function opensslPair(...options: readonly string[]) {
  const request = ['req', '-x509', '-nodes', '-keyout', '-', '-subj', '/CN=kubernetes', ...options];
  const text = execFileSync('openssl', request, { stdio: 'pipe' }).toString();
  const at = text.indexOf('-----BEGIN CERTIFICATE');
  return { key: text.slice(0, at), crt: text.slice(at) };
}
