import fc from 'fast-check';
import { readManifest } from '../../src/backup/manifest.ts';
import { LineReader } from '../../src/entry/lines.ts';
import { etcdHealth } from '../../src/etcd/health.ts';
import { readEtcdOnHost } from '../../src/etcd/observe.ts';
import { readSnapshotReport } from '../../src/etcd/snapshot-report.ts';
import { changesIn } from '../../src/failover/instruments/balancer-log.ts';
import { clockOffset } from '../../src/failover/instruments/clock-offset.ts';
import { changeMs } from '../../src/host/change-limit.ts';
import { difference } from '../../src/host/difference.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { looksLikeEvent, parseEvent, type RemoteEvent } from '../../src/host/event.ts';
import { expand, type Wanted } from '../../src/host/expand.ts';
import { parseFacts } from '../../src/host/facts.ts';
import { answersOf, filesOf } from '../../src/host/inspection.ts';
import { usualLimits } from '../../src/host/limits.ts';
import { hostNonsense } from '../../src/host/nonsense.ts';
import { applyScript } from '../../src/host/script.ts';
import { parseSnapshot, sectionsOf } from '../../src/host/snapshot.ts';
import { snapshotCovers } from '../../src/host/snapshot-script.ts';
import { hostState } from '../../src/host/state.ts';
import { findSum } from '../../src/host/sums.ts';
import { reportLines } from '../etcd/snapshots.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { damagedBytes, damagedJson, damagedText } from './arbitraries.ts';
import { type Target, target } from './target.ts';

const sum = 'a'.repeat(64);

const events = [
  { t: 'waiting', holder: 'org/repo run 7 (pid 12 there)' },
  { t: 'clock', now: '1790000000.123456789' },
  { t: 'line', s: 'path', v: '/etc/x\t81a4\troot:root' },
  { t: 'unit', name: 'etcd.service', did: 'restarted' },
  { t: 'problem', code: 'UNIT_FAILED', message: 'etcd has failed', unit: 'etcd.service', detail: 'a\nb', hint: 'look' },
  { t: 'end', status: '0' },
];

/** Lines of an honest host, by section. */
const honest: readonly (readonly [section: string, ...lines: readonly string[]])[] = [
  ['facts', 'machine x86_64', 'cgroup 2', 'package-manager apt-get', 'systemd 252.so'],
  [
    'file',
    '=/etc/os-release',
    '-ID=debian',
    '=/proc/meminfo',
    '-MemTotal:  8000000 kB',
    '=/sys/devices/system/cpu/online',
    '-0-3,6',
  ],
  ['address', '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0', '2: eth0    inet6 fe80::1/64 scope link'],
  ['listening', '0100007F:1F90 etcd.service', '00000000000000000000000001000000:1F91 '],
  ['disk', '1048576 /var/lib/etcd'],
  ['foreign', '/etc/kubernetes/admin.conf'],
  ['read', '3\t/etc/kubernetes/pki/ca.crt', '0\t/etc/kubernetes/pki/ca.key'],
  ['content', 'YWJj'],
  ['status', '0 0', '1 255'],
  ['ask 0', 'a', ''],
  ['scope', 'demo', 'other'],
  [
    'ledger',
    'file\t/srv/app/conf\t',
    'unit\tapp.service\t',
    'user\tapp\tcreated',
    'module\toverlay\tfilesystem:overlay',
    'image\tx/y:1\t',
  ],
  [
    'path',
    `/srv/app/conf\t81a4\troot:root\t1:2:3:4\t${sum}\thashed`,
    '/srv/app\t41ed\troot:root\t1:2:3:4\t\t',
    `/srv/app/bin\t81ed\troot:root\t1:2:3:4\t${sum}\t`,
  ],
  ['link', `'/etc/systemd/system/multi-user.target.wants/app.service' -> '/etc/systemd/system/app.service'`],
  ['sysctl', 'net.ipv4.ip_forward\t1'],
  ['modules', 'overlay\tyes'],
  ['sums', `/srv/app/bin\t1:2:3:4\t${sum}\thttp://mirror/app.tgz\t${sum}`],
  ['unit', 'Id=app.service', 'LoadState=loaded', 'ActiveState=active', 'SubState=running', 'InvocationID=ab', ''],
  ['started app.service', 'invocation\tab', `loaded\t${sum}`, `/srv/app/conf\t${sum}`],
  ['reads app.service', '/srv/app/conf'],
  ['hosts', '127.0.0.1 localhost', '# BEGIN k8s-ha-action demo', '10.0.0.1 one', '# END k8s-ha-action demo'],
  ['pending', '/srv/.k8s-ha-action.conf'],
  ['hostname', 'node-1'],
  ['swap', 'Filename Type', '/dev/zram0 partition'],
];

function wanted(): Wanted {
  const [mode, owner] = ['644', 'root:root'];
  return expand(
    'demo',
    hostState({
      hostname: 'node-2',
      hostEntries: [{ address: '10.0.0.1', names: ['one'] }],
      swapOff: true,
      modules: [{ name: 'overlay', check: 'filesystem:overlay' }],
      sysctls: { 'net.ipv4.ip_forward': '1' },
      users: [{ name: 'app', home: '/srv/app' }],
      directories: [{ path: '/srv/app', mode: '755', owner }],
      files: [{ path: '/srv/app/conf', content: 'x', mode, owner, secret: false }],
      downloads: [
        {
          url: 'http://mirror/app.tgz',
          sumUrl: 'http://mirror/app.sha256',
          mode: '755',
          place: { app: '/srv/app/bin' },
        },
      ],
      units: [{ name: 'app.service', content: '[Service]\nWantedBy=multi-user.target\n', reads: ['/srv/app/conf'] }],
      absent: ['/srv/old'],
    }),
  );
}

/** Complete answers with lines that are damaged, missing, repeated or in a wrong section. */
function answers(): fc.Arbitrary<readonly RemoteEvent[]> {
  const sections = honest.map(([section, ...lines]) => {
    const line = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('', ...lines) }, damagedText(...lines));
    const name = fc.oneof({ weight: 40, arbitrary: fc.constant(section) }, damagedText(section));
    const whole = fc.constant(lines.map((v) => ({ t: 'line', s: section, v })));
    const odd = fc
      .tuple(name, fc.array(line, { maxLength: 8 }))
      .map(([s, some]) => some.map((v) => ({ t: 'line', s, v })));
    return fc.oneof({ weight: 8, arbitrary: whole }, odd);
  });
  return fc.tuple(...sections).map((some) => some.flat());
}

/** Everything that a session reads from an answer, each part separately. */
const readings: readonly ((answer: readonly RemoteEvent[], shared: Wanted) => unknown)[] = [
  (answer, shared) => {
    const now = parseSnapshot(answer);
    snapshotCovers(now, new Set(['/srv/app']), shared);
    const { steps } = difference(shared, now);
    applyScript(shared, now, steps, {
      sums: new Map([['http://mirror/app.tgz', sum]]),
      forceRestart: false,
      attempt: '',
    });
    changeMs(usualLimits, steps, shared.state.units);
  },
  (answer) => parseFacts(sectionsOf(answer), new Map(), { clockSkewMs: 0, clockErrorMs: 0 }),
  (answer) => filesOf(sectionsOf(answer)),
  (answer) => answersOf(sectionsOf(answer), 2),
];

const shared = fc.nat({ max: readings.length - 1 });

function readEvents(bytes: Uint8Array): void {
  const reader = new LineReader(1024 * 1024, (what) => hostNonsense(what));
  for (const line of reader.take(bytes)) if (looksLikeEvent(line)) parseEvent(line);
}

const stdoutOf = (stdout: string) =>
  ({ host: { name: 'a' }, run: async () => ({ status: 0, stdout, stderr: stdout }) }) as unknown as HostSession;

const journal = JSON.stringify({
  MESSAGE: 'Server masters/master-2 is DOWN, reason: Layer6 timeout, check duration: 300ms. 2 active servers left.',
  __REALTIME_TIMESTAMP: '1790000000123456',
});
const health = [{ endpoint: 'https://192.168.1.150:2379', health: true, took: '5ms' }];
const status = [
  { Endpoint: 'https://192.168.1.150:2379', Status: { header: { member_id: 1 }, leader: 1, raftAppliedIndex: 7 } },
];
const memberList = {
  header: { cluster_id: 'ef37', member_id: '1' },
  members: [{ ID: '1', name: 'a', peerURLs: ['https://192.168.1.150:2380'], clientURLs: [], isLearner: true }],
};
const etcdOnHost = [
  'wal 0000000000000000-0000000000000000.wal',
  'data DAAAAAAAAIQIARAAGgYIoQEQEgA=',
  'bootstrap RVRDRA==',
  'unit active',
  `list ${JSON.stringify(memberList)}`,
].join('\n');
const release = { assets: [{ name: 'app.tgz', digest: `sha256:${sum}` }] };

export const hostTargets: readonly Target[] = [
  target(
    'bytes of a host',
    wanted,
    () => damagedBytes(Buffer.from(`${events.map((one) => JSON.stringify(one)).join('\n')}\n`)),
    readEvents,
  ),
  target(
    'events of a host',
    wanted,
    () => fc.oneof(...events.map(damagedJson)),
    (line) => void parseEvent(line),
  ),
  target(
    'answers of a host',
    wanted,
    () => fc.tuple(answers(), shared),
    ([answer, which], state) => readings[which]?.(answer, state),
  ),
  target(
    'journals of a balancer',
    wanted,
    () => damagedText(`${journal}\n${journal}`),
    (text) => changesIn(text, 'a'),
  ),
  target(
    'clocks of a host',
    wanted,
    () => damagedText('1790000000.123456789\n'),
    (text) => clockOffset(stdoutOf(text)),
  ),
  target(
    'answers of etcdctl',
    seedCluster,
    () => fc.tuple(damagedJson(health), damagedJson(status)).map(([one, other]) => `${one}\n---\n${other}`),
    (text, cluster) => etcdHealth(stdoutOf(text), cluster),
  ),
  target(
    'reports of a snapshot',
    wanted,
    () => damagedText(reportLines().join('\n')),
    (text) => readSnapshotReport(text.split('\n')),
  ),
  target(
    'manifests of backups',
    wanted,
    () => damagedJson({ format: 1, parts: [{ name: 'etcd.db', bytes: 5, sha256: sum }], objects: { '/registry/': 1 } }),
    (text) => readManifest(text),
  ),
  target(
    'what a host says of its etcd',
    wanted,
    () => damagedText(etcdOnHost),
    (text) => readEtcdOnHost(text),
  ),
  target(
    'sum files',
    wanted,
    () => damagedText(`${sum}  app.tgz\n${sum} *other\n`),
    (text) => findSum(text, 'app.tgz'),
  ),
  target(
    'descriptions of releases',
    wanted,
    () => damagedJson(release),
    (text) => findSum(text, 'app.tgz'),
  ),
];
