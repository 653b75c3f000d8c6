import { expect, test } from '@jest/globals';
import { roles } from '../../src/layout/roles.ts';
import { secretPathsOf, secretsByRole } from '../../src/layout/secrets.ts';
import { authorityPaths } from '../../src/pki/authority-files.ts';
import { certificatesFor } from '../../src/pki/certificates.ts';
import { secretPathsFor } from '../../src/pki/host-files.ts';
import { hostNamed } from '../components/support.ts';
import { smallCluster } from '../fixtures/clusters.ts';

const cluster = smallCluster();

test.each(roles)('the certificates that are made for the role %s are those of its line in the table', (role) => {
  const made = certificatesFor(cluster, { ...hostNamed(cluster, 'master-1'), roles: [role] });
  const { pairs, kubeconfigs } = secretsByRole[role];
  const [pairsMade, configsMade] = [
    made.filter(({ place }) => place.kind === 'pair'),
    made.filter(({ place }) => place.kind !== 'pair'),
  ];
  expect(
    pairsMade.map(({ authority, place }) => place.kind === 'pair' && { authority, crt: place.crt, key: place.key }),
  ).toEqual(pairs);
  expect(configsMade.map(({ authority, place }) => [authority, place.kind === 'kubeconfig' && place.path])).toEqual(
    kubeconfigs.map((path) => ['kubernetes', path]),
  );
});

test('a master trusts by all that the CAs are, and no other role has a CA’s key', () => {
  expect(secretsByRole.master.trust.toSorted()).toEqual(authorityPaths.toSorted());
  for (const role of ['etcd', 'node'] as const) {
    expect(secretsByRole[role].trust.filter((path) => !path.endsWith('/ca.crt'))).toEqual([]);
  }
});

test('what is read of a host is what its roles have', () => {
  for (const host of cluster.hosts) {
    const wanted = new Set(host.roles.flatMap(secretPathsOf));
    expect(secretPathsFor(cluster, host).toSorted()).toEqual([...wanted].toSorted());
  }
});
