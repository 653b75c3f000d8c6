import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { refuseMember } from '../../src/phases/remove-hosts.ts';
import { closable, errorOf, hostOf, sceneOf } from './scene.ts';

const cluster = parseCluster(
  `name: tiny
hosts:
  - { name: one, address: 192.168.1.11, roles: [etcd, master, node] }
  - { name: two, address: 192.168.1.1, roles: [etcd], state: removed }
`,
  'cluster.yaml',
);
const [leaving] = cluster.removed;

/** What etcdctl 3.7 prints for `--hex -w json member list`. */
const listOf = (...addresses: readonly string[]) =>
  JSON.stringify({
    header: { cluster_id: '1', member_id: '2', raft_term: 3 },
    members: addresses.map((address, ID) => ({
      ID: ID.toString(16),
      name: `m${ID}`,
      peerURLs: [`https://${address}:2380`],
    })),
  });

const refusalWith = async (stdout: string) => {
  if (!leaving) throw new Error('no host leaves');
  const { run } = sceneOf(cluster);
  const master = hostOf(cluster, 'one');
  const session = closable(master, async () => undefined);
  run.sessions.set('one', { ...session, run: async () => ({ status: 0, stdout, stderr: '' }) });
  return await errorOf(async () => {
    await refuseMember(run, leaving);
    throw new Error('not refused');
  });
};

test('a host that is still a member of etcd is not removed', async () => {
  expect(await refusalWith(listOf('192.168.1.11', '192.168.1.1'))).toMatchObject({ code: 'REMOVAL_REFUSED' });
});

test('a host that is no member is, and the end of an address is not its whole', async () => {
  expect(await refusalWith(listOf('192.168.1.11'))).toMatchObject({ message: 'not refused' });
});

test('where etcd can’t be asked, nothing is removed', async () => {
  expect(await refusalWith('{"members": 3}')).toMatchObject({ code: 'ETCD_UNKNOWN' });
});
