import { expect, test } from '@jest/globals';
import type { Setting } from '../../src/cluster/settings/rule.ts';
import { settings } from '../../src/cluster/settings/table.ts';
import { type ComponentRecord, components } from '../../src/layout/components.ts';
import { paths } from '../../src/layout/paths.ts';
import { roles } from '../../src/layout/roles.ts';
import { roleSecrets, secretPathsOf } from '../../src/layout/secrets.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { authorityFiles } from '../../src/pki/authority-files.ts';
import { certificatesFor } from '../../src/pki/certificates.ts';
import { secretPathsFor } from '../../src/pki/host-files.ts';
import { hostNamed, state } from '../components/support.ts';
import { smallCluster } from '../fixtures/clusters.ts';

const cluster = smallCluster();

test.each(roles)('the certificates that are made for the role %s are those of its components', (role) => {
  const made = certificatesFor(cluster, { ...hostNamed(cluster, 'master-1'), roles: [role] });
  const { pairs, kubeconfigs } = roleSecrets(role);
  const [pairsMade, configsMade] = [
    made.filter(({ place }) => place.kind === 'pair'),
    made.filter(({ place }) => place.kind !== 'pair'),
  ];
  expect(
    pairsMade.map(
      ({ authority, place }) =>
        place.kind === 'pair' && { authority, crt: place.crt, key: place.key, owner: place.keyOwner },
    ),
  ).toEqual(pairs.map(({ authority, crt, key, owner }) => ({ authority, crt, key, owner })));
  expect(configsMade.map(({ authority, place }) => [authority, place.kind === 'kubeconfig' && place.path])).toEqual(
    kubeconfigs.map(({ path }) => ['kubernetes', path]),
  );
});

test('a master has all that the CAs are, and no other role has a CA’s key', async () => {
  const made = authorityFiles(await makeAuthorities(new Date('2026-01-01')));
  // The first certificate of ca.crt, and what only a rotation has.
  const others = [paths.signingCa, paths.nextCaKey];
  expect(roleSecrets('master').trust.toSorted()).toEqual([...made.map(({ path }) => path), ...others].toSorted());
  for (const role of ['etcd', 'node'] as const) {
    expect(roleSecrets(role).trust.filter((path) => !path.endsWith('/ca.crt'))).toEqual([]);
  }
});

test('what is read of a host is what its roles have', () => {
  for (const host of cluster.hosts) {
    const wanted = new Set(host.roles.flatMap(secretPathsOf));
    expect(secretPathsFor(cluster, host).toSorted()).toEqual([...wanted].toSorted());
  }
});

test('a component’s unit reads all secrets of the component', () => {
  const units = roles.flatMap((role) => state(cluster, 'master-1', role).units);
  const readBy = new Map(units.map(({ name, reads }) => [name, reads]));
  const all: readonly ComponentRecord[] = Object.values(components);
  const missing = all.flatMap(({ unit, certificates = {}, kubeconfig }) => {
    // No unit runs etcdctl.
    const pairs = Object.entries(certificates).filter(([name]) => name !== 'etcdctl');
    const wanted = [...pairs.flatMap(([, { crt, key }]) => [crt, key]), ...(kubeconfig ? [kubeconfig.path] : [])];
    return unit === undefined ? [] : wanted.filter((path) => !readBy.get(unit)?.includes(path));
  });
  expect(missing).toEqual([]);
});

test('extraArgs can’t take the place of a flag that names a certificate, a key or a kubeconfig', () => {
  const secrets = new Set(roles.flatMap(secretPathsOf));
  const texts = new Map(
    roles.flatMap((role) => state(cluster, 'master-1', role).units).map((unit) => [unit.name, unit]),
  );
  const named = Object.entries(settings).flatMap(([component, rows]) => {
    const { unit } = components[component as keyof typeof settings];
    const flags = [...(texts.get(unit)?.content ?? '').matchAll(/--([a-z-]+)=([^\s"']+)/g)];
    return flags
      .filter(([, , value = '']) => secrets.has(value))
      .map(([, flag = '']) => ({ component, flag, refused: isRefused(rows, flag) }));
  });
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(({ refused }) => !refused)).toEqual([]);
});

const isRefused = (rows: readonly Setting[], flag: string): boolean =>
  rows.some((row) => row.flag === flag && row.rules.some(({ verdict, values }) => verdict === 'refused' && !values));
