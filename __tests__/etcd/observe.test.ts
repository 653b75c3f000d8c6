import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { observeEtcd, readEtcdOnHost } from '../../src/etcd/observe.ts';
import { seedCluster } from '../fixtures/clusters.ts';

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-observe-etcd-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const cluster = seedCluster();
const [host] = cluster.hosts.filter(({ name }) => name === 'etcd-2');
const list = JSON.stringify({
  header: { cluster_id: 'ef37ad9dc622a7c4', member_id: '1', raft_term: 2 },
  members: [{ ID: '8211f1d0f64f3269', peerURLs: ['https://192.168.1.158:2380'], isLearner: true }],
});

/** What the line of sh prints with a data directory, a unit and an etcdctl of the test's. */
function said({ unit = 'active', etcdctl = `echo '${list}'`, curl = ':' } = {}): string {
  if (!host) throw new Error('no host');
  const etcd = { ...cluster.etcd, dataDir: join(place, 'etcd') };
  const line = observeEtcd({ ...cluster, etcd }, host, join(place, 'bootstrap.env'));
  const stubs = `systemctl() { echo ${unit}; }\netcdctl() { ${etcdctl}; }\ncurl() { ${curl}; }\n`;
  const script = stubs + line.replaceAll(`${cluster.binDir}/etcdctl`, 'etcdctl');
  return spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout;
}

test('a host without data says so, and no member is asked', () => {
  expect(readEtcdOnHost(said({ unit: 'inactive', etcdctl: 'echo asked >&2; exit 1' }))).toEqual({
    data: 'none',
    active: false,
    why: 'it has no data',
  });
});

test('a host with data gives its member’s list, or why there is none', () => {
  mkdirSync(join(place, 'etcd/member/wal'), { recursive: true });
  writeFileSync(join(place, 'etcd/member/wal/0000000000000000-0000000000000000.wal'), 'no log');
  writeFileSync(join(place, 'bootstrap.env'), 'ETCD_INITIAL_CLUSTER_STATE=new\n');
  expect(readEtcdOnHost(said())).toEqual({
    data: 'unreadable',
    active: true,
    bootstrap: 'ETCD_INITIAL_CLUSTER_STATE=new\n',
    list: {
      cluster: 'ef37ad9dc622a7c4',
      members: [
        {
          id: '8211f1d0f64f3269',
          name: '',
          peerUrls: ['https://192.168.1.158:2380'],
          clientUrls: [],
          learner: true,
        },
      ],
    },
  });
  expect(readEtcdOnHost(said({ etcdctl: 'echo "Error: context deadline exceeded" >&2; return 1' }))?.why).toBe(
    'context deadline exceeded',
  );
  expect(readEtcdOnHost(said({ unit: 'activating' }))?.why).toBe('its unit is activating');
});

test.each(['', 'wal x', 'unit active', '\u0000', 'list {}'])('%j is not an answer', (text) => {
  expect(readEtcdOnHost(text)).toBeUndefined();
});

test.each([
  '[]',
  '{"header":{"cluster_id":"zz"},"members":[]}',
  `{"header":{"cluster_id":"1"},"members":[{"ID":"$(reboot)"}]}`,
  '{"header":{"cluster_id":"1"},"members":[{"ID":12}]}',
])('a list that is not etcd’s is none: %s', (text) => {
  expect(readEtcdOnHost(`wal a\nunit active\nlist ${text}`)?.list).toBeUndefined();
});

test('a member says that etcd’s space is used up, and only one that answers is asked', () => {
  const curl = `echo '{"health":"false","reason":"ALARM NOSPACE"}'`;
  expect(readEtcdOnHost(said({ curl }))?.noSpace).toBe(true);
  expect(readEtcdOnHost(said({ curl: 'echo \'{"health":"true","reason":""}\'' }))).not.toHaveProperty('noSpace');
  expect(readEtcdOnHost(said({ curl, etcdctl: 'return 1' }))).not.toHaveProperty('noSpace');
  // Without an answer by http, etcdctl is asked for the alarms.
  const etcdctl = `case "$*" in *status*) echo '{"Status":{"errors":["memberID:1 alarm:NOSPACE "]}}' ;; *) echo '${list}' ;; esac`;
  expect(readEtcdOnHost(said({ etcdctl }))?.noSpace).toBe(true);
  expect(readEtcdOnHost(said())).not.toHaveProperty('noSpace');
});
