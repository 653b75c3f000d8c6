import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Authorities,
  type AuthorityName,
  certificatesFor,
  clientCertificateOf,
  type HostSecrets,
  type Issue,
  issue,
  makeAuthorities,
  type Place,
  paths,
} from '../../src/pki/index.ts';
import { keyId } from '../../src/pki/keys.ts';
import { namesOf, readCertificate } from '../../src/pki/x509-read.ts';
import { seedCluster, smallCluster } from '../fixtures/clusters.ts';
import { applied, contents, daysLater, fileAt, hostNamed, now } from './hosts.ts';

const cluster = seedCluster();
let authorities: Authorities;
let first: Issue;
let directory: string;

beforeAll(async () => {
  authorities = await makeAuthorities(now);
  first = await issue(cluster, authorities, new Map(), now);
  directory = mkdtempSync(join(tmpdir(), 'pki-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

test('openssl accepts every certificate with its own CA for its purpose, and with no other CA', () => {
  const at = String(now.getTime() / 1000);
  const names = ['kubernetes', 'etcd', 'front-proxy'] as const;
  for (const name of names) writeFileSync(join(directory, `${name}.crt`), authorities[name].crt);
  let verified = 0;
  for (const host of cluster.hosts)
    for (const { place, authority, usages } of certificatesFor(cluster, host)) {
      const leaf = join(directory, 'leaf.crt');
      writeFileSync(leaf, pairAt(first.secrets.get(host.name), place).crt);
      for (const usage of usages) {
        const purpose = usage === 'serverAuth' ? 'sslserver' : 'sslclient';
        const verify = (name: AuthorityName) =>
          execFileSync(
            'openssl',
            [
              'verify',
              '-x509_strict',
              '-attime',
              at,
              '-purpose',
              purpose,
              '-CAfile',
              join(directory, `${name}.crt`),
              leaf,
            ],
            { stdio: 'pipe' },
          ).toString();
        expect(verify(authority)).toContain('leaf.crt: OK');
        const other = names.find((name) => name !== authority) ?? authority;
        expect(() => verify(other)).toThrow();
        verified += 1;
      }
    }
  // 3 masters with 7, 3 etcd hosts with 2 for two purposes and 1 client, 1 node with 2.
  expect(verified).toBe(21 + 15 + 2);
}, 30_000);

test('every key fits its certificate, and no key is used twice', () => {
  const ids = cluster.hosts.flatMap((host) =>
    certificatesFor(cluster, host).map(({ place }) => {
      const { crt, key } = pairAt(first.secrets.get(host.name), place);
      expect(keyId(crt)).toBe(keyId(key));
      return keyId(key);
    }),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('every key is of P-256, for signatures alone, as openssl reads them', () => {
  for (const host of cluster.hosts) {
    for (const { place } of certificatesFor(cluster, host)) {
      const { crt, key } = pairAt(first.secrets.get(host.name), place);
      expect(createPrivateKey(key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
      const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: crt }).toString();
      expect(text).toContain('ASN1 OID: prime256v1');
      expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
      expect(text).toContain('Signature Algorithm: sha256WithRSAEncryption');
    }
  }
});

test('the API server’s names are the seed’s and the host’s own', () => {
  const crt = fileAt(first.secrets.get('master-1'), paths.apiserver.crt);
  expect(namesOf(readCertificate(crt) ?? never())).toEqual([
    'DNS:192-168-1-153.master',
    'DNS:kubernetes',
    'DNS:kubernetes.default',
    'DNS:kubernetes.default.svc',
    'DNS:kubernetes.default.svc.cluster',
    'DNS:kubernetes.default.svc.cluster.local',
    'DNS:localhost',
    'DNS:master-1',
    'IP:10.254.0.1',
    'IP:127.0.0.1',
    'IP:192.168.1.153',
    'IP:192.168.1.154',
    'IP:192.168.1.155',
  ]);
});

test('a node gets exactly its serving certificate, the proxy’s kubeconfig and the certificate that it trusts', () => {
  expect(table('node-1')).toEqual([
    [paths.ca.crt, '644', 'root:root', false],
    [paths.kubeletServing.key, '600', 'root:root', true],
    [paths.kubeletServing.crt, '644', 'root:root', false],
    [paths.proxyConf, '600', 'root:root', true],
  ]);
});

test('an etcd host gets exactly its member certificates, the client’s for its own root and the authority’s certificate', () => {
  expect(table('etcd-1')).toEqual([
    [paths.etcd.ca, '644', 'root:root', false],
    [paths.etcd.server.key, '600', 'etcd:etcd', true],
    [paths.etcd.server.crt, '644', 'root:root', false],
    [paths.etcd.peer.key, '600', 'etcd:etcd', true],
    [paths.etcd.peer.crt, '644', 'root:root', false],
    [paths.etcd.client.key, '600', 'root:root', true],
    [paths.etcd.client.crt, '644', 'root:root', false],
  ]);
});

test('no host but a master holds a key of the authorities, in any file', () => {
  const keys = [authorities.kubernetes, authorities.etcd, authorities['front-proxy'], authorities.serviceAccount].map(
    ({ key }) => key,
  );
  const secrets = [...keys, ...keys.map((key) => Buffer.from(key).toString('base64')), authorities.encryptionConfig];
  for (const host of cluster.hosts) {
    const text = JSON.stringify(first.secrets.get(host.name)?.files.map(({ content }) => content));
    const held = secrets.filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
    expect([host.name, held.length]).toEqual([host.name, host.roles.includes('master') ? 5 : 0]);
  }
});

test('the kubelet’s serving certificate can’t act as a client', () => {
  const crt = readCertificate(fileAt(first.secrets.get('node-1'), paths.kubeletServing.crt));
  expect(crt?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('each master’s kubeconfigs point at its own API server, a node’s at its own balancer', () => {
  expect(fileAt(first.secrets.get('master-2'), paths.schedulerConf)).toContain('server: https://192.168.1.154:6443\n');
  expect(fileAt(first.secrets.get('node-1'), paths.proxyConf)).toContain('server: https://127.0.0.1:5002\n');
});

test('hosts with several roles get each file once', async () => {
  const small = smallCluster();
  const { secrets } = await issue(small, authorities, new Map(), now);
  for (const { files } of secrets.values()) expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
});

test('a second run keeps every file byte for byte and issues nothing', async () => {
  const second = await issue(cluster, authorities, applied(first.secrets), daysLater(240));
  expect(second.issued).toEqual([]);
  expect(second.secrets).toEqual(first.secrets);
});

test('when less than a third of their life is left, all are issued again, and the reason says when they end', async () => {
  const second = await issue(cluster, authorities, applied(first.secrets), daysLater(245));
  expect(second.issued).toHaveLength(7 * 3 + 3 * 3 + 2);
  expect(second.issued[0]?.reason).toBe('ends 2027-11-23T12:00:00.000Z');
});

test('another master changes what the masters’ certificates name, and nothing else', async () => {
  const master = {
    ...hostNamed(cluster, 'master-3'),
    name: 'master-4',
    nodeName: 'master-4',
    address: '192.168.1.160',
  };
  const more = { ...cluster, hosts: [...cluster.hosts, master] };
  const { issued } = await issue(more, authorities, applied(first.secrets), now);
  const reissued = issued.filter(({ host }) => host !== 'master-4');
  expect(reissued).toEqual(
    ['master-1', 'master-2', 'master-3'].map((host) => ({
      host,
      path: paths.apiserver.crt,
      reason: 'names differ: +IP:192.168.1.160',
    })),
  );
});

test('names and addresses of certSANs get into the certificate, in any spelling', async () => {
  const named = { ...cluster, api: { ...cluster.api, certSANs: ['k8s.example.org', '2001:DB8::1', '192.168.1.153'] } };
  const { secrets } = await issue(named, authorities, new Map(), now);
  const names = namesOf(readCertificate(fileAt(secrets.get('master-1'), paths.apiserver.crt)) ?? never());
  expect(names).toEqual(expect.arrayContaining(['DNS:k8s.example.org', 'IP:2001:db8:0:0:0:0:0:1']));
  expect((await issue(named, authorities, applied(secrets), now)).issued).toEqual([]);
});

test('another port moves the kubeconfigs and keeps their certificates', async () => {
  const moved = { ...cluster, api: { ...cluster.api, port: 8443 } };
  const { issued, secrets } = await issue(moved, authorities, applied(first.secrets), now);
  expect(issued).toEqual([]);
  const admin = fileAt(secrets.get('master-1'), paths.adminConf);
  expect(admin).toContain('https://192.168.1.153:8443\n');
  expect(clientCertificateOf(admin)).toEqual(
    clientCertificateOf(fileAt(first.secrets.get('master-1'), paths.adminConf)),
  );
});

const foreign = (host: string, path: string) => fileAt(first.secrets.get(host), path);
test.each([
  ['a lost key', paths.kubeletServing.key, () => undefined, 'missing'],
  [
    'a key of another certificate',
    paths.kubeletServing.key,
    () => foreign('etcd-1', paths.etcd.peer.key),
    'its key does not match',
  ],
  ['a damaged key', paths.kubeletServing.key, () => '-----BEGIN RSA PRIVATE KEY-----\n', 'its key is unreadable'],
  ['a damaged certificate', paths.kubeletServing.crt, () => 'no certificate', 'unreadable'],
  ['a kubeconfig that is not one', paths.proxyConf, () => 'users: [', 'missing'],
])('%s is the reason to issue one certificate again', async (_, path, content, reason) => {
  const has = contents(first.secrets.get('node-1')?.files ?? []);
  const text = content();
  text === undefined ? has.delete(path) : has.set(path, text);
  const { issued } = await issue(cluster, authorities, new Map([...applied(first.secrets), ['node-1', has]]), now);
  expect(issued).toEqual([{ host: 'node-1', path: path.replace(/\.key$/, '.crt'), reason }]);
});

test.each([
  ['a comment before it', (key: string) => `# mine\n${key}`],
  ['text behind it', (key: string) => `${key}controller-manager\n["node-1"]\n`],
  ['a byte order mark', (key: string) => `\ufeff${key}`],
  ['another block', (key: string) => key + key],
])('a key in a file with %s is not kept: it is issued again, and says why', async (_, changed) => {
  const has = applied(first.secrets);
  const files = new Map(has.get('node-1'));
  files.set(paths.kubeletServing.key, changed(files.get(paths.kubeletServing.key) ?? ''));
  const { secrets, issued } = await issue(cluster, authorities, new Map([...has, ['node-1', files]]), now);
  const reason = 'its file contains more than the key';
  expect(issued).toEqual([{ host: 'node-1', path: paths.kubeletServing.crt, reason }]);
  expect(fileAt(secrets.get('node-1'), paths.kubeletServing.key)).toMatch(
    /^-----BEGIN EC PRIVATE KEY-----\n[^-]+-----END EC PRIVATE KEY-----\n$/,
  );
});

test('a kubeconfig that carries more than a key is made again', async () => {
  const has = applied(first.secrets);
  const files = new Map(has.get('node-1'));
  const { crt = '', key = '' } = clientCertificateOf(files.get(paths.proxyConf) ?? '') ?? {};
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const text = (files.get(paths.proxyConf) ?? '').replace(base64(key), base64(`controller-manager\n${key}`));
  files.set(paths.proxyConf, text);
  const { issued } = await issue(cluster, authorities, new Map([...has, ['node-1', files]]), now);
  expect([crt !== '', issued.map(({ path, reason }) => [path, reason])]).toEqual([
    true,
    [[paths.proxyConf, 'its file contains more than the key']],
  ]);
});

test('a certificate of another authority is issued again, also when that one has the same name', async () => {
  const others = await makeAuthorities(now);
  const { issued } = await issue(cluster, others, applied(first.secrets), now);
  expect(issued).toHaveLength(7 * 3 + 3 * 3 + 2);
  expect(new Set(issued.map(({ reason }) => reason))).toEqual(
    new Set(['kubernetes', 'etcd', 'front-proxy'].map((name) => `not signed by the cluster’s ${name} CA`)),
  );
});

test('no certificate outlives its authority, and one that ends with it is not issued by every run', async () => {
  const late = daysLater(3650 - 20);
  const { secrets } = await issue(cluster, authorities, new Map(), late);
  const crt = readCertificate(fileAt(secrets.get('node-1'), paths.kubeletServing.crt));
  expect(new Date(crt?.validTo ?? '')).toEqual(daysLater(3650));
  expect((await issue(cluster, authorities, applied(secrets), daysLater(3650 - 1))).issued).toEqual([]);
  await expect(issue(cluster, authorities, new Map(), daysLater(3651))).rejects.toMatchObject({
    code: 'AUTHORITY_EXPIRED',
  });
});

function table(host: string) {
  return first.secrets.get(host)?.files.map(({ path, mode, owner, secret }) => [path, mode, owner, secret]);
}

function pairAt(secrets: HostSecrets | undefined, place: Place) {
  if (place.kind === 'pair') return { crt: fileAt(secrets, place.crt), key: fileAt(secrets, place.key) };
  return clientCertificateOf(fileAt(secrets, place.path)) ?? never();
}

function never(): never {
  throw new Error('unreadable');
}
