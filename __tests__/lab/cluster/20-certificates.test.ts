import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type AuthorityName,
  authorityFor,
  certificatesOn,
  opensslVerify,
  type Placed,
  sansOf,
  subjectOf,
} from '../certificates.ts';
import { masters, members, node, seedHosts } from '../seed-hosts.ts';
import { onHost, standingCluster } from '../seed-lab.ts';

let placed: readonly Placed[];
let authorities: Readonly<Record<AuthorityName, string>>;

const isAuthority = ({ pem }: Placed) => new X509Certificate(pem).ca;
const leaf = (host: string, path: string): string =>
  placed.find((each) => each.host === host && each.path === path)?.pem ?? '';

beforeAll(async () => {
  await standingCluster();
  placed = (await Promise.all(seedHosts.map(certificatesOn))).flat();
  const read = (file: string) => onHost('master-1', `cat /etc/kubernetes/pki/${file}`);
  const [kubernetes, etcd, frontProxy] = await Promise.all(['ca.crt', 'etcd/ca.crt', 'front-proxy-ca.crt'].map(read));
  authorities = { kubernetes: kubernetes ?? '', etcd: etcd ?? '', 'front-proxy': frontProxy ?? '' };
}, 600_000);

describe('every certificate on every host', () => {
  test('exists', () => {
    const count = (host: string) => placed.filter((each) => each.host === host && !isAuthority(each)).length;
    // On a master four certificates, one of them a second time in the load balancer's file, and four kubeconfigs (root has one too);
    // three certificates on a member; two and a kubeconfig on a node.
    expect(masters.map(({ name }) => count(name))).toEqual([9, 9, 9]);
    expect(members.map(({ name }) => count(name))).toEqual([3, 3, 3]);
    expect(count('node-1')).toBe(3);
  });

  test('is accepted by openssl with its own CA, and with no other', async () => {
    for (const [name, authority] of Object.entries(authorities)) {
      const own = placed.filter(({ path }) => authorityFor(path) === name);
      expect(own.length).toBeGreaterThan(0);
      const said = await opensslVerify(
        authority,
        own.map(({ pem }) => pem),
      );
      expect(own.map(({ host, path }, index) => [host, path, said[index]])).toEqual(
        own.map(({ host, path }) => [host, path, 'OK']),
      );
      const others = placed.filter(({ path }) => authorityFor(path) !== name);
      for (const word of await opensslVerify(
        authority,
        others.map(({ pem }) => pem),
      ))
        expect(word).toMatch(/^error/);
    }
  }, 60_000);

  test('is of the same CA everywhere', () => {
    for (const each of placed.filter(isAuthority)) expect(each.pem).toBe(authorities[authorityFor(each.path)]);
  });

  test('ends within a year, a CA within ten, and a kubelet’s own, which it renews itself, within 30 days', () => {
    const daysLeft = ({ pem }: Placed) => (Date.parse(new X509Certificate(pem).validTo) - Date.now()) / 86_400_000;
    for (const each of placed) {
      const days = daysLeft(each);
      // Behind a link with the name `current`.
      const ofKubelet = /^\/var\/lib\/kubelet\/pki\/kubelet-client-/.test(each.path);
      const [least, most] = ofKubelet ? [29, 30.5] : [360, isAuthority(each) ? 3655 : 366.5];
      expect([each.path, days > least && days < most]).toEqual([each.path, true]);
    }
  });
});

describe('the names in a certificate', () => {
  test('of an API server are the seed’s and its own', () => {
    const seed = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster'];
    const addresses = ['192.168.1.153', '192.168.1.154', '192.168.1.155', '10.254.0.1', '127.0.0.1'];
    for (const { name, hostname } of masters)
      expect(sansOf(leaf(name, '/etc/kubernetes/pki/apiserver.crt'))).toEqual(
        [...seed, 'kubernetes.default.svc.cluster.local', ...addresses, 'localhost', name, hostname].toSorted(),
      );
  });

  test('of an etcd member are its own', () => {
    for (const { name, hostname, address } of members)
      for (const file of ['server', 'peer'])
        expect(sansOf(leaf(name, `/etc/etcd/pki/${file}.crt`))).toEqual(
          [name, hostname, address, 'localhost', '127.0.0.1'].toSorted(),
        );
  });

  test('of a kubelet are its own', () => {
    const serving = leaf('node-1', '/etc/kubernetes/pki/kubelet.crt');
    expect(sansOf(serving)).toEqual([node.name, node.hostname, node.address].toSorted());
    expect(subjectOf(serving)).toBe(`CN=system:node:${node.hostname}, O=system:nodes`);
  });
});

test('only its owner can read a secret file', async () => {
  const secret = `-e 'PRIVATE KEY-----' -e client-key-data -e 'secret:'`;
  // Files in the volumes of pods are not ours.
  const search = (which: string) =>
    `find /etc /root /home /opt /srv /usr/local /var /var/lib/kubelet /var/lib/etcd /var/lib/containerd -xdev -type f -size -64k ! -path '/var/lib/kubelet/pods/*' ${which} -exec grep -lI ${secret} {} + || true`;
  const [all, open, foreign] = await Promise.all(
    [search('! -path "/etc/ssh/*"'), search('-perm /077'), search('! -user root ! -path "/etc/etcd/pki/*.key"')].map(
      async (line) => (await Promise.all(seedHosts.map(({ name }) => onHost(name, line)))).map(lines),
    ),
  );
  // Shows that the search finds keys and kubeconfigs, and the encryption key on masters.
  expect(all?.map((files) => files.length)).toEqual([14, 14, 14, 3, 3, 3, 3]);
  expect(open).toEqual(seedHosts.map(() => []));
  expect(foreign).toEqual(seedHosts.map(() => []));
}, 60_000);

const lines = (text: string): readonly string[] => text.split('\n').filter(Boolean);

test('a kubelet’s serving certificate is for servers only (21-root-on-a-node tries to use it)', async () => {
  const ca = authorities.kubernetes;
  const serving = leaf('node-1', '/etc/kubernetes/pki/kubelet.crt');
  expect(await opensslVerify(ca, [serving], 'sslserver')).toEqual(['OK']);
  expect(await opensslVerify(ca, [serving], 'sslclient')).toEqual([expect.stringMatching(/purpose/)]);
}, 60_000);
